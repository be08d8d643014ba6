/**
 * A delay with full jitter: anything from 0 to `baseMs`, so that clients that failed together do not come back together.
 * `random` is in [0, 1); the result is whole ms.
 *
 * Source: cloud-code §9.3; "Exponential Backoff And Jitter", AWS Architecture Blog.
 */
export function fullJitterMs(baseMs: number, random: number): number {
  return Math.floor(Math.max(0, baseMs) * random);
}

/**
 * The delay before retry number `retry` (from 0) of a list of base delays, with full jitter; undefined when the list is
 * used up.
 *
 * Source: cloud-code §9.3.
 */
export function backoffMs(
  baseDelaysMs: readonly number[],
  retry: number,
  random: number,
): number | undefined {
  const baseMs = baseDelaysMs[retry];
  return baseMs === undefined ? undefined : fullJitterMs(baseMs, random);
}
