const VIA = /^claude-via-/i;
const CONTEXT_SUFFIX = /\[1m\]$/i;

/**
 * A requested name as the user's own tables may hold it: `claude-via-X` means `X`, and `[1m]` is Claude Code's wish for a
 * window that this backend does not have.
 *
 * Source: cloud-code §11 ("Ids that clients send"); anthropic-messages §10.
 */
export function plainName(requested: string): string {
  return requested.trim().replace(CONTEXT_SUFFIX, "").replace(VIA, "");
}

/**
 * A name in the catalogue's spelling: `anthropic/Claude-Opus-4.6@20260101` → `claude-opus-4-6`. Prefixes of providers,
 * dates and `-latest` go, and the dots of a Claude's version become dashes.
 *
 * Source: cloud-code §11 ("Then normalise").
 */
export function normalName(name: string): string {
  const bare = name
    .toLowerCase()
    .replace(/^(?:models\/|anthropic\/)+/, "")
    .replace(CONTEXT_SUFFIX, "")
    .replace(VIA, "")
    .replace(/[@-]20\d{6}$/, "")
    .replace(/-latest$/, "");
  return bare.startsWith("claude") ? bare.replaceAll(/(\d)\.(?=\d)/g, "$1-") : bare;
}
