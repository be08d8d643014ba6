import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../anthropic/messages.ts";
import {
  NO_RENAMES,
  renamesNothing,
  renameToClient,
  renameToUpstream,
} from "./property-renames.ts";
import { sanitizeSchema } from "./sanitize-schema.ts";

const sha256Hex = (text: string): string => createHash("sha256").update(text).digest("hex");

function renamesOf(schema: JsonObject): ReturnType<typeof sanitizeSchema>["renamed"] {
  return sanitizeSchema(schema, { family: "claude", placeholder: true, sha256Hex }).renamed;
}

describe("a schema with names that Claude refuses", () => {
  const renames = renamesOf({
    type: "object",
    properties: {
      "file path": { type: "string" },
      plain: { type: "object", properties: { "a b": { type: "string" } } },
      "list of": {
        type: "array",
        items: {
          anyOf: [
            { type: "null" },
            { properties: { "x y": { items: { properties: { ü: {} } } } } },
          ],
        },
      },
    },
  });
  const client = {
    "file path": "f",
    other: 1,
    plain: { "a b": 1, a: 2 },
    "list of": [{ "x y": [{ ü: 1 }, 5] }, null, "text"],
  };
  const upstream = {
    file_path: "f",
    other: 1,
    plain: { a_b: 1, a: 2 },
    list_of: [{ x_y: [{ _: 1 }, 5] }, null, "text"],
  };

  test("maps both ways at every depth, in the order of the keys", () => {
    expect(JSON.stringify(renameToClient(upstream, renames))).toBe(JSON.stringify(client));
    expect(JSON.stringify(renameToUpstream(client, renames))).toBe(JSON.stringify(upstream));
  });

  test("an undeclared name that looks like a renamed one is not lost", () => {
    const both = { "file path": "declared", file_path: "not declared" };
    const sent = renameToUpstream(both, renames);
    expect(sent).toEqual({ file_path: "declared", "file path": "not declared" });
    expect(renameToClient(sent, renames)).toEqual(both);
  });

  test("values of another shape than the schema's pass as they are", () => {
    const strange = { plain: "text", list_of: { x_y: 1 } };
    expect(renameToClient(strange, renames)).toEqual({ plain: "text", "list of": { x_y: 1 } });
  });

  test("__proto__ in arguments is a key", () => {
    const args = JSON.parse('{"__proto__":{"a":1},"file_path":"f"}') as JsonObject;
    const renamed = renameToClient(args, renames);
    expect(JSON.stringify(renamed)).toBe('{"__proto__":{"a":1},"file path":"f"}');
    expect(Object.getPrototypeOf(renamed)).toBe(Object.prototype);
  });
});

test("without renames the arguments are the same object", () => {
  const args = { a: 1 };
  expect(renameToClient(args, NO_RENAMES)).toBe(args);
  expect(renamesNothing(renamesOf({ type: "object", properties: { a: { items: {} } } }))).toBe(
    true,
  );
});
