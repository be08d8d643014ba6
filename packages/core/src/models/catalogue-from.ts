import type { AvailableModel, FetchAvailableModelsResponse } from "../google/cloud-code.ts";
import { BUILT_IN_CATALOGUE } from "./built-in.ts";
import type { Catalogue, ModelInfo } from "./catalogue.ts";
import { modelInfoFrom } from "./model-info.ts";
import { cheapestFlash } from "./small-model.ts";

/**
 * Merges the catalogues that the accounts were told into one; the built-in catalogue when they list no model at all.
 *
 * A model is in it when any account has it. Where accounts differ, limits are the narrowest, since a request may go to any
 * of them, and abilities the widest. Entries of no use are left out: internal ones, those without a display name, and
 * those named `chat_…` or `tab_…`. Fields of unexpected types count as absent.
 *
 * Source: cloud-code §1.6, §11.
 */
export function catalogueFrom(responses: readonly FetchAvailableModelsResponse[]): Catalogue {
  const models = new Map<string, ModelInfo>();
  for (const response of responses) {
    const imageMakers = new Set(strings(response.imageGenerationModelIds));
    for (const [id, entry] of entries(response.models)) {
      if (isHidden(id, entry)) continue;
      const told = modelInfoFrom(id, entry);
      const model = imageMakers.has(id) ? { ...told, makesImages: true } : told;
      const known = models.get(id);
      models.set(id, known === undefined ? model : merged(known, model));
    }
  }
  if (models.size === 0) return BUILT_IN_CATALOGUE;
  return {
    models,
    deprecated: deprecatedOf(responses),
    webSearchModelIds: [
      ...new Set(responses.flatMap((response) => strings(response.webSearchModelIds))),
    ],
  };
}

/**
 * The model for a grounded web search: the backend's own choice, which need not be among the listed models, or else the
 * cheapest Flash; undefined where there is neither.
 *
 * Source: cloud-code §6.4.
 */
export function webSearchModelOf(catalogue: Catalogue): ModelInfo | undefined {
  const id = catalogue.webSearchModelIds.find((name) => name.includes("gemini"));
  if (id === undefined) return cheapestFlash(catalogue);
  return catalogue.models.get(id) ?? modelInfoFrom(id);
}

function isHidden(id: string, entry: AvailableModel): boolean {
  if (entry.isInternal === true || /^(?:chat|tab)_/.test(id)) return true;
  return typeof entry.displayName !== "string" || entry.displayName === "";
}

function merged(a: ModelInfo, b: ModelInfo): ModelInfo {
  const [thinker, other] = a.thinking === "none" ? [b, a] : [a, b];
  const both = other.thinking === "none" ? [thinker] : [thinker, other];
  const maxThinkingBudget = Math.min(...both.map((model) => model.maxThinkingBudget));
  const minThinkingBudget = Math.max(...both.map((model) => model.minThinkingBudget));
  return {
    ...a,
    thinking: thinker.thinking,
    minThinkingBudget: Math.min(minThinkingBudget, maxThinkingBudget),
    maxThinkingBudget,
    contextTokens: Math.min(a.contextTokens, b.contextTokens),
    maxOutputTokens: Math.min(a.maxOutputTokens, b.maxOutputTokens),
    supportsImages: a.supportsImages || b.supportsImages,
    makesImages: a.makesImages || b.makesImages,
  };
}

function deprecatedOf(
  responses: readonly FetchAvailableModelsResponse[],
): ReadonlyMap<string, string> {
  const deprecated = new Map<string, string>();
  for (const response of responses) {
    for (const [id, entry] of entries(response.deprecatedModelIds)) {
      const successor: unknown = entry.newModelId;
      if (typeof successor === "string" && successor !== "") deprecated.set(id, successor);
    }
  }
  return deprecated;
}

/** Members that are objects of what the backend calls a map, and none where it sends something else. */
function entries<Entry extends object>(
  map: { readonly [id: string]: Entry } | undefined,
): readonly (readonly [string, Entry])[] {
  if (typeof map !== "object" || map === null) return [];
  return Object.entries(map).filter(([, entry]) => typeof entry === "object" && entry !== null);
}

function strings(list: readonly string[] | undefined): readonly string[] {
  return Array.isArray(list) ? list.filter((item) => typeof item === "string") : [];
}
