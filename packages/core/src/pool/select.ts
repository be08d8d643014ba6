import {
  isAvoided,
  unavailable,
  type AvailabilityInput,
  type Unavailable,
} from "./availability.ts";
import type { AccountState, ModelQuota } from "./state.ts";

export interface SelectInput extends AvailabilityInput {
  /** Backend id. */
  readonly model: string;
  /** Accounts that this client request has tried and left. */
  readonly tried: ReadonlySet<string>;
  /** The account that served the session last. */
  readonly stuckTo?: string;
}

export interface PassedOver {
  readonly id: string;
  readonly why: Unavailable;
}

export type Selection =
  | {
      readonly kind: "account";
      readonly id: string;
      readonly reason: "sticky" | "most_quota" | "last_resort";
      readonly passedOver: readonly PassedOver[];
    }
  /** None now, but one comes back by itself at `until` (epoch ms), tried ones included. */
  | {
      readonly kind: "wait";
      readonly until: number;
      readonly passedOver: readonly PassedOver[];
    }
  | { readonly kind: "none"; readonly passedOver: readonly PassedOver[] };

/** Unknown is neither preferred nor starved: fresh free accounts were seen without a figure (cloud-code §10). */
const UNKNOWN_FRACTION = 0.5;

/**
 * Chooses the account that sends a request: the session's own while it can serve (its prompt cache is there), else, the
 * user's own before shared ones, the one with the most quota left for the model, weighed against its requests in flight.
 * Equal ones take turns, so new conversations spread. An account that is avoided serves only when no other can.
 *
 * Source: cloud-code §10 "Order of choice" and §9.3.
 */
export function select(accounts: readonly AccountState[], input: SelectInput): Selection {
  const usable: AccountState[] = [];
  const passedOver: PassedOver[] = [];
  let until: number | undefined;
  for (const account of accounts) {
    const why = unavailable(account, input);
    if (why !== undefined && "until" in why) until = Math.min(until ?? why.until, why.until);
    if (why === undefined && !input.tried.has(account.id)) usable.push(account);
    else passedOver.push({ id: account.id, why: why ?? { kind: "tried" } });
  }

  const inOrder = usable.toSorted((a, b) => compare(a, b, input));
  const best = inOrder[0];
  if (best !== undefined) {
    const sticky = stickyAccount(usable, best, input);
    if (sticky !== undefined)
      return { kind: "account", id: sticky.id, reason: "sticky", passedOver };
    const reason = isAvoided(best, input) === undefined ? "most_quota" : "last_resort";
    return { kind: "account", id: best.id, reason, passedOver };
  }
  return until === undefined ? { kind: "none", passedOver } : { kind: "wait", until, passedOver };
}

/** A 429 without a reason is not worth a prompt cache; three 5xx in a row are, as long as another account is not avoided. */
function stickyAccount(
  usable: readonly AccountState[],
  best: AccountState,
  input: SelectInput,
): AccountState | undefined {
  const stuck = usable.find(({ id }) => id === input.stuckTo);
  if (stuck === undefined || isAvoided(stuck, input) !== "server_errors") return stuck;
  return isAvoided(best, input) === undefined ? undefined : stuck;
}

/** Smaller comes first. */
function compare(a: AccountState, b: AccountState, input: SelectInput): number {
  return (
    rank(isAvoided(a, input) !== undefined) - rank(isAvoided(b, input) !== undefined) ||
    rank(a.ownerId === undefined) - rank(b.ownerId === undefined) ||
    worth(b, input) - worth(a, input) ||
    resetOf(a, input) - resetOf(b, input) ||
    (a.lastUsedAt ?? 0) - (b.lastUsedAt ?? 0) ||
    (a.id < b.id ? -1 : rank(a.id !== b.id))
  );
}

function rank(isLater: boolean): 0 | 1 {
  return isLater ? 1 : 0;
}

/** Quota left for the model, shared among the requests in flight and the one to come. */
function worth(account: AccountState, input: SelectInput): number {
  return fractionOf(account.quotas.get(input.model), input.now) / (1 + account.inFlight);
}

function fractionOf(quota: ModelQuota | undefined, now: number): number {
  // The window has refilled since the reading.
  if (quota?.resetAt !== undefined && quota.resetAt <= now) return 1;
  return quota?.remainingFraction ?? UNKNOWN_FRACTION;
}

/** Of equal fractions the one that refills first is used first; a full window's reset means nothing. */
function resetOf(account: AccountState, { model, now }: SelectInput): number {
  const quota = account.quotas.get(model);
  if (quota?.resetAt === undefined || fractionOf(quota, now) === 1) return Number.MAX_SAFE_INTEGER;
  return quota.resetAt;
}
