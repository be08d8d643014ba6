/**
 * What the client is told when no account can serve: the pool's side of `toAnthropicError`.
 *
 * Source: cloud-code §9.3, last paragraph, and §9.4.
 */
import type { AnthropicError } from "../anthropic/errors.ts";
import type { Unavailable } from "../pool/availability.ts";
import type { PassedOver, Selection } from "../pool/select.ts";
import type { FailedAttempt } from "./next-step.ts";
import {
  noUsableAccountError,
  rateLimitError,
  toAnthropicError,
  type ErrorContext,
} from "./to-anthropic-error.ts";

/** In the order in which a message names them; what belongs to others is none of the client's business. */
const DEFECTS = {
  invalid: "need a new login or a verification",
  frozen: "suspended by Google",
  disabled: "disabled",
  resting: "refused by Google for the moment",
} as const satisfies Partial<Record<Unavailable["kind"], string>>;

/**
 * The error for a choice that gave no account: of the last try by an account that could be asked again, else 429 until the
 * earliest reset, else 503 with what is wrong with the accounts and the command that mends it.
 *
 * Source: cloud-code §9.3 and §9.4.
 */
export function poolError(
  selection: Exclude<Selection, { readonly kind: "account" }>,
  attempts: readonly FailedAttempt[],
  context: ErrorContext,
): AnthropicError {
  const { passedOver } = selection;
  // An account that failed without becoming limited may serve the very next request: its failure is the honest answer.
  const tried = attempts.findLast(({ accountId }) => isTried(passedOver, accountId));
  if (tried !== undefined) return toAnthropicError(tried.failure, context);
  const isLimited = passedOver.some(({ why }) => why.kind === "limited");
  if (selection.kind === "wait" && isLimited) {
    const servesAgainAt = context.servesAgainAt ?? selection.until;
    return rateLimitError("no account can serve it now", servesAgainAt, context);
  }
  return noAccountError(passedOver, context.model);
}

/** 529 for a request that found no free place at an account within `MAX_WAIT`. Source: cloud-code §9.4. */
export function queueFullError(model: string): AnthropicError {
  return {
    status: 529,
    type: "overloaded_error",
    message: `Too many requests to ${model} at once: no account had a place free in time. Try again in a moment, add an account, or raise MAX_IN_FLIGHT.`,
    retryAfterSeconds: 5,
  };
}

function noAccountError(passedOver: readonly PassedOver[], model: string): AnthropicError {
  const own = passedOver.filter(({ why }) => why.kind !== "not_yours");
  if (own.length === 0) {
    return noUsableAccountError(
      passedOver.length === 0
        ? "There is no Google account yet."
        : "No Google account may be used by this user.",
      "Add one with `agp accounts add`.",
    );
  }
  const defects = Object.entries(DEFECTS).flatMap(([kind, words]) => {
    const count = own.filter(({ why }) => why.kind === kind).length;
    return count === 0 ? [] : [`${count} ${words}`];
  });
  return noUsableAccountError(`No account can serve ${model}: ${defects.join(", ")}.`);
}

function isTried(passedOver: readonly PassedOver[], accountId: string): boolean {
  return passedOver.some(({ id, why }) => id === accountId && why.kind === "tried");
}
