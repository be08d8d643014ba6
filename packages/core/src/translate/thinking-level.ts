import type { Effort } from "../anthropic/messages.ts";
import type { ThinkingConfig } from "../google/generate-content.ts";
import type { ModelInfo } from "../models/catalogue.ts";
import type { TranslationSettings } from "./context.ts";
import type { ThinkingRequest } from "./thinking-request.ts";

type Level = NonNullable<ThinkingConfig["thinkingLevel"]>;

const LEVEL_OF_EFFORT = {
  low: "low",
  medium: "medium",
  high: "high",
  xhigh: "high",
  max: "high",
} as const satisfies Readonly<Record<Effort, Level>>;

/** Pro models know two levels. */
const PRO_LEVEL = {
  minimal: "low",
  low: "low",
  medium: "high",
  high: "high",
} as const satisfies Readonly<Record<Level, Level>>;

/**
 * The level for a model of the setting `thinkingLevelModels`, or undefined, which leaves the depth to the model.
 *
 * A client's budget becomes the level of the nearest effort whose budget holds it. Source: cloud-code §5.1 (`thinkingLevel`).
 */
export function thinkingLevel(
  asked: ThinkingRequest,
  model: ModelInfo,
  settings: TranslationSettings,
): Level | undefined {
  const level = flashLevel(asked, settings);
  return level !== undefined && /\bpro\b/.test(model.id) ? PRO_LEVEL[level] : level;
}

function flashLevel(asked: ThinkingRequest, settings: TranslationSettings): Level | undefined {
  switch (asked.kind) {
    case "off":
      return "minimal";
    case "adaptive":
      return asked.effort === undefined ? undefined : LEVEL_OF_EFFORT[asked.effort];
    case "budget": {
      const { low, medium } = settings.effortBudgets.gemini;
      if (asked.tokens <= low) return "low";
      return asked.tokens <= medium ? "medium" : "high";
    }
  }
}
