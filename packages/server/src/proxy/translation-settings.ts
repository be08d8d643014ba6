import type { TranslationSettings } from "@agp/core";

import type { Config } from "../config/config.ts";

/** Budgets by effort where nobody configured others (cloud-code §5.1). */
const EFFORT_BUDGETS = {
  claude: { low: 4_096, medium: 10_000, high: 24_576, xhigh: 32_000, max: 32_000 },
  gemini: { low: 1_000, medium: 4_000, high: 10_000, xhigh: 10_000, max: 10_000 },
} as const satisfies TranslationSettings["effortBudgets"];

/** The part of the settings that translation depends on. */
export function translationSettings(config: Config): TranslationSettings {
  return {
    effortBudgets: {
      claude: { ...EFFORT_BUDGETS.claude, ...config.effortBudgets.claude },
      gemini: { ...EFFORT_BUDGETS.gemini, ...config.effortBudgets.gemini },
    },
    defaultClaudeBudget: config.defaultClaudeBudget,
    placeholderForEmptyObjects: config.placeholderForEmptyObjects,
    thinkingLevelModels: config.thinkingLevelModels,
    webSearchBesideTools: config.webSearchBesideTools,
  };
}
