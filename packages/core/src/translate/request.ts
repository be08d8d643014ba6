import type { MessagesRequest } from "../anthropic/messages.ts";
import type { DroppedField } from "../dropped-field.ts";
import type { GenerateContentRequest } from "../google/generate-content.ts";
import { translateMessages } from "./contents.ts";
import type { TranslatedRequest, Translation, TranslationContext } from "./context.ts";
import { TranslationDrops } from "./dropped.ts";
import { clampMaxTokens, translateGenerationConfig } from "./generation-config.ts";
import { outputFormat } from "./output-format.ts";
import { Refusal } from "./refusal.ts";
import { requestTools } from "./request-tools.ts";
import type { RequestTools } from "./request-tools.ts";
import type { TranslationScope } from "./scope.ts";
import { sessionId } from "./session-id.ts";
import { openLoopLacksThinking } from "./signatures.ts";
import { translateSystem } from "./system.ts";
import { translateThinkingConfig } from "./thinking-config.ts";
import { thinkingRequest } from "./thinking-request.ts";

/**
 * Translates a valid request for one model. The result shares strings, arguments and schemas with the request and the cache:
 * neither is changed, and none may be. The same conversation gives the same bytes, and a longer one begins with them.
 *
 * Refused is what the model cannot serve and nothing may lose silently (a URL for Claude …), as a 400 that names the path.
 * Source: cloud-code §3–6, §8.4, §11.
 */
export function translateRequest(
  request: MessagesRequest,
  context: TranslationContext,
): Translation {
  try {
    return { kind: "translated", value: translate(request, context) };
  } catch (thrown) {
    if (thrown instanceof Refusal) return { kind: "refused", error: thrown.error };
    throw thrown;
  }
}

function translate(request: MessagesRequest, context: TranslationContext): TranslatedRequest {
  const drops = new TranslationDrops();
  const tools = requestTools(request, context, drops);
  const contents = translateMessages(request.messages, scopeOf(context, tools, drops));
  const systemInstruction = systemOf(request, context, tools, drops);
  const asked = thinkingRequest(request);
  const maxOutputTokens = clampMaxTokens(request.max_tokens, context.model, drops);
  const thinkingConfig = translateThinkingConfig(asked, {
    model: context.model,
    settings: context.settings,
    maxOutputTokens,
    isToolForced: tools.isThinkingForbidden,
    loopLacksThinking: openLoopLacksThinking(contents),
    drops,
  });
  if (asked.kind !== "adaptive") noteUnusedEffort(request, drops);
  const generationConfig = translateGenerationConfig(request, context, {
    asked,
    maxOutputTokens,
    thinkingConfig,
    hasTools: tools.tools !== undefined,
    drops,
  });

  // In the order of the backend's prompt: what changes least stands first.
  const translated: GenerateContentRequest = { contents };
  if (systemInstruction !== undefined) translated.systemInstruction = systemInstruction;
  if (tools.tools !== undefined) translated.tools = tools.tools;
  if (tools.toolConfig !== undefined) translated.toolConfig = tools.toolConfig;
  translated.generationConfig = generationConfig;
  translated.sessionId = sessionId(request.messages, context.sha256Hex);
  return {
    request: translated,
    requestType: tools.requestType,
    toolNames: tools.names,
    showThinking: asked.kind !== "off" && asked.isShown,
    jsonOutput: outputFormat(request) !== undefined,
    dropped: allDropped(tools, drops),
  };
}

function scopeOf(
  context: TranslationContext,
  tools: RequestTools,
  drops: TranslationDrops,
): TranslationScope {
  const { model, signatures, repairSignatures } = context;
  return {
    model,
    signatures,
    repairSignatures,
    toolNames: tools.names,
    drops,
    messageIndex: 0,
    blockIndex: 0,
  };
}

/** Source: cloud-code §4.3 (`system`), §11 (image models). */
function systemOf(
  request: MessagesRequest,
  context: TranslationContext,
  tools: RequestTools,
  drops: TranslationDrops,
): GenerateContentRequest["systemInstruction"] {
  if (!context.model.makesImages) {
    return translateSystem(request.system, tools.instruction, drops);
  }
  if (request.system !== undefined) drops.add("image_model", "system");
  return undefined;
}

function noteUnusedEffort(request: MessagesRequest, drops: TranslationDrops): void {
  if (request.output_config?.effort) {
    drops.add("effort_without_adaptive_thinking", "output_config.effort");
  }
}

function allDropped(tools: RequestTools, drops: TranslationDrops): readonly DroppedField[] {
  return tools.dropped.length === 0 ? drops.list() : [...tools.dropped, ...drops.list()];
}
