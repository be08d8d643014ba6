/** The known name that a mistyped one most likely means, or undefined when none is near: `maxWiat` → `maxWait`. */
export function nearestKey(typed: string, known: readonly string[]): string | undefined {
  const text = normalise(typed);
  const ranked = known
    .map((name) => ({ name, distance: editDistance(text, normalise(name)) }))
    .toSorted((left, right) => left.distance - right.distance);
  const [nearest] = ranked;
  if (nearest === undefined) return undefined;
  return nearest.distance <= Math.max(2, Math.floor(text.length / 3)) ? nearest.name : undefined;
}

/** `MAX_WAIT` and `max-wait` are `maxWait`, written otherwise. */
function normalise(name: string): string {
  return name.replaceAll(/[-_ ]/g, "").toLowerCase().slice(0, 64);
}

/** Levenshtein's distance, row by row. */
function editDistance(left: string, right: string): number {
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const replaced = (previous[column - 1] ?? 0) + (left[row - 1] === right[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[right.length] ?? 0;
}
