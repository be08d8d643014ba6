/**
 * What a table of aliases says about a name: exact entries before patterns, a pattern's `*` standing for any characters,
 * letters of either case. Of two patterns that match, the one with more fixed characters wins. Undefined when none matches.
 *
 * Names such as `constructor` are names: the table is read by its own entries alone.
 * Source: cloud-code §11 ("exact before pattern").
 */
export function aliasTarget(
  names: readonly string[],
  aliases: Readonly<Record<string, string>>,
): string | undefined {
  const wanted = new Set(names.map((name) => name.toLowerCase()));
  let best: { readonly fixed: number; readonly target: string } | undefined;
  for (const [alias, target] of Object.entries(aliases)) {
    const pattern = alias.toLowerCase();
    if (!pattern.includes("*")) {
      if (wanted.has(pattern)) return target;
      continue;
    }
    const fixed = pattern.replaceAll("*", "").length;
    if (best !== undefined && best.fixed >= fixed) continue;
    if ([...wanted].some((name) => matchesPattern(name, pattern))) best = { fixed, target };
  }
  return best?.target;
}

/** Each piece is looked for behind the last one: linear, whereas a regular expression made of the user's text need not be. */
function matchesPattern(name: string, pattern: string): boolean {
  const pieces = pattern.split("*");
  const first = pieces[0] ?? "";
  const last = pieces.at(-1) ?? "";
  if (name.length < first.length + last.length) return false;
  if (!name.startsWith(first) || !name.endsWith(last)) return false;
  let from = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = name.indexOf(piece, from);
    if (found === -1) return false;
    from = found + piece.length;
  }
  return from <= name.length - last.length;
}
