import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { JsonObject, ToolParam } from "../anthropic/messages.ts";
import type { FunctionDeclaration } from "../google/generate-content.ts";
import { declarationProblems } from "./schema/__fixtures__/strict-schema.ts";
import { createSchemaCache } from "./schema/schema-cache.ts";
import { TOOL_DROP_RULES } from "./tool-drops.ts";
import { translateTools, type ToolsContext, type ToolsTranslation } from "./tools.ts";

const sha256Hex = (text: string): string => createHash("sha256").update(text).digest("hex");

function context(changes: Partial<ToolsContext> = {}): ToolsContext {
  return {
    family: "claude",
    settings: { placeholderForEmptyObjects: true, webSearchBesideTools: "refuse" },
    sha256Hex,
    schemaCache: createSchemaCache({ maxEntries: 100 }),
    ...changes,
  };
}

function functions(tools: readonly ToolParam[], changes?: Partial<ToolsContext>) {
  const translation = translateTools(tools, context(changes));
  if (translation.kind !== "functions") throw new Error(`is ${translation.kind}`);
  expect(declarationProblems(translation.declarations, "claude")).toEqual([]);
  return translation;
}

function refusal(translation: ToolsTranslation): string {
  if (translation.kind !== "refused") throw new Error(`is ${translation.kind}`);
  expect(translation.error).toMatchObject({ status: 400, type: "invalid_request_error" });
  return translation.error.message;
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"));
}

const bash: ToolParam = {
  name: "Bash",
  description: "Run a command",
  input_schema: { type: "object", properties: { command: { type: "string" } } },
};
const webSearch: ToolParam = { type: "web_search_20250305", name: "web_search" };
const placeholder: ToolParam = {
  name: "DeferredToolPlaceholder",
  input_schema: { type: "object", properties: {} },
  defer_loading: true,
};

describe("fixture 02", () => {
  const fixture = readJson("./__fixtures__/02-tools-claude.json") as {
    anthropic: { tools: ToolParam[] };
    cloudcode: { request: { tools: { functionDeclarations: FunctionDeclaration[] }[] } };
    toolNames: Record<string, string>;
  };

  test("declares what the fixture declares, names mapped", () => {
    const { declarations, names } = functions(fixture.anthropic.tools);
    const expected = fixture.cloudcode.request.tools[0]?.functionDeclarations ?? [];
    const wording = (text: string): string =>
      text.replaceAll("Allowed: 10, 20. Default: 10", "Allowed: 10, 20; Default: 10");
    expect(declarations).toEqual(JSON.parse(wording(JSON.stringify(expected))));
    for (const [upstream, client] of Object.entries(fixture.toolNames)) {
      expect(names.toClient(upstream)).toBe(client);
    }
  });
});

describe("Claude Code's tools", () => {
  const all = readJson("./__fixtures__/claude-code-tools.json") as Record<
    string,
    { description: string; input_schema: JsonObject }
  >;
  const parse = (): ToolParam[] =>
    Object.entries(structuredClone(all))
      .filter(([name]) => !name.includes("@"))
      .map(([name, { description, input_schema }]) => ({ name, description, input_schema }));

  test.each(["claude", "gemini"] as const)("are all accepted, for %s", (family) => {
    const translation = translateTools(parse(), context({ family }));
    if (translation.kind !== "functions") throw new Error(`is ${translation.kind}`);
    expect(declarationProblems(translation.declarations, family)).toEqual([]);
    const names = translation.declarations.map((declaration) => declaration.name);
    expect(names).toEqual(Object.keys(all).filter((name) => !/@|Placeholder/.test(name)));
  });

  test("give the same bytes each time, cached or not", () => {
    const shared = context();
    const text = JSON.stringify(functions(parse(), shared).declarations);
    expect(JSON.stringify(functions(parse(), shared).declarations)).toBe(text);
    expect(JSON.stringify(functions(parse()).declarations)).toBe(text);
  });
});

