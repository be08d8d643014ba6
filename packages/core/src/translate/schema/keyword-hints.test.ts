import { expect, test } from "vitest";
import type { JsonObject } from "../../anthropic/messages.ts";
import { sanitizeSchema } from "./sanitize-schema.ts";

function described(schema: JsonObject): string | undefined {
  const options = { family: "gemini", placeholder: false, sha256Hex: String } as const;
  const root = { type: "object", properties: { p: schema } };
  return sanitizeSchema(root, options).schema.properties?.["p"]?.description;
}

test.each<[JsonObject, string | undefined]>([
  [{ type: "string", default: "x" }, "Default: x"],
  [{ type: "string", default: "" }, 'Default: ""'],
  [{ type: "string", default: null }, "Default: null"],
  [{ type: "array", default: [1, { a: "b" }] }, 'Default: [1,{"a":"b"}]'],
  [{ type: "string", examples: ["a", "b"] }, "Examples: a, b"],
  [{ type: "string", examples: "a" }, "Examples: a"],
  [{ type: "string", example: "a" }, "Example: a"],
  [{ type: "number", minimum: 0, maximum: 9 }, "minimum: 0; maximum: 9"],
  [{ type: "number", exclusiveMinimum: 0, exclusiveMaximum: 9 }, "greater than 0; less than 9"],
  [{ type: "number", minimum: 0, exclusiveMinimum: true }, "greater than 0"],
  [{ type: "number", maximum: 9, exclusiveMaximum: true }, "less than 9"],
  [{ type: "number", maximum: 9, exclusiveMaximum: false }, "maximum: 9"],
  [{ type: "number", exclusiveMinimum: true }, undefined],
  [{ type: "number", multipleOf: 0.5 }, "multiple of 0.5"],
  [
    { type: "string", minLength: 1, maxLength: 3, pattern: "^a" },
    "minLength: 1; maxLength: 3; pattern: ^a",
  ],
  [
    { type: "array", minItems: 1, maxItems: 3, uniqueItems: true },
    "minItems: 1; maxItems: 3; no duplicate items",
  ],
  [{ type: "array", uniqueItems: false }, undefined],
  [{ type: "object", minProperties: 1, maxProperties: 3 }, "minProperties: 1; maxProperties: 3"],
  [{ type: "string", not: { const: "a" } }, 'Must not match: {"const":"a"}'],
  [{ type: "string", not: { enum: Array<string>(99).fill("long") } }, undefined],
  [{ type: "array", contains: { type: "string" } }, 'Must contain: {"type":"string"}'],
  [{ type: "object", dependentRequired: { a: ["b"] } }, 'Required together: {"a":["b"]}'],
  [{ type: "object", dependencies: { a: ["b"] } }, 'Depends on other properties: {"a":["b"]}'],
  [{ type: "object", propertyNames: { pattern: "^a" } }, 'Property names: {"pattern":"^a"}'],
  [{ type: "object", propertyNames: { type: "string" } }, undefined],
  [
    { type: "object", patternProperties: { "^x": { type: "string" } } },
    'Properties by pattern of their name: {"^x":{"type":"string"}}',
  ],
  [
    { type: "string", title: "T", deprecated: true, contentEncoding: "base64", "x-a": 1 },
    undefined,
  ],
  [{ type: "string", description: 5, title: "T" }, undefined],
  [{ type: "string", description: "Text\ud800" }, "Text\ufffd"],
  [{ type: "string", minLength: { deep: [] } }, 'minLength: {"deep":[]}'],
])("%j", (schema, description) => {
  expect(described(schema)).toBe(description);
});
