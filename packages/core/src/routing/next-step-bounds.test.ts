import { describe, expect, test } from "vitest";
import { BUDGET, failure, playSteps } from "./__fixtures__/play-steps.ts";
import { MAX_ATTEMPTS, MAX_TOTAL_MS } from "./budget.ts";
import type { Failure, FailureClass } from "./failure.ts";
import { nextStep, type FailedAttempt, type Step, type StepInput } from "./next-step.ts";

const other = "other_account";
const end = "give_up: no_cure";

describe("one configured host", () => {
  test.each<readonly [string, Failure, readonly string[]]>([
    // "Other host" is the same one once more, so a 500 gets three tries.
    ["500", failure("server", { status: 500 }), ["other_endpoint after 500", other, end]],
    ["504", failure("timeout", { status: 504 }), ["other_endpoint after 0", end]],
    // "Next host" is none: the answer would be the same.
    ["404", failure("not_found"), [end]],
    ["403 none", failure("denied"), [other, other, "(no account)"]],
  ])("%s", (_name, latest, expected) => {
    expect(playSteps({ failures: [latest], endpoints: 1 })).toEqual(expected);
  });
});

describe("a model group goes down the list for what another model could cure", () => {
  test.each<readonly [FailureClass, boolean]>([
    ["capacity", true],
    ["overloaded", true],
    ["soft", true],
    ["not_found", true],
    ["timeout", true],
    ["server", true],
    ["empty", true],
    ["malformed", true],
    ["cut", true],
    ["client_gate", true],
    ["network", false],
    ["banned", false],
    ["oauth_client", false],
    ["signature", false],
    ["too_long", false],
    ["bad_request", false],
    ["too_large", false],
    ["unimplemented", false],
  ])("%s: %s", (failureClass, isCurable) => {
    const steps = playSteps({ failures: [failure(failureClass)], models: 2 });
    expect(steps.includes("next_model")).toBe(isCurable);
    expect(steps.at(-1)).toBe(end);
  });

  test("the next model starts afresh", () => {
    const once = ["same after 0", "same after 0"];
    expect(playSteps({ failures: [failure("malformed")], models: 2 })).toEqual([
      ...once,
      "next_model",
      ...once,
      end,
    ]);
  });
});

describe("mixed failures", () => {
  test("a limit on the first account leaves the others' back-off whole", () => {
    const failures = [failure("quota", { waitMs: 9_999_999 }), failure("capacity")];
    expect(playSteps({ failures, accounts: 3 })).toEqual([
      other,
      "same after 500",
      "same after 1000",
      "same after 2000",
      other,
      end,
    ]);
  });

  test("the one other account gets one try, though the first one had no retries", () => {
    const failures = [failure("capacity", { waitMs: 31_000 }), failure("capacity")];
    expect(playSteps({ failures })).toEqual([other, end]);
  });

  test("a signature is repaired once in a request, also on another account", () => {
    const failures = [failure("signature"), failure("quota"), failure("signature")];
    expect(playSteps({ failures })).toEqual(["repair_signatures", other, end]);
  });

  test("network failures count over all accounts", () => {
    const failures = [failure("network"), failure("network"), failure("quota"), failure("network")];
    expect(playSteps({ failures })).toEqual([
      "other_endpoint after 0",
      "other_endpoint after 500",
      other,
      "other_endpoint after 500",
      end,
    ]);
  });
});

describe("waits", () => {
  test("a prompt cache is worth a longer wait in place", () => {
    const failures = [failure("quota", { waitMs: 18_000 }), failure("bad_request")];
    expect(playSteps({ failures, cacheWorthMs: 20_000 })).toEqual(["same after 18000", end]);
    expect(playSteps({ failures, cacheWorthMs: 17_999 })[0]).toBe(other);
  });

  test("a cache makes no difference to what is not a limit", () => {
    const failures = [failure("capacity", { waitMs: 31_000 })];
    expect(playSteps({ failures, cacheWorthMs: 60_000 })[0]).toBe(other);
  });

  test("MAX_WAIT counts all waits together", () => {
    const failures = [failure("capacity", { waitMs: 7000 })];
    expect(playSteps({ failures, maxWaitMs: 15_000 })).toEqual([
      "same after 7000",
      "same after 7000",
      other,
      end,
    ]);
    expect(playSteps({ failures: [failure("soft")], maxWaitMs: 0 })).toEqual([other, end]);
  });
});

describe("when it ends", () => {
  const latest: FailedAttempt = {
    accountId: "a",
    model: "m",
    endpoint: "https://host.test",
    failure: failure("server", { status: 503 }),
  };
  const input: StepInput = {
    latest,
    earlier: [],
    sent: "nothing",
    budget: BUDGET,
    endpoints: 2,
    hasNextModel: true,
    random: 0,
  };
  const attempts = (count: number) => Array.from({ length: count }, () => latest);
  const late = { ...BUDGET, now: MAX_TOTAL_MS };

  test.each<readonly [string, Partial<StepInput>, Step]>([
    ["content was sent", { sent: "content" }, { kind: "give_up", reason: "content_sent" }],
    [
      "thinking alone: again, unseen",
      { sent: "thinking" },
      { kind: "retry", on: "other_endpoint", afterMs: 0 },
    ],
    [
      "attempts used up",
      { earlier: attempts(MAX_ATTEMPTS - 1) },
      { kind: "give_up", reason: "attempts" },
    ],
    ["one attempt left", { earlier: attempts(MAX_ATTEMPTS - 2) }, { kind: "other_account" }],
    ["five minutes are over", { budget: late }, { kind: "give_up", reason: "time" }],
  ])("%s", (_name, change, expected) => {
    expect(nextStep({ ...input, ...change })).toEqual(expected);
  });

  test("the input is left as it was", () => {
    const frozen = Object.freeze({ ...input, earlier: Object.freeze(attempts(2)) });
    expect(() => nextStep(frozen)).not.toThrow();
  });
});
