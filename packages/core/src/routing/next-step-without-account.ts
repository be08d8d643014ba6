import { fitsBudget, spentReason, type Budget } from "./budget.ts";
import type { GiveUpReason } from "./next-step.ts";

export interface WithoutAccountInput {
  readonly budget: Budget;
  readonly hasNextModel: boolean;
  /** The model of the plan that comes back first, over all models asked so far; absent: none ever does by itself. */
  readonly earliest?: { readonly model: string; readonly until: number };
}

export type StepWithoutAccount =
  | { readonly kind: "next_model" }
  /** Wait, then choose again for this model, with no account counted as tried. */
  | { readonly kind: "wait"; readonly model: string; readonly afterMs: number }
  | { readonly kind: "give_up"; readonly reason: GiveUpReason | "reset_too_late" };

/**
 * Chooses what happens when no account can serve the model now: the next model, the wait for the earliest reset when it is
 * within `MAX_WAIT`, or giving up at once.
 *
 * Source: cloud-code §9.3, row QUOTA_EXHAUSTED and the last paragraph.
 */
export function nextStepWithoutAccount(input: WithoutAccountInput): StepWithoutAccount {
  const { budget, earliest } = input;
  const spent = spentReason(budget);
  if (spent !== undefined) return { kind: "give_up", reason: spent };
  if (input.hasNextModel) return { kind: "next_model" };
  if (earliest === undefined) return { kind: "give_up", reason: "no_cure" };
  const afterMs = Math.max(0, earliest.until - budget.now);
  return fitsBudget(budget, afterMs)
    ? { kind: "wait", model: earliest.model, afterMs }
    : { kind: "give_up", reason: "reset_too_late" };
}
