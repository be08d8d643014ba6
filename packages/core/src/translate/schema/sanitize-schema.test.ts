import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { JsonObject, JsonValue } from "../../anthropic/messages.ts";
import type { Schema } from "../../google/generate-content.ts";
import { schemaProblems } from "./__fixtures__/strict-schema.ts";
import { sanitizeSchema, type SanitizedSchema } from "./sanitize-schema.ts";

const sha256Hex = (text: string): string => createHash("sha256").update(text).digest("hex");

type Family = "claude" | "gemini";

function sanitize(schema: JsonValue, family: Family = "claude"): SanitizedSchema {
  return sanitizeSchema(schema, { family, placeholder: true, sha256Hex });
}

/** What one property becomes. */
function property(schema: JsonValue, siblings: JsonObject = {}): Schema | undefined {
  const root = { type: "object", properties: { p: schema }, ...siblings };
  const sanitized = sanitize(root).schema;
  expect(schemaProblems(sanitized, "claude")).toEqual([]);
  return sanitized.properties?.["p"];
}

/** A schema without its descriptions, whose wording is free in the fixtures. */
function withoutDescriptions(schema: Schema): Schema {
  const { description, properties, items, ...rest } = schema;
  void description;
  return {
    ...rest,
    ...(items === undefined ? {} : { items: withoutDescriptions(items) }),
    ...(properties === undefined
      ? {}
      : {
          properties: Object.fromEntries(
            Object.entries(properties).map(([name, child]) => [name, withoutDescriptions(child)]),
          ),
        }),
  };
}

interface FixtureCase {
  readonly name: string;
  readonly family?: Family;
  readonly input: JsonValue;
  readonly output: Schema;
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"));
}

const fixture = readJson("./__fixtures__/60-schemas.json") as { cases: FixtureCase[] };
const rows = fixture.cases.flatMap((row) =>
  (row.family === undefined ? (["claude", "gemini"] as const) : [row.family]).map(
    (family) => [row.name, family, row] as const,
  ),
);

describe("fixture 60", () => {
  test.each(rows)("%s (%s)", (_name, family, { input, output }) => {
    const { schema } = sanitize(input, family);
    expect(withoutDescriptions(schema)).toEqual(withoutDescriptions(output));
    expect(schemaProblems(schema, family)).toEqual([]);
    expect(sanitize(schema as JsonValue, family).schema).toEqual(schema);
  });
});

describe("every tool of Claude Code", () => {
  const tools = readJson("../__fixtures__/claude-code-tools.json") as Record<
    string,
    { input_schema: JsonObject }
  >;
  const families: Family[] = ["claude", "gemini"];
  const cases = Object.entries(tools).flatMap(([name, tool]) =>
    families.map((family) => [name, family, tool.input_schema] as const),
  );

  test.each(cases)("%s for %s is accepted and loses no property", (_name, family, input) => {
    const { schema } = sanitize(input, family);
    expect(schemaProblems(schema, family)).toEqual([]);
    expect(sanitize(schema as JsonValue, family).schema).toEqual(schema);
    for (const name of Object.keys((input["properties"] ?? {}) as JsonObject)) {
      expect(schema.properties).toHaveProperty([name]);
    }
  });
});

