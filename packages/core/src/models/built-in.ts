import type { Catalogue, ModelInfo } from "./catalogue.ts";
import { familyOf, generationOf } from "./family.ts";

type Traits = Omit<ModelInfo, "id" | "displayName" | "family" | "generation">;

const CLAUDE: Traits = {
  thinking: "budget",
  minThinkingBudget: 1024,
  maxThinkingBudget: 63_999,
  contextTokens: 200_000,
  maxOutputTokens: 64_000,
  supportsImages: true,
  makesImages: false,
};

const CLAUDE_WITHOUT_THINKING: Traits = {
  ...CLAUDE,
  thinking: "none",
  minThinkingBudget: 0,
  maxThinkingBudget: 0,
};

const GEMINI_PRO: Traits = {
  thinking: "always",
  minThinkingBudget: 128,
  maxThinkingBudget: 32_768,
  contextTokens: 1_048_576,
  maxOutputTokens: 65_535,
  supportsImages: true,
  makesImages: false,
};

const GEMINI_FLASH: Traits = { ...GEMINI_PRO, maxOutputTokens: 65_536 };

/** 2.5: thinking can be switched off, except in the Pro. */
const GEMINI_2_FLASH: Traits = {
  ...GEMINI_FLASH,
  thinking: "budget",
  minThinkingBudget: 0,
  maxThinkingBudget: 24_576,
};

/** 0 or at least 512; 0 is "off" and has no part in the range. */
const GEMINI_2_LITE: Traits = { ...GEMINI_2_FLASH, minThinkingBudget: 512 };

const GEMINI_IMAGE: Traits = { ...GEMINI_PRO, makesImages: true };

const GPT_OSS: Traits = {
  thinking: "none",
  minThinkingBudget: 0,
  maxThinkingBudget: 0,
  contextTokens: 114_000,
  maxOutputTokens: 32_768,
  supportsImages: false,
  makesImages: false,
};

type Row = readonly [id: string, displayName: string, traits: Traits];

/** Current models, in the order in which a list shows them. Source: cloud-code §5.1 (ranges), §11. */
const CURRENT: readonly Row[] = [
  ["claude-opus-4-6-thinking", "Claude Opus 4.6 (Thinking)", CLAUDE],
  ["claude-sonnet-4-6", "Claude Sonnet 4.6 (Thinking)", CLAUDE],
  ["gemini-3-flash-agent", "Gemini 3.5 Flash (High)", GEMINI_FLASH],
  ["gemini-3.5-flash-low", "Gemini 3.5 Flash (Medium)", GEMINI_FLASH],
  ["gemini-3.5-flash-extra-low", "Gemini 3.5 Flash (Low)", GEMINI_FLASH],
  ["gemini-pro-agent", "Gemini 3.1 Pro (High, agent)", GEMINI_PRO],
  ["gemini-3.1-pro-high", "Gemini 3.1 Pro (High)", GEMINI_PRO],
  ["gemini-3.1-pro-low", "Gemini 3.1 Pro (Low)", GEMINI_PRO],
  ["gemini-3.1-flash-lite", "Gemini 3.1 Flash Lite", { ...GEMINI_FLASH, maxOutputTokens: 65_535 }],
  ["gemini-3-flash", "Gemini 3 Flash", GEMINI_FLASH],
  ["gemini-2.5-pro", "Gemini 2.5 Pro", { ...GEMINI_PRO, maxOutputTokens: 65_536 }],
  ["gemini-2.5-flash", "Gemini 2.5 Flash", GEMINI_2_FLASH],
  ["gemini-2.5-flash-thinking", "Gemini 2.5 Flash (Thinking)", GEMINI_2_FLASH],
  ["gemini-2.5-flash-lite", "Gemini 2.5 Flash Lite", GEMINI_2_LITE],
  ["gemini-3.1-flash-image", "Gemini 3.1 Flash Image", GEMINI_IMAGE],
  ["gemini-3-pro-image", "Gemini 3 Pro Image", GEMINI_IMAGE],
  ["gpt-oss-120b-medium", "GPT-OSS 120B (Medium)", GPT_OSS],
];

/** Models that some accounts may still list, with the one that replaces each where they do not. */
const RETIRED: readonly (readonly [...Row, successor: string])[] = [
  ["claude-opus-4-5-thinking", "Claude Opus 4.5 (Thinking)", CLAUDE, "claude-opus-4-6-thinking"],
  ["claude-sonnet-4-5-thinking", "Claude Sonnet 4.5 (Thinking)", CLAUDE, "claude-sonnet-4-6"],
  ["claude-sonnet-4-5", "Claude Sonnet 4.5", CLAUDE_WITHOUT_THINKING, "claude-sonnet-4-6"],
  ["gemini-3-pro-high", "Gemini 3 Pro (High)", GEMINI_PRO, "gemini-3.1-pro-high"],
  ["gemini-3-pro-low", "Gemini 3 Pro (Low)", GEMINI_PRO, "gemini-3.1-pro-low"],
];

function infoOf([id, displayName, traits]: Row): readonly [string, ModelInfo] {
  const family = familyOf(id);
  return [id, { id, displayName, family, generation: generationOf(id), ...traits }];
}

/** Everything known about models without asking the backend, the retired ones included. Source: cloud-code §5.1, §11. */
export const BUILT_IN_MODELS: ReadonlyMap<string, ModelInfo> = new Map([
  ...CURRENT.map(infoOf),
  ...RETIRED.map(([id, name, traits]) => infoOf([id, name, traits])),
]);

/** The catalogue until the first account has told its own. Source: cloud-code §11. */
export const BUILT_IN_CATALOGUE: Catalogue = {
  models: new Map(CURRENT.map(infoOf)),
  deprecated: new Map(RETIRED.map(([id, , , successor]) => [id, successor])),
  webSearchModelIds: ["gemini-2.5-flash"],
};
