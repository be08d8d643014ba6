/** Rules that one description tells; a model would read no more, and the cost of a hostile schema stays bounded. */
const MAX_HINTS = 100;

/**
 * A description with hints behind it, each once: `The limit` and `Allowed: 1, 2` → `The limit. Allowed: 1, 2`. A hint that
 * the description already holds is not said again, so that sanitising twice changes nothing.
 *
 * Source: cloud-code §6.2.
 */
export function appendHints(
  description: string | undefined,
  hints: readonly string[],
): string | undefined {
  const base = description ?? "";
  const distinct = [...new Set(hints)];
  const told = distinct.slice(0, MAX_HINTS);
  if (distinct.length > MAX_HINTS) told.push(`… and ${distinct.length - MAX_HINTS} more rules`);
  const fresh = told.filter((hint) => !holdsHint(base, hint));
  if (fresh.length === 0) return base === "" ? undefined : base;
  const text = fresh.join("; ");
  const before = base.trimEnd();
  if (before === "") return text;
  return /[.!?:;]$/.test(before) ? `${before} ${text}` : `${before}. ${text}`;
}

/** True when the hint stands there as a whole: `Default: 1` is not in `Default: 10`. */
function holdsHint(description: string, hint: string): boolean {
  for (let at = description.indexOf(hint); at >= 0; at = description.indexOf(hint, at + 1)) {
    const before = description[at - 1];
    const after = description[at + hint.length];
    if ((before === undefined || before === " ") && (after === undefined || after === ";")) {
      return true;
    }
  }
  return false;
}