describe("types", () => {
  test.each<[string, JsonValue, Schema]>([
    ["upper case", { type: "STRING" }, { type: "string" }],
    ["unknown", { type: "date" }, { type: "string", description: "type: date" }],
    [
      "null alone",
      { type: "null" },
      { type: "string", description: "always null", nullable: true },
    ],
    ["list with null", { type: ["null", "integer"] }, { type: "integer", nullable: true }],
    [
      "list of several",
      { type: ["array", "string"], items: { type: "number" } },
      { type: "array", description: "Accepts: array | string", items: { type: "number" } },
    ],
    ["list with strangers", { type: ["date", "number", 7] }, { type: "number" }],
    ["empty list", { type: [] }, { type: "string", description: "any JSON value" }],
    [
      "garbage",
      { type: 5, items: {} },
      { type: "array", items: { type: "string", description: "any JSON value" } },
    ],
    [
      "from additionalProperties",
      { additionalProperties: true },
      { type: "object", properties: {} },
    ],
    ["from an empty properties", { properties: {} }, { type: "object", properties: {} }],
    ["from numbers", { enum: [1, 2.5] }, { type: "number", description: "Allowed: 1, 2.5" }],
    ["from mixed values", { enum: [1, "a"] }, { type: "string", description: "Allowed: 1, a" }],
    ["from a constraint", { minLength: 2 }, { type: "string", description: "minLength: 2" }],
    [
      "only a description",
      { description: "Input" },
      { type: "string", description: "Input. any JSON value" },
    ],
    ["true", true, { type: "string", description: "any JSON value" }],
    ["nullable kept", { type: "string", nullable: false }, { type: "string", nullable: false }],
    ["nullable that is no bool", { type: "string", nullable: "yes" }, { type: "string" }],
  ])("%s", (_name, input, output) => {
    expect(property(input)).toEqual(output);
  });
});

describe("enum and const", () => {
  test.each<[string, JsonValue, Schema]>([
    ["null is nullable", { enum: ["a", null] }, { type: "string", nullable: true, enum: ["a"] }],
    ["only null", { enum: [null] }, { type: "string", nullable: true, description: "always null" }],
    ["repeated", { type: "string", enum: ["a", "a"] }, { type: "string", enum: ["a"] }],
    ["empty", { type: "string", enum: [] }, { type: "string" }],
    ["no list", { type: "string", enum: "a" }, { type: "string" }],
    ["only an empty string", { enum: [""] }, { type: "string", description: 'Allowed: ""' }],
    [
      "an empty string beside others",
      { enum: ["", "a"] },
      { type: "string", enum: ["a"], description: "or an empty string" },
    ],
    ["const null", { const: null }, { type: "string", nullable: true, description: "always null" }],
    ["const false", { const: false }, { type: "boolean", description: "Must be: false" }],
    ["const object", { const: { a: 1 } }, { type: "object", description: 'Must be: {"a":1}' }],
    [
      "strings on a number",
      { type: "number", enum: ["1"] },
      { type: "number", description: "Allowed: 1" },
    ],
    ["lone surrogates", { enum: ["\ud800", "\udfff"] }, { type: "string", enum: ["\ufffd"] }],
    [
      "1e400",
      { const: JSON.parse("1e400") as number },
      { type: "number", description: "Must be: Infinity" },
    ],
  ])("%s", (_name, input, output) => {
    expect(property(input)).toEqual(output);
  });

  test("more than a hundred values are kept", () => {
    const values = Array.from({ length: 500 }, (_, index) => `v${index}`);
    expect(property({ enum: values })?.enum).toEqual(values);
  });

  test("long lists of numbers are counted, not told", () => {
    const description = property({ enum: Array.from({ length: 5000 }, (_, n) => n) })?.description;
    expect(description).toMatch(/^Allowed: 0, 1, 2, .*, … \(5000 in all\)$/);
    expect(description?.length).toBeLessThan(300);
  });
});

