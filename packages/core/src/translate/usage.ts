import type { Usage } from "../anthropic/messages.ts";
import type { UsageMetadata } from "../google/generate-content.ts";

/** What the proxy itself knows of a message's size, for the sides that the backend does not count. */
export interface UsageEstimate {
  /** Tokens. */
  readonly input: number;
  /** UTF-16 units of text, thoughts and arguments. */
  readonly outputCharacters: number;
}

const CHARACTERS_PER_TOKEN = 4;

/**
 * Maps the backend's counts; what is absent or no count becomes 0.
 *
 *     {promptTokenCount: 10, cachedContentTokenCount: 4, candidatesTokenCount: 3} → 6 in, 4 from the cache, 3 out
 *
 * Source: cloud-code §7.6; anthropic-messages §5.
 */
export function mapUsage(metadata: UsageMetadata | null | undefined): Usage {
  const prompt = countOf(metadata?.promptTokenCount);
  const cached = countOf(metadata?.cachedContentTokenCount);
  const thoughts = countOf(metadata?.thoughtsTokenCount);
  const hasThoughts = metadata?.thoughtsTokenCount !== undefined;
  return {
    input_tokens: Math.max(0, prompt - cached),
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: cached,
    cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
    output_tokens: candidateTokens(metadata, prompt, thoughts) + thoughts,
    output_tokens_details: hasThoughts ? { thinking_tokens: thoughts } : null,
    server_tool_use: null,
    service_tier: "standard",
    inference_geo: null,
    speed: null,
  };
}

/**
 * The usage of a whole answer: the backend's counts, and an estimate for a side that it does not count, since zeros would
 * switch off Claude Code's compaction.
 *
 * Source: cloud-code §7.6.
 */
export function finalUsage(metadata: UsageMetadata | undefined, estimate: UsageEstimate): Usage {
  const usage = mapUsage(metadata);
  if (metadata?.promptTokenCount === undefined) {
    usage.input_tokens = Math.max(0, estimate.input - usage.cache_read_input_tokens);
  }
  if (metadata?.candidatesTokenCount === undefined && metadata?.totalTokenCount === undefined) {
    const estimated = Math.ceil(estimate.outputCharacters / CHARACTERS_PER_TOKEN);
    usage.output_tokens = Math.max(usage.output_tokens, estimated);
  }
  return usage;
}

/** Whether the backend counted anything at all; a canned answer (cloud-code §9.3) has no count or zeros. */
export function hasCounts(metadata: UsageMetadata): boolean {
  return (
    countOf(metadata.promptTokenCount) > 0 ||
    countOf(metadata.candidatesTokenCount) > 0 ||
    countOf(metadata.totalTokenCount) > 0
  );
}

/** `total = prompt + candidates + thoughts`, where proto-JSON left the candidates out. */
function candidateTokens(
  metadata: UsageMetadata | null | undefined,
  prompt: number,
  thoughts: number,
): number {
  const candidates = countOf(metadata?.candidatesTokenCount);
  if (candidates > 0) return candidates;
  return Math.max(0, countOf(metadata?.totalTokenCount) - prompt - thoughts);
}

/** Larger ones are no counts; so the sum of any two is exact. */
const MAX_COUNT = 2 ** 50;

/** int64 values may come as strings. */
function countOf(value: unknown): number {
  const count = typeof value === "string" ? Number(value) : value;
  if (typeof count !== "number" || !Number.isInteger(count)) return 0;
  return count > 0 && count <= MAX_COUNT ? count : 0;
}
