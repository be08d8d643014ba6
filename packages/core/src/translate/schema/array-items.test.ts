import { expect, test } from "vitest";
import type { JsonValue } from "../../anthropic/messages.ts";
import type { Schema } from "../../google/generate-content.ts";
import { sanitizeSchema } from "./sanitize-schema.ts";

function property(schema: JsonValue): Schema | undefined {
  const root = { type: "object", properties: { p: schema } };
  const options = { family: "gemini", placeholder: false, sha256Hex: String } as const;
  return sanitizeSchema(root, options).schema.properties?.["p"];
}

const anything: Schema = { type: "string", description: "any JSON value" };
const number = { type: "number" };
const pair = [{ type: "string" }, number];

test.each<[string, JsonValue, Schema]>([
  ["missing", {}, { type: "array", items: { type: "string" } }],
  ["false", { items: false }, { type: "array", items: { type: "string" } }],
  ["an empty tuple", { items: [] }, { type: "array", items: { type: "string" } }],
  ["true", { items: true }, { type: "array", items: anything }],
  ["garbage", { items: 3 }, { type: "array", items: anything }],
  [
    "a schema",
    { items: { items: number } },
    { type: "array", items: { type: "array", items: { type: "number" } } },
  ],
  [
    "equal positions",
    { items: [number, { ...number }] },
    { type: "array", description: "2 items", items: { type: "number" } },
  ],
  [
    "equal positions in another order of keys",
    {
      prefixItems: [
        { type: "string", enum: ["a"] },
        { enum: ["a"], type: "string" },
      ],
    },
    { type: "array", description: "2 items", items: { type: "string", enum: ["a"] } },
  ],
  [
    "different positions",
    { prefixItems: pair },
    {
      type: "array",
      description: "items: string, number",
      items: { type: "string", description: "Accepts: string | number" },
    },
  ],
  [
    "a fixed length, as draft 2020 says it",
    { prefixItems: pair, items: false },
    {
      type: "array",
      description: "items: string, number; 2 items",
      items: { type: "string", description: "Accepts: string | number" },
    },
  ],
  [
    "a fixed length, as draft 7 says it",
    { items: pair, additionalItems: false },
    {
      type: "array",
      description: "items: string, number; 2 items",
      items: { type: "string", description: "Accepts: string | number" },
    },
  ],
  [
    "a rest",
    { prefixItems: [{ type: "string" }], items: { type: "object", properties: { a: number } } },
    {
      type: "array",
      description: "items: string",
      items: {
        type: "object",
        description: "Accepts: string | object",
        properties: { a: { type: "number" } },
      },
    },
  ],
])("items: %s", (_name, input, output) => {
  expect(property({ type: "array", ...(input as object) })).toEqual(output);
});

test("a fixed length by minItems and maxItems", () => {
  const tuple = { type: "array", prefixItems: pair, minItems: 2, maxItems: 2 };
  expect(property(tuple)?.description).toBe(
    "minItems: 2; maxItems: 2; items: string, number; 2 items",
  );
});

test("a hundred positions are looked at and twenty named", () => {
  const items = Array.from({ length: 5_000 }, (_, n) => ({ type: "string", title: `t${n}` }));
  const description = property({ type: "array", items })?.description ?? "";
  expect(description).toBe(`items: ${Array(20).fill("string").join(", ")}, …`);
});