describe("references", () => {
  test("escaped pointers, nested definitions and percent signs are resolved", () => {
    const $defs = {
      "a/b": { type: "integer" },
      "c~d": { type: "boolean" },
      "e f": { type: "number" },
      outer: { $defs: { inner: { type: "string", enum: ["in"] } } },
    };
    expect(property({ $ref: "#/$defs/a~1b" }, { $defs })).toEqual({ type: "integer" });
    expect(property({ $ref: "#/$defs/c~0d" }, { $defs })).toEqual({ type: "boolean" });
    expect(property({ $ref: "#/$defs/e%20f" }, { $defs })).toEqual({ type: "number" });
    expect(property({ $ref: "#/$defs/outer/$defs/inner" }, { $defs })?.enum).toEqual(["in"]);
  });

  test("definitions of the schema that holds the reference are found", () => {
    const nested = {
      type: "object",
      $defs: { Local: { type: "integer" } },
      properties: { n: { $ref: "#/$defs/Local" } },
    };
    expect(property(nested)?.properties?.["n"]).toEqual({ type: "integer" });
  });

  test("siblings win over the target", () => {
    const $defs = { T: { type: "string", description: "target", default: 1, pattern: "x" } };
    expect(property({ $ref: "#/$defs/T", description: "own", default: 2 }, { $defs })).toEqual({
      type: "string",
      description: "own. Default: 2; pattern: x",
    });
  });

  test("a chain of references is followed", () => {
    const $defs = { a: { $ref: "#/$defs/b" }, b: { $ref: "#/$defs/c" }, c: { type: "integer" } };
    expect(property({ $ref: "#/$defs/a" }, { $defs })).toEqual({ type: "integer" });
  });

  test.each<[string, JsonValue, JsonObject]>([
    ["itself", { $ref: "#/properties/p" }, {}],
    ["itself as a definition", { $ref: "#/$defs/s" }, { $defs: { s: { $ref: "#/$defs/s" } } }],
    [
      "a circle",
      { $ref: "#/$defs/a" },
      { $defs: { a: { $ref: "#/$defs/b" }, b: { $ref: "#/$defs/a" } } },
    ],
    ["external", { $ref: "https://example.com/schemas/thing.json" }, {}],
    ["dangling", { $ref: "#/$defs/none" }, {}],
    ["into a prototype", { $ref: "#/constructor" }, {}],
    ["an anchor", { $ref: "#anchor" }, {}],
    ["a broken percent sign", { $ref: "#/%" }, {}],
  ])("%s becomes an object with its name", (_name, schema, siblings) => {
    const sanitized = property(schema, siblings);
    expect(sanitized?.type).toBe("object");
    expect(sanitized?.description).toMatch(/^See: /);
  });

  test("the root inside itself is told once and then named", () => {
    const { schema } = sanitize({ type: "object", properties: { p: { $ref: "#" } } });
    expect(schema.properties?.["p"]?.properties?.["p"]).toEqual({
      type: "object",
      description: "See: the whole schema",
    });
  });

  test("a recursion keeps the type of its target", () => {
    const $defs = { List: { type: "array", items: { $ref: "#/$defs/List" } } };
    expect(property({ $ref: "#/$defs/List" }, { $defs })).toEqual({
      type: "array",
      items: { type: "array", description: "See: List", items: { type: "string" } },
    });
  });

  test("the same definition beside itself is no recursion", () => {
    const $defs = { T: { type: "integer" } };
    const pair = {
      type: "object",
      properties: { a: { $ref: "#/$defs/T" }, b: { $ref: "#/$defs/T" } },
    };
    expect(property(pair, { $defs })?.properties).toEqual({
      a: { type: "integer" },
      b: { type: "integer" },
    });
  });

  test("definitions that double at each level stop at 10 000 nodes", () => {
    const $defs: Record<string, JsonValue> = { d40: { type: "string" } };
    for (let level = 0; level < 40; level += 1) {
      const next = { $ref: `#/$defs/d${level + 1}` };
      $defs[`d${level}`] = { type: "object", properties: { a: next, b: next } };
    }
    const sanitized = property({ $ref: "#/$defs/d0" }, { $defs });
    const nodes = JSON.stringify(sanitized).split('"type"').length - 1;
    expect(nodes).toBeGreaterThan(5_000);
    expect(nodes).toBeLessThan(10_100);
    expect(JSON.stringify(sanitized)).toContain("See: d");
  });
});

