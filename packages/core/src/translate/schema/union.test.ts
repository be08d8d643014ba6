import { describe, expect, test } from "vitest";
import type { JsonValue } from "../../anthropic/messages.ts";
import type { Schema } from "../../google/generate-content.ts";
import { sanitizeSchema } from "./sanitize-schema.ts";

const hashless = (): string => "0".repeat(64);

function property(schema: JsonValue): Schema | undefined {
  const root = { type: "object", properties: { p: schema } };
  const options = { family: "gemini", placeholder: false, sha256Hex: hashless } as const;
  return sanitizeSchema(root, options).schema.properties?.["p"];
}

test.each<[string, JsonValue, Schema]>([
  [
    "a single branch is inlined, the parent's description first",
    {
      description: "Outer.",
      anyOf: [{ type: "integer", description: "Inner." }, { type: "null" }],
    },
    { type: "integer", description: "Outer. Inner.", nullable: true },
  ],
  [
    "a branch that allows nothing is no branch",
    { anyOf: [false, { type: "boolean" }] },
    { type: "boolean" },
  ],
  [
    "only null",
    { anyOf: [{ type: "null" }] },
    { type: "string", description: "always null", nullable: true },
  ],
  ["nothing at all", { anyOf: [] }, { type: "string", description: "any JSON value" }],
  ["garbage", { anyOf: 7, type: "string" }, { type: "string" }],
  [
    "null in a branch counts for all",
    { oneOf: [{ type: ["string", "null"] }, { type: "integer" }] },
    { type: "string", description: "Accepts: string | integer", nullable: true },
  ],
  [
    "fixed strings are united, with what each means",
    { oneOf: [{ const: "r", description: "Red" }, { enum: ["g", "b", "r"] }, { const: null }] },
    { type: "string", description: "r: Red", nullable: true, enum: ["r", "g", "b"] },
  ],
  [
    "fixed numbers are united too",
    { oneOf: [{ const: 1 }, { const: 2 }] },
    { type: "integer", description: "Allowed: 1, 2" },
  ],
  [
    "object over array over scalar",
    { anyOf: [{ type: "string" }, { type: "array" }, { type: "object" }] },
    { type: "object", description: "Accepts: string | array | object" },
  ],
  [
    "first among equals, told apart by what they hold",
    {
      oneOf: [
        {
          type: "object",
          properties: { kind: { const: "circle" }, radius: { type: "number" } },
          required: ["kind"],
        },
        { type: "object", properties: { kind: { const: "square" }, side: { type: "number" } } },
      ],
    },
    {
      type: "object",
      description: "Accepts: object {kind, radius} | object {kind, side}",
      properties: { kind: { type: "string", enum: ["circle"] }, radius: { type: "number" } },
      required: ["kind"],
    },
  ],
  [
    "the parent's properties and type come first",
    {
      type: "object",
      properties: { id: { type: "string" } },
      anyOf: [
        { properties: { id: { type: "number" }, a: { type: "string" } } },
        { type: "string" },
      ],
    },
    {
      type: "object",
      description: "Accepts: object | string",
      properties: { id: { type: "string" }, a: { type: "string" } },
    },
  ],
  [
    "branches without a type have the parent's",
    { type: "string", anyOf: [{ format: "uri" }, { format: "email" }] },
    { type: "string", description: "Accepts: string (uri) | string (email); format: uri" },
  ],
  [
    "a parent that allows null and several types takes the branch's",
    {
      type: ["string", "array", "null"],
      anyOf: [{ type: "string" }, { type: "array", items: { type: "integer" } }],
    },
    {
      type: "array",
      description: "Accepts: string | array",
      nullable: true,
      items: { type: "integer" },
    },
  ],
  [
    "branches that only require become words, since merging one would forbid the other",
    {
      type: "object",
      properties: { a: { type: "string" }, b: { type: "string" } },
      anyOf: [{ required: ["a"] }, { required: ["b", "a"] }],
    },
    {
      type: "object",
      description: "Requires one of: a | b and a",
      properties: { a: { type: "string" }, b: { type: "string" } },
    },
  ],
  [
    "unions inside unions",
    {
      anyOf: [{ anyOf: [{ type: "null" }, { type: "integer" }] }, { oneOf: [{ type: "boolean" }] }],
    },
    { type: "integer", description: "Accepts: integer | boolean", nullable: true },
  ],
  [
    "anyOf and oneOf at one node",
    { anyOf: [{ type: "object" }], oneOf: [{ properties: { a: { type: "string" } } }] },
    { type: "object", properties: { a: { type: "string" } } },
  ],
  [
    "a union that comes by allOf",
    { allOf: [{ anyOf: [{ const: "a" }, { const: "b" }] }], description: "Which" },
    { type: "string", description: "Which", enum: ["a", "b"] },
  ],
])("%s", (_name, input, output) => {
  expect(property(input)).toEqual(output);
});

describe("many branches", () => {
  test("twenty are named", () => {
    const oneOf = Array.from({ length: 50 }, (_, n) => ({ properties: { [`p${n}`]: {} } }));
    expect(property({ oneOf })?.description).toMatch(/^Accepts: object \{p0\} \| .*\{p19\} \| …$/);
  });

  test("20 000 constants are united in no time", () => {
    const anyOf = Array.from({ length: 20_000 }, (_, n) => ({ const: `c${n}`, description: "d" }));
    const united = property({ anyOf });
    expect(united?.enum).toHaveLength(20_000);
    expect(united?.description?.length).toBeLessThan(2_000);
  });
});
