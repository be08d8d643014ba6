import type { MessagesRequest } from "../anthropic/messages.ts";
import { DEFERRED_TOOL_PLACEHOLDER, toolKindOf } from "../anthropic/tool-kind.ts";

/**
 * True for a request whose only tool is Anthropic's web search, and which may use it: it goes to a Gemini model with Google
 * Search, whatever model it names. `tool_choice: none` means that nothing is searched.
 *
 * Source: cloud-code §6.4, fixture 12.
 */
export function isWebSearchOnly(request: Pick<MessagesRequest, "tools" | "tool_choice">): boolean {
  if (request.tool_choice?.type === "none") return false;
  const tools = (request.tools ?? []).filter((tool) => tool.name !== DEFERRED_TOOL_PLACEHOLDER);
  return tools.length > 0 && tools.every((tool) => toolKindOf(tool.type) === "web_search");
}
