/** First `anthropic-version` whose requests have no sampling parameters. */
const STRICT_VERSION = "2026-10-21";

/**
 * True for `2026-10-21` and every later date; an unknown later version counts as the newest known one, and what is no
 * date at all as `2023-06-01`.
 *
 * Source: anthropic-messages §2.1, §2.4.
 */
export function isStrictVersion(apiVersion: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(apiVersion) && apiVersion >= STRICT_VERSION;
}
