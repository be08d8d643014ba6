import type { SystemBlockParam } from "../../anthropic/messages.ts";
import type { PartSink } from "../part-sink.ts";
import type { TranslationScope } from "../scope.ts";
import { hasText } from "./text.ts";

/**
 * Adds the texts of a message of role system to the user's turn, marked as what they are. Put into the system instruction
 * they would change the cached prefix with every turn. Source: cloud-code §4.3; anthropic-messages §3.3.
 */
export function translateSystemMessage(
  content: string | readonly SystemBlockParam[],
  scope: TranslationScope,
  user: PartSink,
): void {
  if (typeof content === "string") return addReminder(content, scope, user);
  for (const block of content) {
    if (block.type === "text") addReminder(block.text, scope, user);
    else scope.drops.add("tool_change", "messages[].content[]");
  }
}

function addReminder(text: string, scope: TranslationScope, user: PartSink): void {
  if (hasText(text)) user.text(`<system-reminder>\n${text}\n</system-reminder>`);
  else scope.drops.add("empty_text", "messages[].content[].text");
}
