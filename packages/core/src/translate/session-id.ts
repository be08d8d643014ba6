import type { MessageParam } from "../anthropic/messages.ts";

const SIXTY_THREE_BITS = 0x7fff_ffff_ffff_ffffn;

/**
 * The backend's key of the prompt cache: `-` and the first 63 bits, in decimal, of the SHA-256 of the first user message's
 * text blocks joined by line breaks. A message without text gives its JSON in place of that, without the cache marks, which
 * wander to later messages as the conversation grows.
 *
 * Source: cloud-code §3 (sessionId).
 */
export function sessionId(
  messages: readonly MessageParam[],
  sha256Hex: (text: string) => string,
): string {
  const first = messages.find(({ role }) => role === "user");
  const digest = sha256Hex(identity(first ?? messages[0]));
  return `-${BigInt(`0x${digest.slice(0, 16)}`) & SIXTY_THREE_BITS}`;
}

function identity(message: MessageParam | undefined): string {
  if (message === undefined) return "";
  const text = userText(message.content);
  return text.trim() === "" ? JSON.stringify(message, withoutCacheMarks) : text;
}

function userText(content: MessageParam["content"]): string {
  if (typeof content === "string") return content;
  const texts: string[] = [];
  for (const block of content) {
    if (block.type === "text") texts.push(block.text);
  }
  return texts.join("\n");
}

function withoutCacheMarks(key: string, value: unknown): unknown {
  return key === "cache_control" ? undefined : value;
}
