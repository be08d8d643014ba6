import type { MessagesRequest } from "../anthropic/messages.ts";
import type { GenerateContentRequest } from "../google/generate-content.ts";
import { hasText } from "./blocks/text.ts";
import type { TranslationDrops } from "./dropped.ts";

/**
 * The system prompt, a part for each block with text, in order, and `lastPart` behind it; undefined when there is no text.
 * The client's attribution blocks stay in. Source: cloud-code §3 (`systemInstruction`), §4.3 (`system`).
 */
export function translateSystem(
  system: MessagesRequest["system"],
  lastPart: string | undefined,
  drops: TranslationDrops,
): GenerateContentRequest["systemInstruction"] {
  const parts: { text: string }[] = [];
  const add = (text: string): void => {
    if (hasText(text)) parts.push({ text });
    else drops.add("empty_text", "system[].text");
  };
  if (typeof system === "string") add(system);
  else for (const { text } of system ?? []) add(text);
  if (lastPart !== undefined) parts.push({ text: lastPart });
  return parts.length === 0 ? undefined : { role: "user", parts };
}
