import type { Effort } from "../anthropic/messages.ts";
import type { Catalogue, ModelInfo } from "../models/catalogue.ts";
import { geminiTierOf } from "../models/gemini-tier.ts";
import type { GeminiKind, GeminiLevel, GeminiTier } from "../models/gemini-tier.ts";
import { cheapestFlash } from "../models/small-model.ts";

type ClaudeLine = "opus" | "sonnet" | "haiku";

/** Names of Claude's lines, in the order `claude-opus-5-5`, `claude-3-opus`, `opus`. Source: cloud-code §11. */
const CLAUDE_LINES: readonly (readonly [RegExp, ClaudeLine])[] = [
  [/^(?:opus$|claude-(?:\d[\d-]*-)?opus(?:-|$)|claude-(?:fable|mythos)(?:-|$))/, "opus"],
  [/^(?:sonnet$|claude-(?:\d[\d-]*-)?sonnet(?:-|$))/, "sonnet"],
  [/^(?:haiku$|claude-(?:\d[\d-]*-)?haiku(?:-|$))/, "haiku"],
];

/**
 * The model that serves a name which the catalogue lacks: Claude's lines by their newest member, a Haiku by a small model,
 * a Gemini by the nearest live one of its tier. `name` is normalised; undefined for every other name.
 *
 * Source: cloud-code §11, the table of defaults.
 */
export function defaultModelFor(
  name: string,
  catalogue: Catalogue,
  effort: Effort | undefined,
): ModelInfo | undefined {
  const line = CLAUDE_LINES.find(([pattern]) => pattern.test(name))?.[1];
  if (line === "haiku") return newestClaude("haiku", catalogue) ?? smallModel(catalogue);
  if (line !== undefined) return newestClaude(line, catalogue);
  const tier = geminiTierOf(name);
  return tier === undefined ? undefined : nearestGemini(tier, catalogue, effort);
}

/** True for a name whose request goes to the configured small model. Source: cloud-code §11. */
export function isHaikuName(name: string): boolean {
  return CLAUDE_LINES.some(([pattern, line]) => line === "haiku" && pattern.test(name));
}

function smallModel(catalogue: Catalogue): ModelInfo | undefined {
  return cheapestFlash(catalogue) ?? newestClaude("sonnet", catalogue);
}

function newestClaude(line: ClaudeLine, catalogue: Catalogue): ModelInfo | undefined {
  let newest: ModelInfo | undefined;
  let highest = -1;
  for (const model of catalogue.models.values()) {
    if (!model.id.startsWith(`claude-${line}-`)) continue;
    const version = claudeVersion(model.id);
    // Of the pair with and without `-thinking` the plain one; who asks for thinking gets its sibling later.
    const isShorter = version === highest && model.id.length < (newest?.id.length ?? 0);
    if (version <= highest && !isShorter) continue;
    newest = model;
    highest = version;
  }
  return newest;
}

/** `claude-opus-4-6-thinking` → 406. */
function claudeVersion(id: string): number {
  const match = /-(\d{1,2})(?:-(\d{1,2}))?(?!\d)/.exec(id);
  return match === null ? 0 : Number(match[1]) * 100 + Number(match[2] ?? 0);
}

const LEVEL_ORDER = { low: 0, medium: 1, high: 2 } as const satisfies Record<GeminiLevel, number>;
/** A model that names no level is nearer to every level than the wrong one is. */
const UNKNOWN_LEVEL_DISTANCE = 0.5;

/** Kinds that may stand in for one another, the wanted one first. */
const KINDS = {
  pro: ["pro"],
  flash: ["flash", "flash-lite"],
  "flash-lite": ["flash-lite", "flash"],
} as const satisfies Record<GeminiKind, readonly GeminiKind[]>;

function nearestGemini(
  wanted: GeminiTier,
  catalogue: Catalogue,
  effort: Effort | undefined,
): ModelInfo | undefined {
  const level = wanted.level ?? levelOf(effort, wanted.kind);
  const live = [...catalogue.models.values()].flatMap((model) => {
    const tier = geminiTierOf(model.id);
    return tier === undefined ? [] : [{ model, tier }];
  });
  for (const kind of KINDS[wanted.kind]) {
    const [nearest] = live
      .filter(({ tier }) => tier.kind === kind)
      .map(({ model, tier }) => ({ model, distance: distanceOf(tier, wanted, level) }))
      .toSorted((a, b) => a.distance - b.distance || (a.model.id < b.model.id ? -1 : 1));
    if (nearest !== undefined) return nearest.model;
  }
  return undefined;
}

/** Of a Pro the level matters first (its tiers are High and Low), of a Flash the version. */
function distanceOf(tier: GeminiTier, wanted: GeminiTier, level: GeminiLevel): number {
  const versions = Math.abs(tier.version - wanted.version);
  const levels =
    tier.level === undefined
      ? UNKNOWN_LEVEL_DISTANCE
      : Math.abs(LEVEL_ORDER[tier.level] - LEVEL_ORDER[level]);
  return wanted.kind === "pro" ? levels * 100 + versions : versions * 100 + levels;
}

/** Pro has only High and Low; without an effort a Flash gets its middle. Source: cloud-code §11. */
function levelOf(effort: Effort | undefined, kind: GeminiKind): GeminiLevel {
  if (effort === "low") return "low";
  if (kind === "pro") return "high";
  return effort === undefined || effort === "medium" ? "medium" : "high";
}
