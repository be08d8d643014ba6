import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../anthropic/messages.ts";
import { NO_RENAMES } from "./schema/property-renames.ts";
import { sanitizeSchema } from "./schema/sanitize-schema.ts";
import { createToolNames, type DeclaredTool } from "./tool-names.ts";

const sha256Hex = (text: string): string => createHash("sha256").update(text).digest("hex");
const hash = (text: string): string => sha256Hex(text).slice(0, 8);

function tool(name: string, schema: JsonObject = { type: "object" }): DeclaredTool {
  const options = { family: "claude", placeholder: true, sha256Hex } as const;
  return { name, ...sanitizeSchema(schema, options) };
}

const plain = (...names: string[]): DeclaredTool[] =>
  names.map((name) => ({ name, renamed: NO_RENAMES }));

const fixture = JSON.parse(
  readFileSync(new URL("./__fixtures__/61-names-and-sessions.json", import.meta.url), "utf8"),
) as { toolNames: { client: string; upstream: string }[] };

describe("fixture 61", () => {
  const declared = createToolNames(plain(...fixture.toolNames.map((row) => row.client)), sha256Hex);
  const undeclared = createToolNames([], sha256Hex);

  test.each(fixture.toolNames)("$client → $upstream", ({ client, upstream }) => {
    expect(declared.toUpstream(client)).toBe(upstream);
    expect(declared.toClient(upstream)).toBe(client);
    expect(undeclared.toUpstream(client)).toBe(upstream);
    expect(undeclared.toClient(upstream)).toBe(client);
  });
});

describe("names that meet", () => {
  test("a valid name is kept, wherever it stands", () => {
    for (const order of [
      ["a b", "a_b"],
      ["a_b", "a b"],
    ]) {
      const names = createToolNames(plain(...order), sha256Hex);
      expect(names.toUpstream("a_b")).toBe("a_b");
      expect(names.toUpstream("a b")).toBe(`a_b_${hash("a b")}`);
      expect(names.toClient(`a_b_${hash("a b")}`)).toBe("a b");
    }
  });

  test("of two names with one repair the first keeps it, so that a tool appended later changes nothing", () => {
    const before = createToolNames(plain("a b"), sha256Hex);
    const after = createToolNames(plain("a b", "a/b"), sha256Hex);
    expect(after.toUpstream("a b")).toBe(before.toUpstream("a b"));
    expect(after.toUpstream("a/b")).toBe(`a_b_${hash("a/b")}`);
  });

  test("long names with one beginning stay apart (trap 19)", () => {
    const [one, other] = ["create", "delete"].map((end) => `mcp__${"server_".repeat(10)}${end}`);
    const names = createToolNames(plain(one ?? "", other ?? ""), sha256Hex);
    expect(names.toUpstream(one ?? "")).not.toBe(names.toUpstream(other ?? ""));
  });

  test("a tool of the history does not take the name of a declared one", () => {
    const names = createToolNames(plain("mcp_x"), sha256Hex);
    expect(names.toUpstream("mcp/x")).toBe(`mcp_x_${hash("mcp/x")}`);
    expect(names.toUpstream("mcp/x")).toBe(names.toUpstream("mcp/x"));
    expect(names.toClient("mcp_x")).toBe("mcp_x");
  });

  test("a name that the model made up comes back as it is", () => {
    const names = createToolNames(plain("Bash"), sha256Hex);
    expect(names.toClient("NoSuchTool")).toBe("NoSuchTool");
    expect(names.toClient("constructor")).toBe("constructor");
    expect(names.argsToClient("NoSuchTool", { a: 1 })).toEqual({ a: 1 });
  });

  test("any tools get distinct names that the backend takes, and come back", () => {
    const name = fc.oneof(
      fc.constantFrom("a b", "a/b", "a_b", "a.b", "__proto__", "1", "_1", "x".repeat(65)),
      fc.string({ unit: "binary", maxLength: 70 }),
    );
    fc.assert(
      fc.property(
        fc.uniqueArray(name, { maxLength: 8 }),
        fc.array(name, { maxLength: 4 }),
        (declared, history) => {
          const names = createToolNames(plain(...declared), sha256Hex);
          const clients = [...new Set([...declared, ...history])];
          const upstream = clients.map((client) => names.toUpstream(client));
          expect(new Set(upstream).size).toBe(clients.length);
          for (const sent of upstream) expect(sent).toMatch(/^[a-zA-Z_][a-zA-Z0-9_-]{0,63}$/);
          expect(upstream.map((sent) => names.toClient(sent))).toEqual(clients);
        },
      ),
    );
  });
});

describe("arguments", () => {
  const schema = {
    type: "object",
    properties: { "file path": {}, options: { properties: { "a b": {} } } },
  };
  const names = createToolNames(
    [
      tool("mcp/read", schema),
      tool("List"),
      tool("Bash", { type: "object", properties: { c: {} } }),
    ],
    sha256Hex,
  );

  test("renamed properties are restored, and renamed again for the history", () => {
    const client = { "file path": "f", options: { "a b": 1 } };
    const upstream = { file_path: "f", options: { a_b: 1 } };
    expect(names.argsToClient("mcp_read", upstream)).toEqual(client);
    expect(names.argsToUpstream("mcp/read", client)).toEqual(upstream);
  });

  test("the placeholder never reaches the client, nor a history that carries it (trap 28)", () => {
    expect(names.argsToClient("List", { _placeholder: true })).toEqual({});
    expect(names.argsToClient("List", { _placeholder: true, extra: 1 })).toEqual({ extra: 1 });
    expect(names.argsToUpstream("List", { _placeholder: true })).toEqual({});
    expect(names.argsToUpstream("List", {})).toEqual({});
  });

  test("a client's own property of that name is its own", () => {
    const own = tool("Own", { type: "object", properties: { _placeholder: { type: "string" } } });
    const owned = createToolNames([own], sha256Hex);
    expect(owned.argsToClient("Own", { _placeholder: "x" })).toEqual({ _placeholder: "x" });
    expect(names.argsToClient("Bash", { _placeholder: "x" })).toEqual({ _placeholder: "x" });
  });

  test("what needs no change is not copied", () => {
    const args = { c: "ls" };
    expect(names.argsToClient("Bash", args)).toBe(args);
    expect(names.argsToUpstream("Bash", args)).toBe(args);
    expect(names.argsToUpstream("Gone", args)).toBe(args);
    const empty = {};
    expect(names.argsToClient("List", empty)).toBe(empty);
  });

  test("__proto__ beside a placeholder is a key like others", () => {
    const args = JSON.parse('{"__proto__":1,"_placeholder":true}') as JsonObject;
    expect(JSON.stringify(names.argsToClient("List", args))).toBe('{"__proto__":1}');
  });
});
