import { asRecord, asText } from "./read-json.ts";
import type { RpcStatus } from "./rpc-status.ts";

/** The host must end where the authority ends: `accounts.google.com.evil.test` and `x@evil.test` are other hosts. */
const GOOGLE_ACCOUNTS_LINK = /^https:\/\/accounts\.google\.com(?::443)?(?:[/?#][!-~]*)?$/i;
/** Bounded, so that the trim of its end is cheap on any text. */
const LINK_IN_TEXT = /https:\/\/[^\s"'<>]{1,2048}/i;
const MAX_LINK_LENGTH = 2048;

/**
 * The link as it came when it is https on accounts.google.com, else undefined: a person is going to sign in there.
 *
 * Source: cloud-code §9.3, row VALIDATION_REQUIRED.
 */
export function safeValidationUrl(value: unknown): string | undefined {
  const url = asText(value);
  if (url === undefined || url.length > MAX_LINK_LENGTH) return undefined;
  if (/["'<>\\`]/.test(url)) return undefined;
  return GOOGLE_ACCOUNTS_LINK.test(url) ? url : undefined;
}

/**
 * The link by which an account's owner verifies it: of the metadata, the first `Help` link, or the text, in this order.
 * Undefined when none of them is safe.
 *
 * Source: cloud-code §9.3, row VALIDATION_REQUIRED.
 */
export function validationUrlOf(status: RpcStatus): string | undefined {
  const metadata = asRecord(status.metadata) ?? {};
  const inText = LINK_IN_TEXT.exec(status.message)?.[0] ?? "";
  return (
    safeValidationUrl(metadata["validation_url"]) ??
    safeValidationUrl(metadata["validation_link"]) ??
    safeValidationUrl(status.helpLinks[0]) ??
    (inText.length > MAX_LINK_LENGTH
      ? undefined
      : safeValidationUrl(inText.replace(/[.,;:)\]]+$/, "")))
  );
}
