import type { ThinkingBlockParam } from "../../anthropic/messages.ts";
import type { ContentsBuilder } from "../contents-builder.ts";
import type { DropRule } from "../dropped.ts";
import type { TranslationScope } from "../scope.ts";
import { replayThinking } from "../signatures.ts";

/** Adds a thought that a Claude model of this backend signed; every other is left out. Source: cloud-code §8.4. */
export function translateThinking(
  block: ThinkingBlockParam,
  scope: TranslationScope,
  builder: ContentsBuilder,
): void {
  const rule = dropRule(scope);
  if (rule !== undefined) return scope.drops.add(rule, "messages[].content[]");
  const signed = replayThinking(block, scope);
  if (signed === undefined) return scope.drops.add("unknown_thinking", "messages[].content[]");
  builder.thought(signed.thinking, signed.signature);
}

function dropRule(scope: TranslationScope): DropRule | undefined {
  if (scope.model.family !== "claude") return "thinking_of_claude_only";
  return scope.repairSignatures ? "thinking_after_refused_signature" : undefined;
}