describe("objects", () => {
  test("keywords below properties are names (traps 13 and 16)", () => {
    const names = ["default", "const", "type", "required", "$ref", "properties", "title", "anyOf"];
    const properties = Object.fromEntries(names.map((name) => [name, { type: "string" }]));
    const input = { type: "object", properties, required: names };
    expect(sanitize(input, "gemini").schema).toEqual(input);
    // Claude's alphabet has no `$`; everything else stays there too.
    const renamed = names.map((name) => (name === "$ref" ? "_ref" : name));
    const { schema } = sanitize(input, "claude");
    expect(Object.keys(schema.properties ?? {})).toEqual(renamed);
    expect(schema.required).toEqual(renamed);
  });

  test("names of Object.prototype are names like others", () => {
    const input = JSON.parse(
      '{"type":"object","properties":{"__proto__":{"type":"string"},"constructor":{"type":"integer"}},"required":["__proto__","toString"]}',
    ) as JsonObject;
    const { schema } = sanitize(input);
    expect(JSON.stringify(schema)).toBe(
      '{"type":"object","properties":{"__proto__":{"type":"string"},"constructor":{"type":"integer"}},"required":["__proto__"]}',
    );
    expect(Object.getPrototypeOf(schema.properties)).toBe(Object.prototype);
  });

  test("required loses what is not there, and what is no name", () => {
    const input = {
      type: "object",
      properties: { a: {}, b: false },
      required: ["a", "a", "b", "c", 1],
    };
    expect(property(input)?.required).toEqual(["a"]);
    expect(property({ ...input, required: ["b", "c"] })).not.toHaveProperty("required");
    expect(property({ ...input, required: "a" })).not.toHaveProperty("required");
  });

  test("required of draft 3 moves to the parent", () => {
    const input = { type: "object", properties: { a: { type: "string", required: true }, b: {} } };
    expect(property(input)).toMatchObject({
      required: ["a"],
      properties: { a: { type: "string" } },
    });
    expect(property(input)?.properties?.["a"]).not.toHaveProperty("required");
  });

  test("a property that allows nothing is gone", () => {
    expect(property({ type: "object", properties: { no: false } })).toEqual({
      type: "object",
      properties: {},
    });
  });

  test.each<[JsonValue, string]>([
    [{ type: "object", additionalProperties: false }, "No extra properties allowed"],
    [{ type: "object", unevaluatedProperties: false }, "No extra properties allowed"],
    [
      { type: "object", additionalProperties: { type: "number", description: "Weight" } },
      "Map from string to number: Weight",
    ],
    [
      { type: "object", additionalProperties: { properties: { a: {}, b: {} } } },
      "Map from string to object {a, b}",
    ],
    [{ type: "object", additionalProperties: {} }, "Map from string to any JSON value"],
    [
      { type: "object", properties: { a: {} }, additionalProperties: { type: "integer" } },
      "Extra properties: integer",
    ],
  ])("%j leaves words", (input, description) => {
    expect(property(input)?.description).toBe(description);
  });

  test("an object that says nothing stays free, below the root", () => {
    expect(property({ type: "object" })).toEqual({ type: "object" });
  });
});

describe("names of properties", () => {
  const long = "n".repeat(70);
  const input = {
    type: "object",
    properties: { "a b": {}, "a/b": {}, a_b: {}, ü: {}, "": {}, [long]: {}, "k.e-y_1": {} },
    required: ["a b", long],
  };

  test("Claude gets its own alphabet; valid names are kept, wherever they stand", () => {
    const { schema } = sanitize(input, "claude");
    const hash = (name: string): string => sha256Hex(name).slice(0, 8);
    expect(Object.keys(schema.properties ?? {})).toEqual([
      `a_b_${hash("a b")}`,
      `a_b_${hash("a/b")}`,
      "a_b",
      "_",
      `__${hash("")}`,
      `${"n".repeat(55)}_${hash(long)}`,
      "k.e-y_1",
    ]);
    expect(schema.required).toEqual([`a_b_${hash("a b")}`, `${"n".repeat(55)}_${hash(long)}`]);
    expect(schemaProblems(schema, "claude")).toEqual([]);
  });

  test("Gemini keeps all that UTF-8 can carry", () => {
    const { schema, renamed } = sanitize(input, "gemini");
    expect(Object.keys(schema.properties ?? {})).toEqual(Object.keys(input.properties));
    expect(renamed.names.size).toBe(0);
    const broken = sanitize({ type: "object", properties: { "x\ud800": {} } }, "gemini");
    expect(Object.keys(broken.schema.properties ?? {})).toEqual(["x\ufffd"]);
    expect(broken.renamed.names.get("x\ufffd")).toBe("x\ud800");
  });
});

