import type { MessagesRequest } from "../anthropic/messages.ts";

/** Most keys of each kind that are looked up for one request; a long day of Claude Code has under a thousand. */
const MAX_KEYS = 10_000;

export interface SignatureKeys {
  readonly toolUseIds: readonly string[];
  readonly thinking: readonly { readonly thinking: string; readonly signature: string }[];
}

/**
 * What the store has to be asked for before a request is translated: every tool call and every thinking block of its
 * history, the newest first, at most 10,000 of each.
 *
 * Texts are handed on as they are; hashing them is the store's part. Source: cloud-code §8.3.
 */
export function signatureKeys(request: Pick<MessagesRequest, "messages">): SignatureKeys {
  const toolUseIds: string[] = [];
  const thinking: { thinking: string; signature: string }[] = [];
  const { messages } = request;
  for (let index = messages.length - 1; index >= 0; index--) {
    const message = messages[index];
    if (message?.role !== "assistant" || typeof message.content === "string") continue;
    for (const block of message.content) {
      if (block.type === "tool_use" && toolUseIds.length < MAX_KEYS) toolUseIds.push(block.id);
      if (block.type === "thinking" && thinking.length < MAX_KEYS) thinking.push(block);
    }
  }
  return { toolUseIds, thinking };
}
