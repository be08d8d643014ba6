import type { PartSink } from "../part-sink.ts";
import type { TranslationScope } from "../scope.ts";

const NOT_BLANK = /\S/;

/** True for text that the backend takes; an empty or white part is a 400 there. Source: cloud-code §4.1. */
export function hasText(text: string): boolean {
  return NOT_BLANK.test(text);
}

/** Adds a text part, unless the text is blank. Source: cloud-code §4.3 (`text`). */
export function translateText(text: string, scope: TranslationScope, sink: PartSink): void {
  if (hasText(text)) sink.text(text);
  else scope.drops.add("empty_text", "messages[].content[].text");
}
