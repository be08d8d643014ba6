import { formatMinute } from "../google/timestamp.ts";

/** A span for people, rounded up: 45_000 → `45 s`, 7_830_000 → `2 h 11 min`, 256_527_000 → `3 d`. */
export function describeSpan(ms: number): string {
  const seconds = Math.max(1, Math.ceil(ms / 1000));
  if (seconds < 100) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 24 * 60) return join(Math.floor(minutes / 60), "h", minutes % 60, "min");
  const hours = Math.ceil(minutes / 60);
  return join(Math.floor(hours / 24), "d", hours % 24, "h");
}

/** A time to come, with its distance: `at 2026-05-27 16:32 UTC (in 2 h 10 min)`. Both are epoch ms. */
export function describeReset(at: number, now: number): string {
  return `at ${formatMinute(at)} (in ${describeSpan(at - now)})`;
}

function join(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}
