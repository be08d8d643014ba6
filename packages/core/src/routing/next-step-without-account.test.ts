import { describe, expect, test } from "vitest";
import { MAX_ATTEMPTS, MAX_TOTAL_MS } from "./budget.ts";
import {
  nextStepWithoutAccount,
  type StepWithoutAccount,
  type WithoutAccountInput,
} from "./next-step-without-account.ts";

const now = 1_000_000;
const input: WithoutAccountInput = {
  budget: { now, startedAt: now, attemptsMade: 1, waitedMs: 0, maxWaitMs: 120_000 },
  hasNextModel: false,
};
const back = (inMs: number) => ({ earliest: { model: "m", until: now + inMs } });

describe("nextStepWithoutAccount", () => {
  test.each<readonly [string, Partial<WithoutAccountInput>, StepWithoutAccount]>([
    [
      "another model comes before a wait",
      { hasNextModel: true, ...back(1000) },
      { kind: "next_model" },
    ],
    ["a reset within MAX_WAIT", back(120_000), { kind: "wait", model: "m", afterMs: 120_000 }],
    ["a reset after MAX_WAIT", back(120_001), { kind: "give_up", reason: "reset_too_late" }],
    [
      "MAX_WAIT is the sum of all waits",
      { ...back(30_000), budget: { ...input.budget, waitedMs: 100_000 } },
      { kind: "give_up", reason: "reset_too_late" },
    ],
    ["a reset that is just over", back(-5), { kind: "wait", model: "m", afterMs: 0 }],
    ["nobody comes back", {}, { kind: "give_up", reason: "no_cure" }],
    [
      "five minutes are over",
      { hasNextModel: true, budget: { ...input.budget, startedAt: now - MAX_TOTAL_MS } },
      { kind: "give_up", reason: "time" },
    ],
    [
      "attempts used up",
      { ...back(0), budget: { ...input.budget, attemptsMade: MAX_ATTEMPTS } },
      { kind: "give_up", reason: "attempts" },
    ],
  ])("%s", (_name, change, expected) => {
    expect(nextStepWithoutAccount({ ...input, ...change })).toEqual(expected);
  });
});
