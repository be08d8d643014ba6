import type { Catalogue, ModelInfo } from "./catalogue.ts";
import { geminiTierOf } from "./gemini-tier.ts";

const LEVEL_COST = { low: 0, medium: 1, none: 2, high: 3 } as const;

/**
 * The cheapest Gemini Flash of the catalogue: the oldest version, of that the lowest level. A Flash-Lite only where there
 * is no Flash; undefined where there is neither.
 *
 * Source: cloud-code §11 (what a request for a Haiku gets).
 */
export function cheapestFlash(catalogue: Catalogue): ModelInfo | undefined {
  return cheapestOf("flash", catalogue) ?? cheapestOf("flash-lite", catalogue);
}

function cheapestOf(kind: "flash" | "flash-lite", catalogue: Catalogue): ModelInfo | undefined {
  let cheapest: ModelInfo | undefined;
  let lowest = Infinity;
  for (const model of catalogue.models.values()) {
    const tier = geminiTierOf(model.id);
    if (tier?.kind !== kind) continue;
    const cost = tier.version * 10 + LEVEL_COST[tier.level ?? "none"];
    // The shorter of two equals is the plain one: `gemini-2.5-flash` before its `-thinking`.
    const isShorter = cost === lowest && model.id.length < (cheapest?.id.length ?? 0);
    if (cost >= lowest && !isShorter) continue;
    cheapest = model;
    lowest = cost;
  }
  return cheapest;
}
