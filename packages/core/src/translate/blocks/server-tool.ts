import type { ServerToolBlockParam, ServerToolBlockType } from "../../anthropic/messages.ts";
import type { ContentsBuilder } from "../contents-builder.ts";
import type { TranslationScope } from "../scope.ts";
import { readableText } from "./readable-text.ts";
import { hasText } from "./text.ts";

type BlockReader = (block: ServerToolBlockParam) => string;

const READERS = {
  server_tool_use: (block) => callText(block),
  mcp_tool_use: (block) => callText(block),
  web_search_tool_result: (block) => searchText(block["content"]),
  web_fetch_tool_result: (block) => readableText(block["content"]),
  code_execution_tool_result: (block) => readableText(block["content"]),
  bash_code_execution_tool_result: (block) => readableText(block["content"]),
  text_editor_code_execution_tool_result: (block) => readableText(block["content"]),
  tool_search_tool_result: (block) => readableText(block["content"]),
  mcp_tool_result: (block) => readableText(block["content"]),
  compaction: (block) => readableText(block["content"]),
  advisor_tool_result: (block) => readableText(block["content"]),
  fallback: () => "",
} as const satisfies Readonly<Record<ServerToolBlockType, BlockReader>>;

const SERVER_TOOL_TYPES: ReadonlySet<string> = new Set(Object.keys(READERS));

/** True for a block that only Anthropic's own servers make. */
export function isServerToolBlock(block: { readonly type: string }): block is ServerToolBlockParam {
  return SERVER_TOOL_TYPES.has(block.type);
}

/**
 * Adds the readable text of a block that comes from a conversation with Anthropic itself; a search and its results become
 * one part. Never refuses: a resumed conversation goes on. Source: cloud-code §4.3 (`server_tool_use` …).
 */
export function translateServerTool(
  block: ServerToolBlockParam,
  scope: TranslationScope,
  builder: ContentsBuilder,
  role: "user" | "model",
): void {
  const text = READERS[block.type](block);
  scope.drops.add("server_tool_block", "messages[].content[]");
  if (hasText(text)) builder.serverText(role, text);
}

/** `Web search: node release date`. */
function callText(block: ServerToolBlockParam): string {
  const name = typeof block["name"] === "string" ? block["name"] : "tool";
  const label = `${name.charAt(0).toUpperCase()}${name.slice(1).replaceAll("_", " ")}`;
  const input = inputText(block["input"]);
  return input === "" ? label : `${label}: ${input}`;
}

/** The value itself where the input has only one, which is text; its JSON else. */
function inputText(input: unknown): string {
  if (typeof input !== "object" || input === null) return "";
  const values: unknown[] = Object.values(input);
  if (values.length === 0) return "";
  const [only] = values;
  return values.length === 1 && typeof only === "string" ? only : JSON.stringify(input);
}

/** A line `- title – url` for each result. */
function searchText(content: unknown): string {
  if (!Array.isArray(content)) return `Web search failed: ${readableText(content)}`;
  const lines: string[] = [];
  for (const result of content as readonly unknown[]) {
    const text = readableText(result).replaceAll("\n", " – ");
    if (text !== "") lines.push(`- ${text}`);
  }
  return lines.join("\n");
}