describe("allOf and conditionals", () => {
  test("the parent speaks first, then the branches in their order", () => {
    const input = {
      description: "parent",
      properties: { a: { type: "integer" } },
      allOf: [
        {
          description: "one",
          properties: { a: {}, b: { type: "string" } },
          required: ["b"],
          minProperties: 1,
        },
        { properties: { b: {}, c: {} }, required: ["b", "c"], minProperties: 2 },
      ],
    };
    expect(property(input)).toEqual({
      type: "object",
      description: "parent. minProperties: 1",
      properties: {
        a: { type: "integer" },
        b: { type: "string" },
        c: { type: "string", description: "any JSON value" },
      },
      required: ["b", "c"],
    });
  });

  test("a rule of two branches is told once", () => {
    const closed = { type: "object", additionalProperties: false };
    expect(property({ allOf: [closed, closed] })?.description).toBe("No extra properties allowed");
  });

  test("properties of then and else are optional", () => {
    const input = {
      type: "object",
      properties: { kind: { type: "string" } },
      required: ["kind"],
      if: { properties: { kind: { const: "x" } } },
      // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
      then: { properties: { x: { type: "integer" }, kind: { type: "number" } }, required: ["x"] },
      else: { properties: { y: { type: "integer" } } },
    };
    expect(property(input)).toEqual({
      type: "object",
      description: "Depends on other properties: x, y",
      properties: { kind: { type: "string" }, x: { type: "integer" }, y: { type: "integer" } },
      required: ["kind"],
    });
  });
});

describe("formats", () => {
  test.each<[JsonValue, Schema]>([
    [
      { type: "string", format: "date-time" },
      { type: "string", format: "date-time" },
    ],
    [
      { type: "string", format: "uri" },
      { type: "string", description: "format: uri" },
    ],
    [
      { type: "integer", format: "int64" },
      { type: "integer", format: "int64" },
    ],
    [
      { type: "number", format: "double" },
      { type: "number", format: "double" },
    ],
    [
      { type: "number", format: "date-time" },
      { type: "number", description: "format: date-time" },
    ],
    [
      { type: "object", format: "float" },
      { type: "object", description: "format: float" },
    ],
    [
      { type: "string", format: 7 },
      { type: "string", description: "format: 7" },
    ],
  ])("%j", (input, output) => {
    expect(property(input)).toEqual(output);
  });
});

