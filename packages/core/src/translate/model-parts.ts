import type { Part } from "../google/generate-content.ts";

/**
 * Orders the parts of a model content: thoughts, then text, then calls; as received where that begins with a thought, which
 * keeps interleaved thinking as it was. Source: cloud-code §4.2 (5).
 */
export function orderModelParts(parts: Part[]): Part[] {
  if (parts[0]?.thought === true || isOrdered(parts)) return parts;
  // A stable sort: parts of one rank keep their order.
  return parts.toSorted((left, right) => rank(left) - rank(right));
}

function isOrdered(parts: readonly Part[]): boolean {
  let highest = 0;
  for (const part of parts) {
    const own = rank(part);
    if (own < highest) return false;
    highest = own;
  }
  return true;
}

function rank(part: Part): number {
  if (part.thought === true) return 0;
  return part.functionCall === undefined ? 1 : 2;
}
