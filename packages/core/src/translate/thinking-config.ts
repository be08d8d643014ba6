import type { ThinkingConfig } from "../google/generate-content.ts";
import type { ModelInfo } from "../models/catalogue.ts";
import type { TranslationSettings } from "./context.ts";
import type { TranslationDrops } from "./dropped.ts";
import { thinkingLevel } from "./thinking-level.ts";
import type { ThinkingRequest } from "./thinking-request.ts";

/** Least budget that Claude takes, and least room for the answer that adaptive thinking leaves. Source: cloud-code §5.1. */
const MIN_CLAUDE_BUDGET = 1024;
const ROOM_FOR_ANSWER = 1024;

export interface ThinkingSituation {
  readonly model: ModelInfo;
  readonly settings: TranslationSettings;
  /** As sent, within the model's limit. */
  readonly maxOutputTokens: number;
  /** `tool_choice` forces a call. */
  readonly isToolForced: boolean;
  /** Claude: the tool loop that is going on has lost its thinking (`openLoopLacksThinking`). */
  readonly loopLacksThinking: boolean;
  readonly drops: TranslationDrops;
}

/**
 * The `thinkingConfig` for what the client asks for, or undefined where none may be sent.
 *
 * Source: cloud-code §5.1, §5.3, §8.4.
 */
export function translateThinkingConfig(
  asked: ThinkingRequest,
  situation: ThinkingSituation,
): ThinkingConfig | undefined {
  const { model, drops } = situation;
  if (model.makesImages) {
    if (asked.kind !== "off") drops.add("image_model", "thinking");
    return undefined;
  }
  if (model.thinking === "none" || model.family === "gpt") {
    if (asked.kind !== "off") drops.add("thinking_unsupported", "thinking");
    return undefined;
  }
  return model.family === "claude"
    ? claudeThinking(asked, situation)
    : geminiThinking(asked, situation);
}

function claudeThinking(
  asked: ThinkingRequest,
  situation: ThinkingSituation,
): ThinkingConfig | undefined {
  const { isToolForced, loopLacksThinking, drops } = situation;
  if (asked.kind === "off") return undefined;
  if (isToolForced) {
    // For adaptive thinking alone: `validateForModel` refuses a budget here.
    drops.add("thinking_with_forced_tool", "thinking");
    return undefined;
  }
  if (loopLacksThinking) {
    drops.add("thinking_in_open_tool_loop", "thinking");
    return undefined;
  }
  const budget = claudeBudget(asked, situation);
  if (budget < MIN_CLAUDE_BUDGET) {
    drops.add("thinking_too_small", "thinking");
    return undefined;
  }
  // Without a number Claude does not think: `includeThoughts` alone is ignored.
  return { includeThoughts: true, thinkingBudget: budget };
}

type AskedThinking = Exclude<ThinkingRequest, { readonly kind: "off" }>;

function claudeBudget(asked: AskedThinking, situation: ThinkingSituation): number {
  const { model, settings, maxOutputTokens, drops } = situation;
  if (asked.kind === "budget") {
    const most = Math.min(model.maxThinkingBudget, maxOutputTokens - 1);
    return clamped(asked.tokens, Math.min(model.minThinkingBudget, most), most, drops);
  }
  const wanted =
    asked.effort === undefined
      ? settings.defaultClaudeBudget
      : settings.effortBudgets.claude[asked.effort];
  return Math.min(wanted, maxOutputTokens - ROOM_FOR_ANSWER, model.maxThinkingBudget);
}

function geminiThinking(asked: ThinkingRequest, situation: ThinkingSituation): ThinkingConfig {
  const { model, settings } = situation;
  if (model.generation >= 3 && settings.thinkingLevelModels.includes(model.id)) {
    return geminiLevel(asked, situation);
  }
  if (asked.kind === "off") {
    return model.thinking === "always"
      ? { includeThoughts: false, thinkingBudget: model.minThinkingBudget }
      : { thinkingBudget: 0 };
  }
  const thinkingBudget = geminiBudget(asked, situation);
  const includeThoughts = asked.isShown;
  return thinkingBudget === undefined ? { includeThoughts } : { includeThoughts, thinkingBudget };
}

/** Undefined leaves the depth to the model: adaptive thinking without an effort. */
function geminiBudget(asked: AskedThinking, situation: ThinkingSituation): number | undefined {
  const { model, settings, maxOutputTokens, drops } = situation;
  const { minThinkingBudget: least, maxThinkingBudget: most } = model;
  if (asked.kind === "budget") {
    return clamped(Math.min(asked.tokens, maxOutputTokens - 1), least, most, drops);
  }
  if (asked.effort === undefined) return undefined;
  const wanted = settings.effortBudgets.gemini[asked.effort];
  // Thoughts count as output: a budget of the whole limit leaves no answer (cloud-code §12, 24).
  const bounded =
    wanted < maxOutputTokens ? wanted : Math.max(maxOutputTokens - ROOM_FOR_ANSWER, least);
  return Math.min(Math.max(bounded, least), most);
}

function geminiLevel(asked: ThinkingRequest, situation: ThinkingSituation): ThinkingConfig {
  const { model, settings } = situation;
  const level = thinkingLevel(asked, model, settings);
  const includeThoughts = asked.kind !== "off" && asked.isShown;
  return level === undefined ? { includeThoughts } : { includeThoughts, thinkingLevel: level };
}

function clamped(value: number, least: number, most: number, drops: TranslationDrops): number {
  const result = Math.min(Math.max(value, least), most);
  if (result !== value) drops.add("clamped", "thinking.budget_tokens");
  return result;
}
