/**
 * What an attempt's outcome means for the account that made it: state in, state out. A state that does not change comes back
 * as the same object, so that a caller writes and publishes only what is new.
 *
 * Source: cloud-code §9.3 ("cool" and the last paragraph), §10, §12.25.
 */
import type { Failure } from "../routing/failure.ts";
import type { Step } from "../routing/next-step.ts";
import { policyOf } from "../routing/policy.ts";
import { downgrade } from "./downgrade.ts";
import { quotaPoolOf } from "./quota-pool.ts";
import type { AccountState, ModelLimit } from "./state.ts";

export interface FailureOutcome {
  /** Backend id of the model that was asked. */
  readonly model: string;
  readonly failure: Failure;
  /** What was decided on the failure: a limit that is waited out in place does not cool, a first 401 marks nobody. */
  readonly step: Pick<Step, "kind">;
  /** Epoch ms. */
  readonly now: number;
}

export interface SuccessOutcome {
  readonly model: string;
  /** When the attempt began, epoch ms. */
  readonly startedAt: number;
  readonly now: number;
}

/** For a used-up quota without a delay, by repetition. Source: cloud-code §9.3, row QUOTA_EXHAUSTED. */
export const QUOTA_COOL_MS = [60_000, 300_000, 1_800_000, 7_200_000] as const;
const LONGEST_QUOTA_COOL_MS = QUOTA_COOL_MS[QUOTA_COOL_MS.length - 1] ?? 0;

const RATE_COOL_MS = 30_000;
const SOFT_COOL_MS = 30_000;
const DENIED_REST_MS = 300_000;
const SERVER_ERRORS_UNTIL_AVOIDED = 3;
const AVOIDED_MS = 60_000;
/** Refusals of parallel requests are one fact. Source: cloud-code §12.25. */
const PARALLEL_MS = 2000;

/**
 * The account after a failed attempt.
 *
 * Source: cloud-code §9.3, column "decision".
 */
export function applyFailure(account: AccountState, outcome: FailureOutcome): AccountState {
  const { failure, step, now } = outcome;
  switch (failure.class) {
    case "quota":
    case "credits":
      return limitPool(account, outcome);
    case "rate":
      if (step.kind === "retry") return account;
      return limit(account, outcome, [outcome.model], failure.waitMs ?? RATE_COOL_MS);
    case "soft":
      if (step.kind === "retry") return account;
      return limit(account, outcome, [outcome.model], SOFT_COOL_MS);
    case "denied":
      if (step.kind === "retry") return account;
      if (failure.reason === "SECURITY_POLICY_VIOLATED") return downgrade(account, failure);
      return { ...account, restsUntil: Math.max(account.restsUntil ?? 0, now + DENIED_REST_MS) };
    case "auth":
    case "project":
      // A refresh or a rediscovery comes first, and giving up for another reason proves nothing: only leaving the account does.
      return policyOf(failure).repair === undefined || step.kind === "other_account"
        ? downgrade(account, failure)
        : account;
    case "validation":
    case "banned":
    case "location":
      return downgrade(account, failure);
    case "server":
      return countServerError(account, now);
    case "timeout":
      // Without a status it was our own patience that ended.
      return failure.status === undefined ? account : countServerError(account, now);
    default:
      // Capacity, the network, the request itself: no fault of the account.
      return account;
  }
}

/**
 * The account after an answer: a success disproves the model's limit, unless that was learnt after the attempt began, and
 * ends a rest for server errors.
 *
 * Source: cloud-code §10 ("a success disproves it"), §9.3 last paragraph.
 */
export function applySuccess(account: AccountState, outcome: SuccessOutcome): AccountState {
  const { avoidedUntil: _avoidedUntil, serverErrorsInRow: _serverErrorsInRow, ...rest } = account;
  const known = account.limits.get(outcome.model);
  const isDisproved = known !== undefined && (known.learntAt ?? 0) <= outcome.startedAt;
  return {
    ...rest,
    limits: isDisproved ? without(account.limits, outcome.model) : account.limits,
    lastUsedAt: Math.max(account.lastUsedAt ?? 0, outcome.now),
  };
}

/** QUOTA_EXHAUSTED is about the whole pool of the model, as far as that is known (§10). */
function limitPool(account: AccountState, outcome: FailureOutcome): AccountState {
  const { failure, model, now } = outcome;
  const models =
    failure.reason === "QUOTA_EXHAUSTED" ? quotaPoolOf(account.quotas, model) : [model];
  if (failure.waitMs !== undefined) return limit(account, outcome, models, failure.waitMs);
  const known = account.limits.get(model);
  if (known !== undefined && isParallel(known, now)) return account;
  const repetition = known?.class === failure.class ? known.repetition + 1 : 0;
  const coolMs = QUOTA_COOL_MS[repetition] ?? LONGEST_QUOTA_COOL_MS;
  return limit(account, outcome, models, coolMs, repetition);
}

function limit(
  account: AccountState,
  { failure, now }: FailureOutcome,
  models: readonly string[],
  coolMs: number,
  repetition = 0,
): AccountState {
  const limits = new Map(account.limits);
  for (const model of models) {
    const known = limits.get(model);
    // A minute's limit does not shorten a day's.
    if (known !== undefined && known.until >= now + coolMs) continue;
    limits.set(model, { until: now + coolMs, class: failure.class, repetition, learntAt: now });
  }
  return { ...account, limits };
}

function isParallel(known: ModelLimit, now: number): boolean {
  return (
    known.learntAt !== undefined && now >= known.learntAt && now - known.learntAt < PARALLEL_MS
  );
}

function countServerError(account: AccountState, now: number): AccountState {
  const serverErrorsInRow = (account.serverErrorsInRow ?? 0) + 1;
  if (serverErrorsInRow < SERVER_ERRORS_UNTIL_AVOIDED) return { ...account, serverErrorsInRow };
  return { ...account, serverErrorsInRow, avoidedUntil: now + AVOIDED_MS };
}

function without(limits: AccountState["limits"], model: string): AccountState["limits"] {
  const rest = new Map(limits);
  rest.delete(model);
  return rest;
}
