import type { Failure, FailureClass } from "../failure.ts";
import { nextStep, type FailedAttempt, type Step } from "../next-step.ts";

export const BUDGET = { now: 10_000, startedAt: 0, waitedMs: 0, maxWaitMs: 120_000 };

export function failure(failureClass: FailureClass, more: Partial<Failure> = {}): Failure {
  return { class: failureClass, message: "m", ...more };
}

export interface Sequence {
  /** The same failure at every attempt, or one for each; the last one repeats. */
  readonly failures: readonly Failure[];
  readonly accounts?: number;
  readonly models?: number;
  readonly endpoints?: number;
  readonly cacheWorthMs?: number;
  readonly maxWaitMs?: number;
}

/** Plays the steps out until one ends it; a delay is shown at half its base, the dice being 0.5. */
export function playSteps({ failures, accounts = 2, models = 1, endpoints = 2, ...more }: Sequence): string[] {
  const shown: string[] = [];
  const earlier: FailedAttempt[] = [];
  let [account, model, endpoint, waitedMs] = [0, 0, 0, 0];
  for (;;) {
    const latest: FailedAttempt = {
      accountId: `account ${account}`,
      model: `model ${model}`,
      endpoint: `https://host-${endpoint}.test`,
      failure: failures[earlier.length] ?? failures.at(-1) ?? failure("server"),
    };
    const step = nextStep({
      latest,
      earlier,
      sent: "nothing",
      budget: { ...BUDGET, waitedMs, maxWaitMs: more.maxWaitMs ?? BUDGET.maxWaitMs },
      endpoints,
      hasNextModel: model + 1 < models,
      random: 0.5,
      ...(more.cacheWorthMs === undefined ? {} : { cacheWorthMs: more.cacheWorthMs }),
    });
    earlier.push(latest);
    shown.push(describeStep(step));
    if (step.kind === "give_up") return shown;
    if (step.kind === "retry") {
      waitedMs += step.afterMs;
      if (step.on === "other_endpoint") endpoint = (endpoint + 1) % endpoints;
    }
    if (step.kind === "other_account") account += 1;
    if (account >= accounts) return [...shown, "(no account)"];
    if (step.kind === "next_model") [account, model] = [0, model + 1];
  }
}

function describeStep(step: Step): string {
  if (step.kind === "retry") return `${step.on} after ${step.afterMs}`;
  return step.kind === "give_up" ? `give_up: ${step.reason}` : step.kind;
}

