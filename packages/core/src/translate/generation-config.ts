import { isStrictVersion } from "../anthropic/api-version.ts";
import type { MessagesRequest } from "../anthropic/messages.ts";
import type { GenerationConfig, ThinkingConfig } from "../google/generate-content.ts";
import type { ModelInfo } from "../models/catalogue.ts";
import type { TranslationContext } from "./context.ts";
import type { TranslationDrops } from "./dropped.ts";
import { addOutputFormat } from "./output-format.ts";
import { addSampling } from "./sampling.ts";
import { claudeThinks } from "./thinking-request.ts";
import type { ThinkingRequest } from "./thinking-request.ts";

export interface GenerationConfigNeeds {
  readonly asked: ThinkingRequest;
  readonly maxOutputTokens: number;
  readonly thinkingConfig: ThinkingConfig | undefined;
  /** The request declares functions or searches. */
  readonly hasTools: boolean;
  readonly drops: TranslationDrops;
}

/**
 * The parameters of the answer; nothing that the client did not set but the limit and the thinking.
 *
 * Source: cloud-code §5.
 */
export function translateGenerationConfig(
  request: MessagesRequest,
  context: TranslationContext,
  needs: GenerationConfigNeeds,
): GenerationConfig {
  const { model } = context;
  const { asked, maxOutputTokens, thinkingConfig, drops } = needs;
  const config: GenerationConfig = { maxOutputTokens };
  // The validator reports what that version ignores.
  if (!isStrictVersion(context.apiVersion)) {
    addSampling(config, request, model, claudeThinks(asked, model), drops);
  }
  const { stop_sequences: stopSequences } = request;
  if (stopSequences !== undefined && stopSequences.length > 0) {
    config.stopSequences = [...stopSequences];
  }
  addOutputFormat(config, request, context, needs.hasTools);
  if (thinkingConfig !== undefined) config.thinkingConfig = thinkingConfig;
  return config;
}

/**
 * `max_tokens` within the model's limit and at least 1. Claude Code asks for more than a model gives, and means "as much as
 * there is". Source: cloud-code §5; anthropic-messages §3.1.
 */
export function clampMaxTokens(
  maxTokens: number,
  model: ModelInfo,
  drops: TranslationDrops,
): number {
  const clamped = Math.max(Math.min(maxTokens, model.maxOutputTokens), 1);
  if (clamped !== maxTokens) drops.add("clamped", "max_tokens");
  return clamped;
}