describe("declarations", () => {
  test("nothing of the client's tool but name, description and schema is sent (trap 14)", () => {
    const tool = {
      ...bash,
      type: "custom",
      cache_control: { type: "ephemeral" },
      strict: true,
      eager_input_streaming: true,
      allowed_callers: ["direct"],
    };
    expect(functions([tool]).declarations).toEqual(functions([bash]).declarations);
  });

  test("examples follow the description, with the names that the model will see", () => {
    const tool = {
      ...bash,
      input_schema: { type: "object", properties: { "a b": {} } },
      input_examples: [{ "a b": 1 }, {}],
    };
    expect(functions([tool]).declarations[0]?.description).toBe(
      'Run a command\nExample input: {"a_b":1}\nExample input: {}',
    );
  });

  test("a description is optional, and always well-formed", () => {
    const { description, ...bare } = bash;
    expect(description).toBeDefined();
    expect(functions([bare]).declarations[0]).not.toHaveProperty("description");
    expect(functions([{ ...bash, description: "" }]).declarations[0]).not.toHaveProperty(
      "description",
    );
    const broken = functions([{ ...bash, description: "x\ud800" }]);
    expect(broken.declarations[0]?.description).toBe("x\ufffd");
  });

  test("an empty schema gets the placeholder, and the arguments lose it", () => {
    const list: ToolParam = { name: "List", input_schema: { type: "object" } };
    const { declarations, names } = functions([list]);
    expect(declarations[0]?.parameters.required).toEqual(["_placeholder"]);
    expect(names.argsToClient("List", { _placeholder: true })).toEqual({});
    const settings = { placeholderForEmptyObjects: false, webSearchBesideTools: "drop" } as const;
    expect(functions([list], { settings }).declarations[0]?.parameters).toEqual({
      type: "object",
      properties: {},
    });
  });

  test("the input is not changed", () => {
    const tools = [bash, { ...bash, name: "x y", input_examples: [{ command: "ls" }] }];
    const before = structuredClone(tools);
    functions(tools);
    expect(tools).toEqual(before);
  });
});

describe("tools that Anthropic defined and the client runs", () => {
  test("bash", () => {
    const [declared] = functions([{ type: "bash_20250124", name: "bash" }]).declarations;
    expect(declared).toMatchObject({
      name: "bash",
      parameters: {
        properties: { command: { type: "string" }, restart: { type: "boolean" } },
      },
    });
    expect(declared?.parameters).not.toHaveProperty("required");
  });

  test.each([
    ["text_editor_20250124", "str_replace_editor", true],
    ["text_editor_20250429", "str_replace_based_edit_tool", false],
    ["text_editor_20250728", "str_replace_based_edit_tool", false],
  ])("%s", (type, name, canUndo) => {
    const [declared] = functions([{ type, name }]).declarations;
    expect(declared?.name).toBe(name);
    expect(declared?.parameters.required).toEqual(["command", "path"]);
    expect(Object.keys(declared?.parameters.properties ?? {})).toEqual(
      "command path file_text old_str new_str insert_line insert_text view_range".split(" "),
    );
    expect(declared?.parameters.properties?.["command"]?.enum).toEqual(
      `view create str_replace insert${canUndo ? " undo_edit" : ""}`.split(" "),
    );
    expect(declared?.parameters.properties?.["view_range"]?.items).toEqual({ type: "integer" });
  });

  test("memory", () => {
    const [declared] = functions([{ type: "memory_20250818", name: "memory" }]).declarations;
    const { properties = {} } = declared?.parameters ?? {};
    expect(properties["command"]?.enum).toEqual(
      "view create str_replace insert delete rename".split(" "),
    );
    expect(Object.keys(properties)).toEqual(
      "command path file_text old_str new_str insert_line insert_text old_path new_path view_range".split(
        " ",
      ),
    );
  });

  test("they stand beside the client's own", () => {
    const { declarations } = functions([bash, { type: "bash_20250124", name: "bash" }]);
    expect(declarations.map((declared) => declared.name)).toEqual(["Bash", "bash"]);
  });
});

