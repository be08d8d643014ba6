import { parseDelayInText, parseDuration } from "./duration.ts";
import { asText } from "./read-json.ts";
import type { RpcStatus } from "./rpc-status.ts";
import { parseHttpDate, parseRfc3339 } from "./timestamp.ts";

/** A longer one is taken for nonsense (the longest real window is a week). */
const MAX_DELAY_MS = 14 * 86_400_000;
/** "Now" is no wait that helps. */
const DELAY_FOR_ZERO_MS = 500;

interface DelaySources {
  readonly status: RpcStatus;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Epoch ms. */
  readonly now: number;
}

/** In order: the first that is present and parses counts. */
const SOURCES: readonly ((sources: DelaySources) => number | undefined)[] = [
  ({ status }) => parseDuration(status.retryDelay),
  ({ status }) => parseDuration(status.metadata["quotaResetDelay"]),
  ({ status, now }) =>
    until(parseRfc3339(asText(status.metadata["quotaResetTimeStamp"]) ?? ""), now),
  ({ headers, now }) => retryAfter(headers["retry-after"], now),
  ({ headers }) => seconds(headers["x-ratelimit-reset-after"]),
  ({ headers, now }) => until(seconds(headers["x-ratelimit-reset"]), now),
  ({ status }) => parseDelayInText(status.message),
];

/**
 * How long the backend asks to wait, in ms, rounded up; 0 becomes 500, and more than 14 days counts as not told.
 * Undefined when it told nothing.
 *
 * Source: cloud-code §9.2.
 */
export function retryDelayMs(sources: DelaySources): number | undefined {
  for (const read of SOURCES) {
    const ms = read(sources);
    if (ms === 0) return DELAY_FOR_ZERO_MS;
    if (ms !== undefined && ms > 0 && ms <= MAX_DELAY_MS) return ms;
  }
  return undefined;
}

function retryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  return seconds(value) ?? until(parseHttpDate(value.trim()), now);
}

function seconds(value: string | undefined): number | undefined {
  const text = value?.trim() ?? "";
  return /^\d{1,12}(?:\.\d{1,9})?$/.test(text) ? Math.ceil(Number(text) * 1000 - 1e-6) : undefined;
}

/** A time that has passed is a wait of nothing. */
function until(at: number | undefined, now: number): number | undefined {
  return at === undefined ? undefined : Math.max(0, at - now);
}
