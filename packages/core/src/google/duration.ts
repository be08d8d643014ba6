/**
 * Durations in the forms that Google's backends use, as whole milliseconds, rounded up so that a wait never ends early.
 *
 * Source: cloud-code §9.2.
 */
import { asFinite, asRecord } from "./read-json.ts";

/** `ms` stands before `m`, `µs` and `us` before `s`: the first alternative that fits wins. */
const GO_UNITS = "h|ms|m|s|us|µs|μs|ns|d";
const WORD_UNITS = "hours?|minutes?|seconds?|days?";

const GO_DURATION = new RegExp(`^(?:\\d+(?:\\.\\d+)?(?:${GO_UNITS}))+$`);
const COMPONENT = new RegExp(`(\\d+(?:\\.\\d+)?)\\s*(${WORD_UNITS}|${GO_UNITS})`, "gi");

/** A duration behind one of the phrases that announce a delay; model names and token counts have `s` and `m` too. */
const DELAY_IN_TEXT = new RegExp(
  `\\b(?:resets?(?: after| in)?|retry(?: after| in)?|try again in)\\s+` +
    `((?:\\d+(?:\\.\\d+)?\\s*(?:${WORD_UNITS}|${GO_UNITS})(?![a-z])\\s*|\\d+(?:\\.\\d+)?(?:${GO_UNITS})(?=\\d))+)`,
  "i",
);
/** A message is a sentence: whatever is longer is not searched to its end. */
const MAX_TEXT_LENGTH = 4096;

const UNIT_MS: Readonly<Record<string, number>> = {
  d: 86_400_000,
  h: 3_600_000,
  m: 60_000,
  s: 1000,
  ms: 1,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ns: 1e-6,
};

/**
 * Reads a proto Duration (`"3.957s"`, `{seconds, nanos}`) or a Go one (`"1h16m0.6s"`) as ms; undefined when it is none, or
 * negative. `"754.431528ms"` → 755.
 *
 * Source: cloud-code §9.2.
 */
export function parseDuration(value: unknown): number | undefined {
  if (typeof value === "string") {
    return value.length <= MAX_TEXT_LENGTH && GO_DURATION.test(value)
      ? sumOfComponents(value)
      : undefined;
  }
  const duration = asRecord(value);
  if (duration === undefined) return undefined;
  const seconds = int64(duration["seconds"]);
  const nanos = int64(duration["nanos"]);
  if (seconds === undefined || nanos === undefined || seconds < 0 || nanos < 0) return undefined;
  // `{}` and `{other: 1}` are no durations, though proto-JSON leaves zeros out.
  if (!("seconds" in duration) && !("nanos" in duration)) return undefined;
  return roundUp(seconds * 1000 + nanos / 1e6);
}

/**
 * Finds the delay that a sentence announces, in ms: `Your quota will reset after 1h2m3s.` → 3723000. Undefined when it
 * announces none; the first number of a text is never taken blindly.
 *
 * Source: cloud-code §9.2.
 */
export function parseDelayInText(text: string): number | undefined {
  const found = DELAY_IN_TEXT.exec(text.slice(0, MAX_TEXT_LENGTH))?.[1];
  return found === undefined ? undefined : sumOfComponents(found);
}

function sumOfComponents(text: string): number {
  let ms = 0;
  for (const [, amount, unit] of text.matchAll(COMPONENT)) {
    ms += Number(amount) * unitMs(unit ?? "");
  }
  return roundUp(ms);
}

function unitMs(unit: string): number {
  const short = unit.toLowerCase();
  return UNIT_MS[short] ?? UNIT_MS[short.charAt(0)] ?? Number.NaN;
}

/** The products of decimal fractions are off by a few ulps: under a nanosecond counts as nothing. */
function roundUp(ms: number): number {
  return Math.max(0, Math.ceil(ms - 1e-6));
}

/** proto-JSON writes int64 as a string or a number, and leaves zeros out. */
function int64(value: unknown): number | undefined {
  if (value === undefined) return 0;
  if (typeof value === "string" && /^-?\d{1,15}$/.test(value)) return Number(value);
  return asFinite(value);
}