describe("web search", () => {
  test("alone it is a search", () => {
    expect(translateTools([webSearch], context()).kind).toBe("search");
    expect(translateTools([placeholder, webSearch], context()).kind).toBe("search");
  });

  test("beside others it is refused, naming itself and its place", () => {
    expect(refusal(translateTools([bash, webSearch], context()))).toBe(
      "tools.1: web_search cannot be combined with other tools on this backend; send it alone",
    );
  });

  test("beside others it is dropped by setting, and reported", () => {
    const settings = { placeholderForEmptyObjects: true, webSearchBesideTools: "drop" } as const;
    const { declarations, dropped } = functions([webSearch, bash], { settings });
    expect(declarations.map((declared) => declared.name)).toEqual(["Bash"]);
    expect(dropped).toEqual([{ path: "tools[]", rule: "web_search_beside_tools", count: 1 }]);
  });
});

describe("nothing to declare", () => {
  test.each([[undefined], [[]], [[placeholder]]])("%j", (tools) => {
    const translation = translateTools(tools, context());
    if (translation.kind !== "none") throw new Error(`is ${translation.kind}`);
    // A history without tools is translated all the same (cloud-code §4.2, rule 7).
    expect(translation.names.toUpstream("mcp/x")).toBe("mcp_x");
  });
});

describe("refused", () => {
  test.each([
    "web_fetch_20250910",
    "code_execution_20250825",
    "computer_20250124",
    "tool_search_tool_bm25_20251119",
    "mcp_toolset",
    "no_such_tool",
  ])("%s, by name", (type) => {
    expect(refusal(translateTools([bash, { type, name: "x" }], context()))).toBe(
      `tools.1: tool type '${type}' is not supported by this server; remove it from \`tools\``,
    );
  });

  test("a missing input_schema", () => {
    expect(refusal(translateTools([bash, { name: "x" }], context()))).toBe(
      "tools.1.custom.input_schema: Field required",
    );
  });

  test.each<JsonObject>([
    { type: "string" },
    { type: "array" },
    {},
    { anyOf: [{ type: "string" }] },
  ])("a root that is no object: %j", (input_schema) => {
    expect(refusal(translateTools([{ name: "x", input_schema }], context()))).toBe(
      "tools.0.custom.input_schema.type: Input should be 'object'",
    );
  });

  test("a root that is an object without saying so is fine", () => {
    expect(functions([{ name: "x", input_schema: { properties: {} } }]).declarations).toHaveLength(
      1,
    );
  });
});

describe("what is left out is reported", () => {
  test("deferred tools are declared, their stand-in is not", () => {
    const { declarations, dropped } = functions([
      bash,
      placeholder,
      { ...bash, name: "Later", defer_loading: true },
    ]);
    expect(declarations.map((declared) => declared.name)).toEqual(["Bash", "Later"]);
    expect(dropped).toEqual([
      { path: "tools[]", rule: "deferred_tool_placeholder", count: 1 },
      { path: "tools[].defer_loading", rule: "deferred_tool", count: 1 },
    ]);
  });

  test("schema keywords without a trace, summed over all tools", () => {
    const input_schema = {
      $schema: "s",
      type: "object",
      properties: { a: { title: "A", odd: 1 } },
    };
    const { dropped } = functions([
      { ...bash, input_schema },
      { ...bash, name: "Other", input_schema },
    ]);
    const rule = "schema_keyword";
    expect(dropped.toSorted((a, b) => a.path.localeCompare(b.path))).toEqual([
      { path: "tools[].input_schema.*", rule, count: 2 },
      { path: "tools[].input_schema.$schema", rule, count: 2 },
      { path: "tools[].input_schema.title", rule, count: 2 },
    ]);
  });

  test("each rule has its sentence", () => {
    for (const sentence of Object.values(TOOL_DROP_RULES)) expect(sentence).toMatch(/^[A-Z].+\.$/);
  });
});
