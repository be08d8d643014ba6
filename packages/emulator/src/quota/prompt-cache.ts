import type { GenerateContentRequest } from "@agp/core";
import { tokensOfPart, tokensOfText } from "../answer/count-tokens.ts";

const MIN_CACHED_TOKENS = 1024;
const MAX_SESSIONS = 500;

interface Segment {
  readonly bytes: string;
  readonly tokens: number;
}

/**
 * The backend's implicit cache: of a prompt, the part that equals the beginning of the last prompt of the same account,
 * session and model costs less. Compared byte for byte, in the order system, tools, tool config, contents. Source: cloud-code §3.
 */
export class PromptCache {
  readonly #prompts = new Map<string, readonly Segment[]>();

  /** Tokens of the prompt that were cached, 0 under 1024; remembers this prompt. Without a session id nothing is cached. */
  lookUp(account: string, model: string, request: GenerateContentRequest): number {
    if (request.sessionId === undefined) return 0;
    const key = `${account} ${model} ${request.sessionId}`;
    const segments = segmentsOf(request);
    const cached = commonTokens(this.#prompts.get(key) ?? [], segments);
    this.#prompts.delete(key);
    this.#prompts.set(key, segments);
    if (this.#prompts.size > MAX_SESSIONS) {
      const [oldest] = this.#prompts.keys();
      if (oldest !== undefined) this.#prompts.delete(oldest);
    }
    return cached >= MIN_CACHED_TOKENS ? cached : 0;
  }

  clear(): void {
    this.#prompts.clear();
  }
}

function segmentsOf(request: GenerateContentRequest): Segment[] {
  const segments: Segment[] = [];
  for (const part of request.systemInstruction?.parts ?? []) {
    segments.push({ bytes: JSON.stringify(part), tokens: tokensOfText(part.text) });
  }
  const tools = JSON.stringify(request.tools ?? []);
  segments.push({ bytes: tools, tokens: request.tools ? tokensOfText(tools) : 0 });
  segments.push({ bytes: JSON.stringify(request.toolConfig ?? {}), tokens: 0 });
  for (const content of request.contents) {
    segments.push({ bytes: content.role, tokens: 0 });
    for (const part of content.parts) {
      segments.push({ bytes: JSON.stringify(part), tokens: tokensOfPart(part) });
    }
  }
  return segments;
}

function commonTokens(before: readonly Segment[], now: readonly Segment[]): number {
  let tokens = 0;
  for (const [index, segment] of now.entries()) {
    if (before[index]?.bytes !== segment.bytes) break;
    tokens += segment.tokens;
  }
  return tokens;
}
