/** Counts that one answer's `usageMetadata` is made of. Source: cloud-code §7.6. */
export interface Usage {
  readonly promptTokens: number;
  /** Part of `promptTokens` that came from the cache. */
  readonly cachedTokens: number;
  candidateTokens: number;
  thoughtTokens: number;
}

/** The cumulative `usageMetadata` so far; zero fields are left out, as proto-JSON does. */
export function usageMetadata(usage: Usage): object {
  return {
    promptTokenCount: usage.promptTokens,
    candidatesTokenCount: usage.candidateTokens,
    totalTokenCount: usage.promptTokens + usage.candidateTokens + usage.thoughtTokens,
    ...(usage.cachedTokens > 0 && { cachedContentTokenCount: usage.cachedTokens }),
    ...(usage.thoughtTokens > 0 && { thoughtsTokenCount: usage.thoughtTokens }),
  };
}
