import type { AvailableModel } from "@agp/core";

export type Family = "claude" | "gemini" | "gpt";

/** Which quota a model spends. Source: cloud-code §10. */
export type Pool = "gemini" | "3p";

export interface EmulatedModel {
  readonly id: string;
  readonly family: Family;
  /** First number after `gemini-`; 0 for other families. */
  readonly generation: number;
  readonly pool: Pool;
  /** Range of `thinkingBudget` in tokens; absent: the model does not think. `zero`: 0 is allowed as well. */
  readonly budget?: { readonly min: number; readonly max: number; readonly zero: boolean };
  readonly levels?: readonly string[];
  readonly contextTokens: number;
  readonly maxOutputTokens: number;
  readonly makesImages: boolean;
  readonly isInternal: boolean;
  readonly listing: AvailableModel;
}

interface Row {
  readonly name?: string;
  readonly context: number;
  readonly output: number;
  readonly budget?: EmulatedModel["budget"];
  readonly defaultBudget?: number;
  readonly levels?: readonly string[];
  readonly makesImages?: boolean;
}

const CLAUDE = { context: 200_000, output: 64_000, defaultBudget: 32_000 };
const CLAUDE_BUDGET = { min: 1024, max: 63_999, zero: false };
const PRO = {
  context: 1_048_576,
  output: 65_535,
  budget: { min: 128, max: 32_768, zero: false },
  defaultBudget: 10_001,
  levels: ["low", "high"],
};
const FLASH = {
  ...PRO,
  output: 65_536,
  defaultBudget: 4_000,
  levels: ["minimal", "low", "medium", "high"],
};
const OLD_FLASH = {
  context: 1_048_576,
  output: 65_536,
  budget: { min: 0, max: 24_576, zero: true },
  defaultBudget: 8_192,
};

/** The models of the emulated backend. Source: cloud-code §11. */
const ROWS: Readonly<Record<string, Row>> = {
  "claude-sonnet-4-6": {
    ...CLAUDE,
    name: "Claude Sonnet 4.6 (Thinking)",
    budget: CLAUDE_BUDGET,
  },
  "claude-opus-4-6-thinking": {
    ...CLAUDE,
    name: "Claude Opus 4.6 (Thinking)",
    budget: CLAUDE_BUDGET,
  },
  "gemini-3.1-pro-high": { ...PRO, name: "Gemini 3.1 Pro (High)" },
  "gemini-3.1-pro-low": { ...PRO, name: "Gemini 3.1 Pro (Low)", defaultBudget: 1_001 },
  "gemini-pro-agent": { ...PRO, name: "Gemini 3.1 Pro (High)" },
  "gemini-3-flash": { ...FLASH, name: "Gemini 3 Flash" },
  "gemini-3-flash-agent": { ...FLASH, name: "Gemini 3.5 Flash (High)", defaultBudget: 10_000 },
  "gemini-3.5-flash-low": { ...FLASH, name: "Gemini 3.5 Flash (Medium)" },
  "gemini-3.5-flash-extra-low": {
    ...FLASH,
    name: "Gemini 3.5 Flash (Low)",
    defaultBudget: 1_000,
  },
  "gemini-3.1-flash-lite": { ...FLASH, name: "Gemini 3.1 Flash Lite", output: 65_535 },
  "gemini-2.5-pro": {
    ...OLD_FLASH,
    name: "Gemini 2.5 Pro",
    budget: { min: 128, max: 32_768, zero: false },
  },
  "gemini-2.5-flash": { ...OLD_FLASH, name: "Gemini 2.5 Flash" },
  "gemini-2.5-flash-thinking": { ...OLD_FLASH, name: "Gemini 2.5 Flash (Thinking)" },
  "gemini-2.5-flash-lite": {
    ...OLD_FLASH,
    name: "Gemini 2.5 Flash Lite",
    budget: { min: 512, max: 24_576, zero: true },
  },
  "gemini-3-pro-image": {
    ...PRO,
    name: "Gemini 3 Pro Image",
    makesImages: true,
  },
  "gpt-oss-120b-medium": {
    name: "GPT-OSS 120B (Medium)",
    context: 114_000,
    output: 32_768,
  },
  chat_20706: { context: 16_384, output: 4_096 },
  tab_flash_lite_preview: { context: 16_384, output: 4_096 },
};

const WEB_SEARCH_MODELS = ["gemini-2.5-flash", "gemini-3-flash"];

const DEPRECATED: Readonly<Record<string, { readonly newModelId: string }>> = {
  "claude-sonnet-4-5": { newModelId: "claude-sonnet-4-6" },
  "claude-sonnet-4-5-thinking": { newModelId: "claude-sonnet-4-6" },
  "claude-opus-4-5-thinking": { newModelId: "claude-opus-4-6-thinking" },
};

function familyOf(id: string): Family {
  if (id.includes("claude")) return "claude";
  return id.includes("gpt") ? "gpt" : "gemini";
}

function listingOf(id: string, row: Row, family: Family): AvailableModel {
  if (row.name === undefined) return { isInternal: true, maxTokens: row.context };
  const isGemini = family === "gemini";
  return {
    displayName: row.name,
    recommended: !id.startsWith("gemini-2"),
    ...(family !== "gpt" && { supportsImages: true }),
    ...(isGemini && { supportsVideo: true }),
    ...(row.budget && {
      supportsThinking: true,
      thinkingBudget: row.defaultBudget ?? row.budget.min,
      minThinkingBudget: row.budget.min,
    }),
    maxTokens: row.context,
    maxOutputTokens: row.output,
    ...(family !== "gpt" && {
      supportedMimeTypes: { "image/png": true, "image/jpeg": true, "application/pdf": true },
    }),
  };
}

function modelOf(id: string, row: Row): EmulatedModel {
  const family = familyOf(id);
  return {
    id,
    family,
    generation: family === "gemini" ? Number(/gemini-(\d+)/.exec(id)?.[1] ?? 3) : 0,
    pool: family === "gemini" ? "gemini" : "3p",
    ...(row.budget && { budget: row.budget }),
    ...(row.levels && { levels: row.levels }),
    contextTokens: row.context,
    maxOutputTokens: row.output,
    makesImages: row.makesImages ?? false,
    isInternal: row.name === undefined,
    listing: listingOf(id, row, family),
  };
}

export const MODELS: ReadonlyMap<string, EmulatedModel> = new Map(
  Object.entries(ROWS).map(([id, row]) => [id, modelOf(id, row)]),
);

/** What `fetchAvailableModels` says beside the models. Source: cloud-code §1.6. */
export const CATALOGUE_SIBLINGS = {
  defaultAgentModelId: "gemini-3.1-pro-high",
  agentModelSorts: [
    {
      displayName: "Recommended",
      groups: [
        {
          modelIds: [...MODELS.values()]
            .filter((model) => model.listing.recommended === true)
            .map((model) => model.id),
        },
      ],
    },
  ],
  webSearchModelIds: WEB_SEARCH_MODELS,
  imageGenerationModelIds: ["gemini-3-pro-image"],
  deprecatedModelIds: DEPRECATED,
  experimentIds: [97_180_001, 97_180_002],
};
