export type GeminiKind = "pro" | "flash" | "flash-lite";
export type GeminiLevel = "low" | "medium" | "high";

/** Where a Gemini stands among its siblings. */
export interface GeminiTier {
  /** 2.5, 3, 3.1 … */
  readonly version: number;
  readonly kind: GeminiKind;
  /** Absent where the id names none. */
  readonly level?: GeminiLevel;
}

/** Ids that do not say what they are. Source: cloud-code §11 ("display names do not follow the ids"). */
const IRREGULAR: ReadonlyMap<string, GeminiTier> = new Map([
  ["gemini-pro-agent", { version: 3.1, kind: "pro", level: "high" }],
  ["gemini-3-flash-agent", { version: 3.5, kind: "flash", level: "high" }],
  ["gemini-3.5-flash-low", { version: 3.5, kind: "flash", level: "medium" }],
  ["gemini-3.5-flash-extra-low", { version: 3.5, kind: "flash", level: "low" }],
  // The public name of what the backend serves in three tiers.
  ["gemini-3-flash-preview", { version: 3.5, kind: "flash" }],
]);

const REGULAR =
  /^gemini-(2\.5|3(?:\.\d{1,2})?)-(pro|flash-lite|flash)(?:-(low|medium|high))?(?:-(?:preview|thinking))?$/;

/**
 * Reads version, kind and level from a Gemini's id: `gemini-3.1-pro-high` → 3.1, pro, high. Undefined for other families,
 * for models that make images, and for generations that the backend does not know.
 *
 * Source: cloud-code §11.
 */
export function geminiTierOf(id: string): GeminiTier | undefined {
  const irregular = IRREGULAR.get(id);
  if (irregular !== undefined) return irregular;
  const match = REGULAR.exec(id);
  if (match === null) return undefined;
  const [, version, kind, level] = match;
  return {
    version: Number(version),
    // The expression matches no other words.
    kind: kind as GeminiKind,
    ...(level === undefined ? {} : { level: level as GeminiLevel }),
  };
}
