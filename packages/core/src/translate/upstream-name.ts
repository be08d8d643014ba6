/** Longest name that the backend takes, for functions and for Claude's properties. */
const MAX_NAME_LENGTH = 64;
/** What is left of a name before `_` and eight digits of its hash. */
const CUT_LENGTH = 55;

export interface NameRule {
  /** True for names that go out as they are. */
  readonly isValid: (name: string) => boolean;
  /** Replaces what the backend refuses; the result may still be too long or taken. */
  readonly repair: (name: string) => string;
}

/** SHA-256 of the UTF-8 bytes of a text, as 64 lower-case hex digits. */
export type Sha256Hex = (text: string) => string;

const FUNCTION_NAME = /^[a-zA-Z_][a-zA-Z0-9_-]{0,63}$/;
const CLAUDE_PROPERTY_NAME = /^[a-zA-Z0-9_.-]{1,64}$/;

/** Names of functions, in the alphabet that both families take. Source: cloud-code §6.1. */
export const functionNameRule: NameRule = {
  isValid: (name) => FUNCTION_NAME.test(name),
  repair: (name) => {
    const replaced = name.replace(/[^a-zA-Z0-9_-]/gu, "_");
    return /^[a-zA-Z_]/.test(replaced) ? replaced : `_${replaced}`;
  },
};

/** Names of properties for Claude. Source: cloud-code §6.2, `properties`. */
export const claudePropertyNameRule: NameRule = {
  isValid: (name) => CLAUDE_PROPERTY_NAME.test(name),
  repair: (name) => name.replace(/[^a-zA-Z0-9_.-]/gu, "_") || "_",
};

/** Names of properties for other families: anything that UTF-8 can carry. Source: cloud-code §14 row 1. */
export const textPropertyNameRule: NameRule = {
  isValid: (name) => name.isWellFormed(),
  repair: (name) => name.toWellFormed(),
};

/**
 * A name that the backend takes and that is not in `taken`: `mcp/files.search` → `mcp_files_search`. Too long or taken, it is
 * cut to 55 characters and gets `_` and 8 hex digits of the original's SHA-256. Source: cloud-code §6.1.
 */
export function upstreamName(
  original: string,
  rule: NameRule,
  taken: { has(name: string): boolean },
  sha256Hex: Sha256Hex,
): string {
  const repaired = rule.isValid(original) ? original : rule.repair(original);
  if (repaired.length <= MAX_NAME_LENGTH && !taken.has(repaired)) return repaired;
  const stem = repaired.slice(0, CUT_LENGTH).toWellFormed();
  for (let attempt = 0; ; attempt += 1) {
    const text = attempt === 0 ? original : `${original}#${attempt}`;
    const candidate = `${stem}_${sha256Hex(text).slice(0, 8)}`;
    // A second round is needed only by names that were made to collide.
    if (!taken.has(candidate)) return candidate;
  }
}
