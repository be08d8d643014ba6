import type { UncheckedContent } from "./unchecked.ts";

/**
 * Index of the user content that began the current turn: the last one without function responses. A content with responses is
 * inside the turn, whatever else it holds (the stricter reading). -1 when there is none. Source: cloud-code §8.1.
 */
export function currentTurnStart(contents: readonly UncheckedContent[]): number {
  return contents.findLastIndex(
    (content) =>
      content.role === "user" &&
      !content.parts?.some((part) => part.functionResponse !== undefined),
  );
}
