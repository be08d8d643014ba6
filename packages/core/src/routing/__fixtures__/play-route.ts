/**
 * The decisions played together, as the one loop of the server does: select → attempt → nextStep → applyFailure, on a clock
 * that only waits move.
 */
import { applyFailure, applySuccess } from "../../pool/apply.ts";
import { unavailable } from "../../pool/availability.ts";
import { select, type Selection } from "../../pool/select.ts";
import type { AccountState } from "../../pool/state.ts";
import type { Budget } from "../budget.ts";
import type { Failure } from "../failure.ts";
import { nextStepWithoutAccount } from "../next-step-without-account.ts";
import { nextStep, type FailedAttempt } from "../next-step.ts";
import { poolError } from "../pool-error.ts";
import { toAnthropicError } from "../to-anthropic-error.ts";

export const ATTEMPT_MS = 50;
export const START = 1_000_000;

export interface World {
  readonly accounts: readonly AccountState[];
  readonly models: readonly string[];
  readonly maxWaitMs: number;
  /** Undefined: the attempt succeeds. */
  answer(accountId: string, model: string, attempt: number, now: number): Failure | undefined;
}

export interface Route {
  /** `account/model`, in order. */
  readonly path: readonly string[];
  readonly served: boolean;
  readonly status: number;
  readonly waitedMs: number;
  readonly elapsedMs: number;
  readonly restingPicks: number;
  readonly accounts: readonly AccountState[];
}

export function account(id: string, more: Partial<AccountState> = {}): AccountState {
  return {
    id,
    email: `${id}@example.test`,
    status: "active",
    limits: new Map(),
    quotas: new Map(),
    inFlight: 0,
    ...more,
  };
}

/** The loop, with nothing in it but bookkeeping. */
export function playRoute(world: World): Route {
  let accounts = world.accounts;
  let [now, waitedMs, model, restingPicks] = [START, 0, 0, 0];
  let tried = new Set<string>();
  let earliest: { model: string; until: number } | undefined;
  const attempts: FailedAttempt[] = [];
  const path: string[] = [];
  const wait = (ms: number) => {
    now += ms;
    waitedMs += ms;
  };
  const done = (served: boolean, status: number): Route => ({
    path,
    served,
    status,
    waitedMs,
    elapsedMs: now - START,
    restingPicks,
    accounts,
  });
  const budget = (): Budget => ({
    now,
    startedAt: START,
    attemptsMade: attempts.length,
    waitedMs,
    maxWaitMs: world.maxWaitMs,
  });
  const isLast = () => model + 1 >= world.models.length;
  const update = (id: string, change: (one: AccountState) => AccountState) => {
    accounts = accounts.map((one) => (one.id === id ? change(one) : one));
  };

  for (;;) {
    const name = world.models[model] ?? "";
    const selection: Selection = select(accounts, { model: name, now, tried });
    if (selection.kind !== "account") {
      if (selection.kind === "wait" && selection.until < (earliest?.until ?? Infinity)) {
        earliest = { model: name, until: selection.until };
      }
      const step = nextStepWithoutAccount({
        budget: budget(),
        hasNextModel: !isLast(),
        ...(earliest === undefined ? {} : { earliest }),
      });
      if (step.kind === "give_up") {
        return done(false, poolError(selection, attempts, { model: name, now }).status);
      }
      if (step.kind === "wait") {
        wait(step.afterMs);
        model = world.models.indexOf(step.model);
        earliest = undefined;
      } else {
        model += 1;
      }
      tried = new Set();
      continue;
    }

    const { id } = selection;
    const picked = accounts.find((one) => one.id === id) ?? account("missing");
    if (unavailable(picked, { model: name, now }) !== undefined) restingPicks += 1;
    let leaves = false;
    while (!leaves) {
      path.push(`${id}/${name}`);
      const startedAt = now;
      now += ATTEMPT_MS;
      const failure = world.answer(id, name, path.length - 1, now);
      if (failure === undefined) {
        const outcome = { model: name, startedAt, now };
        update(id, (one) => applySuccess(one, outcome));
        return done(true, 200);
      }
      const latest = { accountId: id, model: name, endpoint: "https://host.test", failure };
      const step = nextStep({
        latest,
        earlier: attempts,
        sent: "nothing",
        budget: budget(),
        endpoints: 2,
        hasNextModel: !isLast(),
        random: 0.5,
      });
      const at = now;
      update(id, (one) => applyFailure(one, { model: name, failure, step, now: at }));
      attempts.push(latest);
      if (step.kind === "retry") wait(step.afterMs);
      if (step.kind === "give_up") {
        return done(false, toAnthropicError(failure, { model: name, now }).status);
      }
      if (step.kind === "other_account") tried.add(id);
      if (step.kind === "next_model") {
        model += 1;
        tried = new Set();
      }
      leaves = step.kind === "other_account" || step.kind === "next_model";
    }
  }
}

