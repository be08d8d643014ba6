import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { JsonValue } from "../../anthropic/messages.ts";
import { sanitizeSchema, type SanitizeOptions } from "./sanitize-schema.ts";
import { createSchemaCache } from "./schema-cache.ts";

const sha256Hex = (text: string): string => createHash("sha256").update(text).digest("hex");
const claude: SanitizeOptions = { family: "claude", placeholder: true, sha256Hex };
const schemaOf = (name: string): JsonValue => ({ type: "object", properties: { [name]: {} } });

test("the same text is sanitised once, however often it is parsed", () => {
  const cache = createSchemaCache({ maxEntries: 10 });
  const first = cache.sanitize(schemaOf("a"), claude);
  expect(cache.sanitize(schemaOf("a"), claude)).toBe(first);
  expect(first).toEqual(sanitizeSchema(schemaOf("a"), claude));
  expect(cache.size).toBe(1);
});

test("family and placeholder make a difference", () => {
  const cache = createSchemaCache({ maxEntries: 10 });
  const empty = { type: "object" };
  expect(cache.sanitize(empty, claude).placeholder).toBe("_placeholder");
  expect(cache.sanitize(empty, { ...claude, placeholder: false }).placeholder).toBeUndefined();
  expect(cache.sanitize(empty, { ...claude, family: "gemini" }).placeholder).toBeUndefined();
  expect(cache.size).toBe(3);
});

test("the order of keys makes a difference, since it reaches the wire", () => {
  const cache = createSchemaCache({ maxEntries: 10 });
  const one = { type: "object", properties: { a: {}, b: {} } };
  const other = { type: "object", properties: { b: {}, a: {} } };
  const names = (schema: JsonValue): string[] =>
    Object.keys(cache.sanitize(schema, claude).schema.properties ?? {});
  expect(names(one)).toEqual(["a", "b"]);
  expect(names(other)).toEqual(["b", "a"]);
});

test("the one used longest ago goes first", () => {
  const cache = createSchemaCache({ maxEntries: 2 });
  const a = cache.sanitize(schemaOf("a"), claude);
  const b = cache.sanitize(schemaOf("b"), claude);
  cache.sanitize(schemaOf("a"), claude);
  cache.sanitize(schemaOf("c"), claude);
  expect(cache.size).toBe(2);
  expect(cache.sanitize(schemaOf("a"), claude)).toBe(a);
  expect(cache.sanitize(schemaOf("b"), claude)).not.toBe(b);
});

test("the sum of the texts is bounded too", () => {
  const cache = createSchemaCache({ maxEntries: 1_000, maxCharacters: 1_000 });
  for (let index = 0; index < 50; index += 1) cache.sanitize(schemaOf(`name-${index}`), claude);
  expect(cache.size).toBeGreaterThan(5);
  expect(cache.size).toBeLessThan(20);
  const large = schemaOf("x".repeat(2_000));
  const before = cache.size;
  expect(cache.sanitize(large, claude)).toEqual(sanitizeSchema(large, claude));
  expect(cache.size).toBe(before);
});

test("what cannot be written as text is sanitised all the same", () => {
  let deep: JsonValue = { type: "string" };
  for (let level = 0; level < 200_000; level += 1) deep = { items: deep };
  const cache = createSchemaCache({ maxEntries: 10 });
  expect(cache.sanitize({ type: "object", properties: { deep } }, claude).schema.type).toBe(
    "object",
  );
});
