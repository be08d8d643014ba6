import type { AvailableModel } from "../google/cloud-code.ts";
import { BUILT_IN_MODELS } from "./built-in.ts";
import type { ModelInfo } from "./catalogue.ts";
import { familyOf, generationOf } from "./family.ts";

/** Fields that tell what a model can do; an entry with none of them is only a name (and perhaps a quota). */
const TELLING_FIELDS = [
  "supportsImages",
  "supportsThinking",
  "supportsVideo",
  "thinkingBudget",
  "minThinkingBudget",
  "maxTokens",
  "maxOutputTokens",
  "supportedMimeTypes",
] as const satisfies readonly (keyof AvailableModel)[];

/** The built-in model that stands for an id which nobody has described. */
const LIKENESS = {
  claude: "claude-sonnet-4-6",
  gpt: "gpt-oss-120b-medium",
  gemini2Pro: "gemini-2.5-pro",
  gemini2Flash: "gemini-2.5-flash",
  gemini2Lite: "gemini-2.5-flash-lite",
  gemini3Pro: "gemini-3.1-pro-high",
  gemini3Flash: "gemini-3-flash",
} as const;

/**
 * What is known about a model: what the backend tells, and the built-in table for what it leaves out.
 *
 * The backend omits false and zero. So an entry that describes the model at all denies what it does not name, and one
 * that only names it denies nothing. Numbers that are no positive integers count as left out (-1 is "dynamic", which is
 * to be avoided).
 *
 * Source: cloud-code §1.6, §5.1, §11.
 */
export function modelInfoFrom(id: string, available?: AvailableModel): ModelInfo {
  const known = BUILT_IN_MODELS.get(id) ?? likenessOf(id);
  if (available === undefined) return known;
  const maxOutputTokens = positive(available.maxOutputTokens) ?? known.maxOutputTokens;
  const described: ModelInfo = {
    ...known,
    displayName: nonEmpty(available.displayName) ?? known.displayName,
    contextTokens: positive(available.maxTokens) ?? known.contextTokens,
    maxOutputTokens,
    supportsImages: tells(available) ? available.supportsImages === true : known.supportsImages,
  };
  if (!thinks(available, known)) {
    return { ...described, thinking: "none", minThinkingBudget: 0, maxThinkingBudget: 0 };
  }
  return withBudgets(described, available);
}

function thinks(available: AvailableModel, known: ModelInfo): boolean {
  // GPT-OSS gets no thinkingConfig, whatever is listed (cloud-code §11).
  if (known.family === "gpt") return false;
  return tells(available) ? available.supportsThinking === true : known.thinking !== "none";
}

function withBudgets(model: ModelInfo, available: AvailableModel): ModelInfo {
  const like = model.thinking === "none" ? likenessOf(model.id) : model;
  const minThinkingBudget = positive(available.minThinkingBudget) ?? like.minThinkingBudget;
  // For Claude the listed budget is a default; the limit is what an answer can hold beside it.
  const maxThinkingBudget =
    model.family === "claude"
      ? model.maxOutputTokens - 1
      : (positive(available.thinkingBudget) ?? like.maxThinkingBudget);
  return {
    ...model,
    thinking: like.thinking,
    minThinkingBudget: Math.min(minThinkingBudget, maxThinkingBudget),
    maxThinkingBudget,
  };
}

function likenessOf(id: string): ModelInfo {
  const family = familyOf(id);
  const generation = generationOf(id);
  const like = BUILT_IN_MODELS.get(LIKENESS[likenessKey(id, family, generation)]);
  if (like === undefined) throw new Error(`the built-in table lacks the likeness of ${id}`);
  const makesImages = family === "gemini" && /-image(?:-|$)/.test(id);
  return { ...like, id, displayName: id, family, generation, makesImages };
}

function likenessKey(
  id: string,
  family: ModelInfo["family"],
  generation: number,
): keyof typeof LIKENESS {
  if (family !== "gemini") return family;
  const isFlash = id.includes("flash");
  if (generation >= 3) return isFlash ? "gemini3Flash" : "gemini3Pro";
  if (!isFlash) return "gemini2Pro";
  return id.includes("lite") ? "gemini2Lite" : "gemini2Flash";
}

function tells(available: AvailableModel): boolean {
  return TELLING_FIELDS.some((field) => available[field] !== undefined);
}

/** The backend may write an int64 as a string. */
function positive(value: unknown): number | undefined {
  const number = typeof value === "string" ? Number(value) : value;
  return Number.isSafeInteger(number) && Number(number) > 0 ? Number(number) : undefined;
}

function nonEmpty(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
