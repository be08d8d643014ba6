import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { ToolChoice, ToolParam } from "../anthropic/messages.ts";
import type { ModelFamily } from "../models/catalogue.ts";
import { createSchemaCache } from "./schema/schema-cache.ts";
import { translateToolChoice, type SentTools } from "./tool-choice.ts";
import { translateTools } from "./tools.ts";

const sha256Hex = (text: string): string => createHash("sha256").update(text).digest("hex");

function sent(tools: readonly ToolParam[], family: ModelFamily = "claude"): SentTools {
  const translation = translateTools(tools, {
    family,
    settings: { placeholderForEmptyObjects: true, webSearchBesideTools: "drop" },
    sha256Hex,
    schemaCache: createSchemaCache({ maxEntries: 10 }),
  });
  if (translation.kind === "refused") throw new Error(translation.error.message);
  return translation;
}

const tools: ToolParam[] = ["Bash", "mcp/files.search"].map((name) => ({
  name,
  input_schema: { type: "object" },
}));
const search: ToolParam = { type: "web_search_20250305", name: "web_search" };
const config = (mode: string, names?: string[]): object => ({
  functionCallingConfig: names === undefined ? { mode } : { mode, allowedFunctionNames: names },
});

describe("cloud-code §5.3", () => {
  test.each<[ToolChoice | undefined, object | undefined, object | undefined]>([
    [undefined, undefined, config("VALIDATED")],
    [{ type: "auto" }, undefined, config("VALIDATED")],
    [{ type: "any" }, config("ANY"), config("ANY")],
    [{ type: "tool", name: "Bash" }, config("ANY", ["Bash"]), config("ANY", ["Bash"])],
    [
      { type: "tool", name: "mcp/files.search" },
      config("ANY", ["mcp_files_search"]),
      config("ANY", ["mcp_files_search"]),
    ],
    [{ type: "none" }, config("NONE"), config("NONE")],
  ])("%j", (choice, gemini, claude) => {
    expect(translateToolChoice(choice, sent(tools), "claude")).toMatchObject({
      kind: "translated",
      toolConfig: claude,
    });
    for (const family of ["gemini", "gpt"] as const) {
      const translation = translateToolChoice(choice, sent(tools, family), family);
      expect(translation).toMatchObject({ kind: "translated", thinkingForbidden: false });
      expect("toolConfig" in translation ? translation.toolConfig : undefined).toEqual(gemini);
    }
  });

  test.each<[ToolChoice | undefined, boolean]>([
    [undefined, false],
    [{ type: "auto" }, false],
    [{ type: "none" }, false],
    [{ type: "any" }, true],
    [{ type: "tool", name: "Bash" }, true],
  ])("Claude with %j: thinking forbidden is %s", (choice, thinkingForbidden) => {
    expect(translateToolChoice(choice, sent(tools), "claude")).toMatchObject({ thinkingForbidden });
  });

  test.each<ToolChoice>([
    { type: "auto", disable_parallel_tool_use: true },
    { type: "any", disable_parallel_tool_use: true },
    { type: "tool", name: "Bash", disable_parallel_tool_use: true },
  ])("one call at a time is asked for in words: %j", (choice) => {
    expect(translateToolChoice(choice, sent(tools), "gemini")).toMatchObject({
      singleToolInstruction: "Call at most one tool per turn.",
    });
    const parallel = { ...choice, disable_parallel_tool_use: false };
    expect(translateToolChoice(parallel, sent(tools), "gemini")).not.toHaveProperty(
      "singleToolInstruction",
    );
  });
});

describe("without functions", () => {
  test.each<ToolChoice | undefined>([undefined, { type: "auto" }, { type: "none" }])(
    "%j says nothing",
    (choice) => {
      const nothing = { kind: "translated", thinkingForbidden: false };
      expect(translateToolChoice(choice, sent([]), "claude")).toEqual(nothing);
      expect(translateToolChoice(choice, sent([search]), "gemini")).toEqual(nothing);
    },
  );

  test("a search cannot be forced, and need not be", () => {
    for (const choice of [{ type: "any" }, { type: "tool", name: "web_search" }] as const) {
      expect(translateToolChoice(choice, sent([search]), "gemini")).toEqual({
        kind: "translated",
        thinkingForbidden: false,
      });
    }
  });
});

describe("refused", () => {
  test.each<[ToolChoice, readonly ToolParam[], string]>([
    [{ type: "tool", name: "Nope" }, tools, "Tool 'Nope' not found in provided tools"],
    [
      { type: "tool", name: "mcp_files_search" },
      tools,
      "Tool 'mcp_files_search' not found in provided tools",
    ],
    [
      { type: "tool", name: "web_search" },
      [...tools, search],
      "Tool 'web_search' not found in provided tools",
    ],
    [{ type: "tool", name: "Bash" }, [], "Tool 'Bash' not found in provided tools"],
    [{ type: "any" }, [], "tool_choice: any needs a tool that can be called"],
  ])("%j", (choice, declared, message) => {
    expect(translateToolChoice(choice, sent(declared), "claude")).toEqual({
      kind: "refused",
      error: { status: 400, type: "invalid_request_error", message },
    });
  });
});
