import { backoffMs } from "../pool/backoff.ts";
import { fitsBudget, spentReason, type Budget, type SpentReason } from "./budget.ts";
import type { Failure } from "./failure.ts";
import { policyOf, type Policy } from "./policy.ts";

/** One try at the backend that failed. */
export interface FailedAttempt {
  readonly accountId: string;
  readonly model: string;
  /** Base URL. */
  readonly endpoint: string;
  readonly failure: Failure;
}

/** What the client has of the answer: with text or a call it cannot begin again, with thinking alone it can (§7.7). */
export type SentToClient = "nothing" | "thinking" | "content";

export interface StepInput {
  /** The try to decide on. */
  readonly latest: FailedAttempt;
  /** All failed tries of this client request before it, oldest first. */
  readonly earlier: readonly FailedAttempt[];
  readonly sent: SentToClient;
  /** `attemptsMade` follows from the attempts. */
  readonly budget: Omit<Budget, "attemptsMade">;
  /** How many endpoints are configured. */
  readonly endpoints: number;
  /** Whether the plan (a model group) has another model behind this one. */
  readonly hasNextModel: boolean;
  /** In [0, 1). */
  readonly random: number;
  /** How long a wait the conversation's prompt cache on this account is worth, in ms; absent: nothing. */
  readonly cacheWorthMs?: number;
}

export type GiveUpReason = "content_sent" | "no_cure" | SpentReason;

export type Step =
  /** Wait, then send again by the same account; `other_endpoint` is the next one of the list, round and round. */
  | {
      readonly kind: "retry";
      readonly on: "same" | "other_endpoint";
      readonly afterMs: number;
    }
  /** Then send again by the same account. */
  | { readonly kind: "refresh_token" }
  | { readonly kind: "rediscover_project" }
  | { readonly kind: "repair_signatures" }
  /** Choose among the accounts that were not tried; when there is none, `nextStepWithoutAccount` decides. */
  | { readonly kind: "other_account" }
  | { readonly kind: "next_model" }
  | { readonly kind: "give_up"; readonly reason: GiveUpReason };

/**
 * Chooses what happens after a failed attempt. The caller carries the step out, and comes back with one more attempt when
 * that fails too: the attempts so far are all the memory there is.
 *
 * Source: cloud-code §9.3, §1.1, §7.4, §7.5, §7.7 and §8.4.
 */
export function nextStep(input: StepInput): Step {
  if (input.sent === "content") return { kind: "give_up", reason: "content_sent" };
  const spent = spentReason(budgetOf(input));
  if (spent !== undefined) return { kind: "give_up", reason: spent };
  const policy = policyOf(input.latest.failure);
  return repair(input, policy) ?? retry(input, policy) ?? leave(input, policy);
}

function repair(input: StepInput, policy: Policy): Step | undefined {
  if (policy.repair === undefined) return undefined;
  const { step, once } = policy.repair;
  const failures = sameFailures(input).filter(
    ({ accountId }) => once === "request" || accountId === input.latest.accountId,
  );
  return failures.length === 1 ? { kind: step } : undefined;
}

function retry(input: StepInput, policy: Policy): Step | undefined {
  if (policy.needsSecondEndpoint === true && input.endpoints < 2) return undefined;
  const onModel = sameFailures(input).filter(({ model }) => model === input.latest.model);
  const onAccount = onModel.filter(({ accountId }) => accountId === input.latest.accountId);
  // "One other account" gets one try: its retries would double a wait that has not helped before.
  if (policy.otherAccounts === 1 && onAccount.length < onModel.length) return undefined;
  const counted = policy.otherAccounts === "all" ? onAccount : onModel;
  const afterMs = retryDelay(input, policy, counted.length - 1);
  if (afterMs === undefined || !fitsBudget(budgetOf(input), afterMs)) return undefined;
  return { kind: "retry", on: policy.on, afterMs };
}

function retryDelay(input: StepInput, policy: Policy, retries: number): number | undefined {
  const { waitMs } = input.latest.failure;
  if (waitMs === undefined) return backoffMs(policy.backoffMs, retries, input.random);
  const cacheWorthMs = policy.keepsCache === true ? (input.cacheWorthMs ?? 0) : 0;
  if (waitMs > Math.max(policy.longestToldMs, cacheWorthMs)) return undefined;
  return retries < (policy.toldRetries ?? policy.backoffMs.length) ? waitMs : undefined;
}

function leave(input: StepInput, policy: Policy): Step {
  const onModel = sameFailures(input).filter(({ model }) => model === input.latest.model);
  if (policy.otherAccounts === "all" || accountsOf(onModel) <= policy.otherAccounts) {
    return { kind: "other_account" };
  }
  return policy.nextModel && input.hasNextModel
    ? { kind: "next_model" }
    : { kind: "give_up", reason: "no_cure" };
}

/** Every failure of the latest one's class, itself included. */
function sameFailures({ earlier, latest }: StepInput): readonly FailedAttempt[] {
  return [...earlier, latest].filter(({ failure }) => failure.class === latest.failure.class);
}

function accountsOf(attempts: readonly FailedAttempt[]): number {
  return new Set(attempts.map(({ accountId }) => accountId)).size;
}

function budgetOf({ budget, earlier }: StepInput): Budget {
  return { ...budget, attemptsMade: earlier.length + 1 };
}