describe("limits", () => {
  function nest(levels: number, wrap: (inner: JsonValue) => JsonValue): JsonValue {
    let schema: JsonValue = { type: "string" };
    for (let level = 0; level < levels; level += 1) schema = wrap(schema);
    return schema;
  }

  function depthOf(schema: Schema): number {
    const children = [
      ...Object.values(schema.properties ?? {}),
      ...(schema.items ? [schema.items] : []),
    ];
    return 1 + Math.max(0, ...children.map(depthOf));
  }

  test("32 levels stay, a 33rd is cut", () => {
    const wrap = (inner: JsonValue): JsonValue => ({ type: "object", properties: { a: inner } });
    expect(depthOf(sanitize(nest(31, wrap)).schema)).toBe(32);
    expect(JSON.stringify(sanitize(nest(31, wrap)).schema)).not.toContain("deeply");
    const cut = sanitize(nest(32, wrap)).schema;
    expect(depthOf(cut)).toBe(32);
    expect(JSON.stringify(cut)).toContain(
      '{"type":"object","description":"nested too deeply to describe"}',
    );
  });

  test.each<[string, (inner: JsonValue) => JsonValue]>([
    ["properties", (inner) => ({ type: "object", properties: { a: inner } })],
    ["items", (inner) => ({ type: "array", items: inner })],
    ["tuples", (inner) => ({ type: "array", prefixItems: [inner, inner] })],
    ["maps", (inner) => ({ type: "object", additionalProperties: inner })],
    ["allOf", (inner) => ({ allOf: [inner] })],
    ["anyOf", (inner) => ({ anyOf: [inner, { type: "number" }] })],
    // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
    ["then", (inner) => ({ then: inner })],
    ["not", (inner) => ({ not: inner })],
    ["defaults", (inner) => ({ default: [inner], enum: [inner], const: inner, examples: [inner] })],
  ])("10 000 levels of %s neither throw nor cost much", (_name, wrap) => {
    const { schema } = sanitize({ type: "object", properties: { a: nest(10_000, wrap) } });
    expect(schemaProblems(schema, "claude")).toEqual([]);
    expect(JSON.stringify(schema).length).toBeLessThan(5_000);
  });

  test("a description tells a hundred rules and counts the rest", () => {
    const allOf = Array.from({ length: 250 }, (_, index) => ({ $ref: `#/none/${index}` }));
    const description = property({ allOf })?.description;
    expect(description?.split("; ")).toHaveLength(101);
    expect(description).toMatch(/; … and 150 more rules$/);
  });
});

describe("the result", () => {
  test("empty objects get a placeholder for Claude only, at the root only, by setting only", () => {
    const empty = { type: "object", properties: {} };
    expect(sanitize(empty, "claude")).toMatchObject({
      placeholder: "_placeholder",
      schema: { required: ["_placeholder"], properties: { _placeholder: { type: "boolean" } } },
    });
    expect(sanitize(empty, "gemini")).toMatchObject({ schema: empty });
    expect(sanitize(empty, "gemini")).not.toHaveProperty("placeholder");
    const off = sanitizeSchema(empty, { family: "claude", placeholder: false, sha256Hex });
    expect(off.schema).toEqual(empty);
    const nested = sanitize({ type: "object", properties: { a: empty } });
    expect(nested).not.toHaveProperty("placeholder");
  });

  test("names what left no trace, unknown keywords together", () => {
    const { removed } = sanitize({
      $schema: "s",
      type: "object",
      title: "T",
      properties: { a: { type: "string", title: "A", "x-order": 1, strange: 2, deprecated: true } },
    });
    expect(Object.fromEntries(removed)).toEqual({ $schema: 1, title: 2, "*": 2, deprecated: 1 });
  });

  test.each<JsonValue>([null, true, false, 5, "object", [], [{}], {}])(
    "garbage at the root (%j) comes out as something that can be refused",
    (input) => {
      expect(sanitize(input).schema).toEqual({ type: "string", description: "any JSON value" });
    },
  );

  test("words are added once: a sanitised schema with its keywords back says nothing twice", () => {
    const once = property({ type: "integer", default: 1, description: "Count" });
    expect(once?.description).toBe("Count. Default: 1");
    expect(property({ ...(once as JsonObject), default: 1 })).toEqual(once);
    expect(property({ ...(once as JsonObject), default: 10 })?.description).toBe(
      "Count. Default: 1. Default: 10",
    );
  });

  test("does not change its input", () => {
    const input = {
      type: "object",
      properties: { a: { anyOf: [{ type: "null" }, { enum: ["x"] }] } },
    };
    const before = structuredClone(input);
    sanitize(input);
    expect(input).toEqual(before);
  });
});
