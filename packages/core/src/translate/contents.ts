import type { AssistantBlockParam, MessageParam, UserBlockParam } from "../anthropic/messages.ts";
import type { Content } from "../google/generate-content.ts";
import { translateDocument } from "./blocks/document.ts";
import { translateImage } from "./blocks/image.ts";
import { translateSearchResult } from "./blocks/search-result.ts";
import { isServerToolBlock, translateServerTool } from "./blocks/server-tool.ts";
import { translateSystemMessage } from "./blocks/system-message.ts";
import { translateText } from "./blocks/text.ts";
import { translateThinking } from "./blocks/thinking.ts";
import { translateToolResult } from "./blocks/tool-result.ts";
import { translateToolUse } from "./blocks/tool-use.ts";
import { ContentsBuilder } from "./contents-builder.ts";
import { refuse, refuseBlock } from "./refusal.ts";
import type { TranslationScope } from "./scope.ts";

/**
 * Translates the conversation. The result alternates between the roles and begins and ends with the user.
 *
 * Refuses a conversation of which nothing is left, and one that would begin or end with the model. Source: cloud-code §4.
 */
export function translateMessages(
  messages: readonly MessageParam[],
  scope: TranslationScope,
): Content[] {
  const builder = new ContentsBuilder(scope);
  for (const [index, message] of messages.entries()) {
    scope.messageIndex = index;
    scope.blockIndex = 0;
    const before = builder.taken;
    translateMessage(message, scope, builder);
    if (builder.taken === before && message.content.length > 0) {
      scope.drops.add("empty_message", "messages[]");
    }
  }
  const contents = builder.finish();
  checkEnds(contents);
  return contents;
}

function translateMessage(
  message: MessageParam,
  scope: TranslationScope,
  builder: ContentsBuilder,
): void {
  const { role, content } = message;
  if (role === "system") return translateSystemMessage(content, scope, builder.user);
  if (typeof content === "string") return translateText(content, scope, builder[sinkOf(role)]);
  for (const [index, block] of content.entries()) {
    scope.blockIndex = index;
    translateBlock(role, block, scope, builder);
  }
}

function sinkOf(role: "user" | "assistant"): "user" | "model" {
  return role === "user" ? "user" : "model";
}

/** The validator knows which block may stand in which role; here each is taken where it stands. */
function translateBlock(
  role: "user" | "assistant",
  block: UserBlockParam | AssistantBlockParam,
  scope: TranslationScope,
  builder: ContentsBuilder,
): void {
  if (isServerToolBlock(block)) return translateServerTool(block, scope, builder, sinkOf(role));
  const sink = builder[sinkOf(role)];
  switch (block.type) {
    case "text":
      return translateText(block.text, scope, sink);
    case "tool_use":
      return translateToolUse(block, scope, builder);
    case "tool_result":
      return translateToolResult(block, scope, builder);
    case "thinking":
      return translateThinking(block, scope, builder);
    case "redacted_thinking":
      return scope.drops.add("redacted_thinking", "messages[].content[]");
    case "image":
      return translateImage(block, scope, sink);
    case "document":
      return translateDocument(block, scope, sink);
    case "search_result":
      return translateSearchResult(block, sink);
    default:
      return refuseUnknown(block, scope);
  }
}

function refuseUnknown(block: never, scope: TranslationScope): never {
  // Not validated, so that the type is what JSON gave.
  const { type } = block as { type?: unknown };
  return refuseBlock(
    scope,
    "",
    `content block type ${String(type)} is not supported by this backend`,
  );
}

const PREFILL =
  "This model does not support assistant message prefill. The conversation must end with a user message.";

/** What the validator leaves to be found here: a message of which the translation left nothing. */
function checkEnds(contents: readonly Content[]): void {
  if (contents.length === 0) refuse("messages: at least one message is required");
  if (contents[0]?.role === "model") refuse('messages: first message must use the "user" role');
  if (contents.at(-1)?.role === "model") refuse(PREFILL);
}
