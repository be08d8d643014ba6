import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JsonObject, JsonValue } from "../../anthropic/messages.ts";
import type { Schema } from "../../google/generate-content.ts";
import { schemaProblems } from "./__fixtures__/strict-schema.ts";
import { renameToClient, renameToUpstream } from "./property-renames.ts";
import { sanitizeSchema, type SanitizeOptions } from "./sanitize-schema.ts";

const sha256Hex = (text: string): string => createHash("sha256").update(text).digest("hex");
const families = ["claude", "gemini"] as const;
const options = (family: (typeof families)[number]): SanitizeOptions => ({
  family,
  placeholder: true,
  sha256Hex,
});

/** Names that meet prototypes, keywords, the backend's alphabet, its length and each other. */
const name = fc.oneof(
  fc.constantFrom(
    "a",
    "b",
    "a b",
    "a/b",
    "a_b",
    "",
    "ü",
    "\ud800",
    "x".repeat(70),
    "0",
    "_placeholder",
  ),
  fc.constantFrom("__proto__", "constructor", "toString", "hasOwnProperty"),
  fc.constantFrom("type", "properties", "required", "items", "$ref", "const", "default"),
  fc.string({ maxLength: 8, unit: "binary" }),
);

/** JSON, and what JSON.parse makes of 1e400. */
const garbage: fc.Arbitrary<JsonValue> = fc.oneof(
  { depthSize: "small" },
  // fast-check's values hold nothing but JSON; its type says `unknown`.
  fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<JsonValue>,
  fc.constantFrom<JsonValue>(Infinity, -Infinity, null, true, false, [], {}, 0, ""),
);

const ref = fc.oneof(
  name.map((step) => `#/$defs/${step}`),
  name.map((step) => `#/properties/${step}`),
  fc.constantFrom(
    "#",
    "#/",
    "#/$defs/a/properties/b",
    "https://example.com/x.json",
    "#a",
    "%",
    "#%",
  ),
);

const typeName = fc.constantFrom(
  "object",
  "array",
  "string",
  "number",
  "integer",
  "boolean",
  "null",
  "OBJECT",
  "any",
  "",
);

/** A few keywords, each with a value that fits or with garbage: a record of all of them would be far too large. */
const { schema } = fc.letrec<{ schema: JsonValue; children: JsonValue; named: JsonValue }>(
  (tie) => {
    const child = tie("schema");
    const children = tie("children");
    const named = tie("named");
    const values: Record<string, fc.Arbitrary<JsonValue>> = {
      type: fc.oneof(typeName, fc.array(typeName, { maxLength: 3 })),
      properties: named,
      required: fc.oneof(fc.array(name, { maxLength: 4 }), fc.boolean()),
      items: fc.oneof(child, children),
      prefixItems: children,
      additionalItems: child,
      additionalProperties: child,
      anyOf: children,
      oneOf: children,
      allOf: children,
      // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
      then: child,
      else: child,
      not: child,
      $ref: ref,
      $defs: named,
      enum: fc.array(garbage, { maxLength: 4 }),
      const: garbage,
      default: garbage,
      description: fc.string({ unit: "binary" }),
      nullable: fc.boolean(),
      format: fc.constantFrom("date-time", "enum", "int32", "double", "uri"),
      minimum: garbage,
      pattern: garbage,
      $schema: garbage,
      "x-extra": garbage,
    };
    const entry = fc.oneof(
      ...Object.entries(values).map(([keyword, value]) =>
        fc.tuple(
          fc.constant(keyword),
          fc.oneof({ weight: 9, arbitrary: value }, { weight: 1, arbitrary: garbage }),
        ),
      ),
    );
    const leaves = [typeName.map((type) => ({ type })), ref.map(($ref) => ({ $ref }))];
    const deep = { depthIdentifier: "schema", depthSize: "medium" } as const;
    return {
      schema: fc.oneof(
        deep,
        { weight: 1, arbitrary: fc.oneof(garbage, ...leaves) },
        {
          weight: 4,
          arbitrary: fc
            .array(entry, { maxLength: 5 })
            .map((entries) => Object.fromEntries(entries)),
        },
      ),
      children: fc.array(child, { maxLength: 3, ...deep }),
      named: fc.dictionary(name, child, { maxKeys: 3, ...deep }),
    };
  },
);

