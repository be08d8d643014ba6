import { describe, expect, test } from "vitest";
import { messageOf, request, tool } from "./__fixtures__/requests.ts";
import { DEFERRED_TOOL_PLACEHOLDER, toolKindOf } from "./tool-kind.ts";

describe("tools", () => {
  test.each<[string, unknown, string]>([
    ["none", [], "valid"],
    ["a custom tool", [tool("Bash")], "valid"],
    ["type custom", [tool("Bash", { type: "custom" })], "valid"],
    ["type null", [tool("Bash", { type: null })], "valid"],
    ["a name outside the backend's alphabet", [tool("mcp/files.search é")], "valid"],
    ["names of Object.prototype", [tool("toString"), tool("__proto__")], "valid"],
    [
      "every field of a tool",
      [tool("A", { description: "d", defer_loading: true, input_examples: [{ a: 1 }] })],
      "valid",
    ],
    ["no list", {}, "tools: Input should be a valid list"],
    ["null", null, "tools: Input should be a valid list"],
    ["a string in the list", ["Bash"], "tools.0: Input should be a valid dictionary"],
    ["no name", [{ input_schema: { type: "object" } }], "tools.0.custom.name: Field required"],
    ["an empty name", [tool("")], "tools.0.custom.name: String should have at least 1 character"],
    [
      "a name of 129 characters",
      [tool("x".repeat(129))],
      "tools.0.custom.name: String should have at most 128 characters",
    ],
    ["no schema", [tool("A"), { name: "B" }], "tools.1.custom.input_schema: Field required"],
    [
      "a boolean schema",
      [{ name: "B", input_schema: true }],
      "tools.0.custom.input_schema: Input should be a valid dictionary",
    ],
    [
      "a schema without type",
      [{ name: "B", input_schema: {} }],
      "tools.0.custom.input_schema.type: Field required",
    ],
    [
      "a schema of a string",
      [{ name: "B", input_schema: { type: "string" } }],
      "tools.0.custom.input_schema.type: Input should be 'object'",
    ],
    [
      "a description that is a list",
      [tool("A", { description: [] })],
      "tools.0.custom.description: Input should be a valid string",
    ],
    [
      "defer_loading as text",
      [tool("A", { defer_loading: "yes" })],
      "tools.0.custom.defer_loading: Input should be a valid boolean",
    ],
    [
      "examples that are no objects",
      [tool("A", { input_examples: [{}, 1] })],
      "tools.0.custom.input_examples.1: Input should be a valid dictionary",
    ],
    ["equal names", [tool("A"), tool("B"), tool("A")], "tools: Tool names must be unique."],
    [
      "equal names of different kinds",
      [tool("bash"), { type: "bash_20250124", name: "bash" }],
      "tools: Tool names must be unique.",
    ],
    ["bash", [{ type: "bash_20250124", name: "bash" }], "valid"],
    ["web search", [{ type: "web_search_20250305", name: "web_search", max_uses: 8 }], "valid"],
    [
      "bash without a name",
      [{ type: "bash_20250124" }],
      "tools.0.bash_20250124.name: Field required",
    ],
    [
      "code execution",
      [{ type: "code_execution_20250825", name: "code_execution" }],
      "tools.0: tool type 'code_execution_20250825' is not supported by this server; remove it from `tools`",
    ],
    [
      "an MCP toolset, which has no name",
      [{ type: "mcp_toolset", mcp_server_name: "x" }],
      "tools.0: tool type 'mcp_toolset' is not supported by this server; remove it from `tools`",
    ],
    [
      "an unknown type",
      [{ type: "toaster", name: "t" }],
      "tools.0: Input tag 'toaster' found using 'type' does not match any of the expected tags: " +
        "'custom', 'bash_20250124', 'text_editor_20250728', 'memory_20250818', 'web_search_20250305'",
    ],
    [
      "a type that is a number",
      [{ type: 1, name: "t" }],
      "tools.0.type: Input should be a valid string",
    ],
  ])("%s", (_what, tools, message) => {
    expect(messageOf(request({ tools }))).toBe(message);
  });
});

describe("toolKindOf", () => {
  test.each([
    [undefined, "custom"],
    [null, "custom"],
    ["custom", "custom"],
    ["bash_20241022", "bash"],
    ["text_editor_20250429", "text_editor"],
    ["memory_20250818", "memory"],
    ["web_search_20260318", "web_search"],
    ["web_fetch_20250910", "unsupported"],
    ["code_execution_20260521", "unsupported"],
    ["computer_20251124", "unsupported"],
    ["browser_toolset_20260801", "unsupported"],
    ["tool_search_tool_bm25_20251119", "unsupported"],
    ["tool_search_tool_regex", "unsupported"],
    ["mcp_toolset", "unsupported"],
    ["", "unknown"],
    ["web_search", "unknown"],
    ["constructor", "unknown"],
    ["bash_20250124x", "unknown"],
  ] as const)("%j is %s", (type, kind) => {
    expect(toolKindOf(type)).toBe(kind);
  });
});

describe("tool_choice", () => {
  const tools = [tool("Bash"), tool(DEFERRED_TOOL_PLACEHOLDER)];

  test.each<[unknown, string]>([
    [{ type: "auto" }, "valid"],
    [{ type: "any", disable_parallel_tool_use: true }, "valid"],
    [{ type: "tool", name: "Bash", disable_parallel_tool_use: false }, "valid"],
    [{ type: "none" }, "valid"],
    ["auto", "tool_choice: Input should be a valid dictionary"],
    [null, "tool_choice: Input should be a valid dictionary"],
    [{}, "tool_choice.type: Field required"],
    [
      { type: "must" },
      "tool_choice: Input tag 'must' found using 'type' does not match any of the expected tags: 'any', 'auto', 'none', 'tool'",
    ],
    [{ type: "tool" }, "tool_choice.tool.name: Field required"],
    [{ type: "tool", name: 1 }, "tool_choice.tool.name: Input should be a valid string"],
    [{ type: "tool", name: "x" }, "Tool 'x' not found in provided tools"],
    [{ type: "tool", name: "toString" }, "Tool 'toString' not found in provided tools"],
    [
      { type: "tool", name: DEFERRED_TOOL_PLACEHOLDER },
      "Tool 'DeferredToolPlaceholder' not found in provided tools",
    ],
    [
      { type: "auto", disable_parallel_tool_use: 1 },
      "tool_choice.auto.disable_parallel_tool_use: Input should be a valid boolean",
    ],
  ])("%j: %s", (choice, message) => {
    expect(messageOf(request({ tools, tool_choice: choice }))).toBe(message);
  });

  test.each([{}, { tools: [] }])("without tools: %j", (fields) => {
    expect(messageOf(request({ ...fields, tool_choice: { type: "auto" } }))).toBe(
      "tool_choice: may only be specified while providing `tools`",
    );
  });
});
