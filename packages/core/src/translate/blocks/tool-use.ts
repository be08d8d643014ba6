import type { ToolUseBlockParam } from "../../anthropic/messages.ts";
import type { ContentsBuilder } from "../contents-builder.ts";
import type { TranslationScope } from "../scope.ts";
import { callSignature } from "../signatures.ts";

/**
 * Adds the call under the names that its declaration has upstream, with the signature that came with it where the model's
 * family wants one. Source: cloud-code §4.3 (`tool_use`), §8.4.
 */
export function translateToolUse(
  block: ToolUseBlockParam,
  scope: TranslationScope,
  builder: ContentsBuilder,
): void {
  const { toolNames } = scope;
  builder.call(
    block.id,
    toolNames.toUpstream(block.name),
    toolNames.argsToUpstream(block.name, block.input),
    callSignature(block.id, scope),
  );
}