/** A root that a client could send: an object with properties and definitions, whatever else it says. */
const root = fc
  .tuple(
    fc.dictionary(name, schema, { maxKeys: 4 }),
    fc.dictionary(name, schema, { maxKeys: 3 }),
    schema,
  )
  .map(([properties, $defs, rest]): JsonObject => ({
    // Spreading a string or a list gives unknown keywords, which is as good as any garbage.
    ...(rest as JsonObject),
    type: "object",
    properties,
    $defs,
  }));

/** Arguments with everything that a schema names. */
function exampleOf(schema: Schema): JsonValue {
  if (schema.type === "array" && schema.items !== undefined) return [exampleOf(schema.items)];
  if (schema.type !== "object") return "x";
  const entries = Object.entries(schema.properties ?? {});
  return Object.fromEntries(entries.map(([key, child]) => [key, exampleOf(child)]));
}

describe.each(families)("any schema, for %s", (family) => {
  test("never throws, is accepted by the backend's rules, and is a fixed point", () => {
    fc.assert(
      fc.property(root, (value) => {
        const before = JSON.stringify(value);
        const once = sanitizeSchema(value, options(family)).schema;
        expect(schemaProblems(once, family)).toEqual([]);
        // The text, since the order of the keys counts for the prompt cache.
        const twice = sanitizeSchema(JSON.parse(JSON.stringify(once)), options(family)).schema;
        expect(JSON.stringify(twice)).toBe(JSON.stringify(once));
        expect(JSON.stringify(value)).toBe(before);
      }),
      { numRuns: 1500 },
    );
  });

  test("even without an object at the root it never throws and is a fixed point", () => {
    fc.assert(
      fc.property(fc.oneof(schema, garbage), (value) => {
        const once = sanitizeSchema(value, options(family)).schema;
        const twice = sanitizeSchema(JSON.parse(JSON.stringify(once)), options(family)).schema;
        expect(JSON.stringify(twice)).toBe(JSON.stringify(once));
      }),
      { numRuns: 1000 },
    );
  });

  test("names that collide stay apart, in any order", () => {
    const colliding = fc.constantFrom("a b", "a/b", "a_b", "a.b", "", "_", "\ud800", "\ufffd");
    fc.assert(
      fc.property(fc.uniqueArray(colliding), (names) => {
        const properties = Object.fromEntries(names.map((client) => [client, {}]));
        const { schema, renamed } = sanitizeSchema({ type: "object", properties }, options(family));
        const sent = Object.keys(schema.properties ?? {}).filter((key) => key !== "_placeholder");
        expect(sent.map((upstream) => renamed.names.get(upstream) ?? upstream)).toEqual(names);
        expect(schemaProblems(schema, family)).toEqual([]);
      }),
    );
  });

  test("arguments that follow the schema come back from the client as they went", () => {
    fc.assert(
      fc.property(root, (value) => {
        const { schema, renamed } = sanitizeSchema(value, options(family));
        const args = exampleOf(schema) as JsonObject;
        const client = renameToClient(args, renamed);
        expect(JSON.stringify(renameToUpstream(client, renamed))).toBe(JSON.stringify(args));
      }),
      { numRuns: 1000 },
    );
  });

  test("any arguments come back from upstream's names as they were", () => {
    const values = fc.letrec<{ value: JsonValue }>((tie) => ({
      value: fc.oneof(
        { depthSize: "small" },
        fc.constantFrom<JsonValue>(1, "x", null),
        fc.array(tie("value"), { maxLength: 2 }),
        fc.dictionary(name, tie("value"), { maxKeys: 4 }),
      ),
    }));
    const args = fc.dictionary(name, values.value, { maxKeys: 5 });
    fc.assert(
      fc.property(root, args, (value, input) => {
        const { renamed } = sanitizeSchema(value, options(family));
        const back = renameToClient(renameToUpstream(input, renamed), renamed);
        expect(JSON.stringify(back)).toBe(JSON.stringify(input));
      }),
      { numRuns: 1000 },
    );
  });
});
