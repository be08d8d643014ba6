import { describe, expect, test } from "vitest";
import { MAX_ATTEMPTS, MAX_TOTAL_MS } from "./budget.ts";
import type { Failure, FailureClass } from "./failure.ts";
import { nextStep, type FailedAttempt, type Step, type StepInput } from "./next-step.ts";

const budget = { now: 10_000, startedAt: 0, waitedMs: 0, maxWaitMs: 120_000 };

function failure(failureClass: FailureClass, more: Partial<Failure> = {}): Failure {
  return { class: failureClass, message: "m", ...more };
}

interface World {
  /** The same failure at every attempt, or one for each; the last one repeats. */
  readonly failures: readonly Failure[];
  readonly accounts?: number;
  readonly models?: number;
  readonly endpoints?: number;
  readonly cacheWorthMs?: number;
  readonly maxWaitMs?: number;
}

/** Plays the steps out until one ends it; a delay is shown at half its base, the dice being 0.5. */
function play({ failures, accounts = 2, models = 1, endpoints = 2, ...world }: World): string[] {
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
      budget: { ...budget, waitedMs, maxWaitMs: world.maxWaitMs ?? budget.maxWaitMs },
      endpoints,
      hasNextModel: model + 1 < models,
      random: 0.5,
      ...(world.cacheWorthMs === undefined ? {} : { cacheWorthMs: world.cacheWorthMs }),
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

const other = "other_account";
const end = "give_up: no_cure";

describe("every row of the table, failing again and again", () => {
  test.each<readonly [string, Failure, readonly string[]]>([
    [
      "429 QUOTA_EXHAUSTED, hours away",
      failure("quota", { waitMs: 7_830_500 }),
      [other, other, "(no account)"],
    ],
    ["429 QUOTA_EXHAUSTED, no delay told", failure("quota"), [other, other, "(no account)"]],
    [
      "429 QUOTA_EXHAUSTED, 10 s or less: wait in place",
      failure("quota", { waitMs: 10_000 }),
      ["same after 10000", other, "same after 10000", other, "(no account)"],
    ],
    [
      "429 QUOTA_EXHAUSTED, just over 10 s",
      failure("quota", { waitMs: 10_001 }),
      [other, other, "(no account)"],
    ],
    [
      "429 RATE_LIMIT_EXCEEDED, under 3 s: wait, twice",
      failure("rate", { waitMs: 755 }),
      [
        "same after 755",
        "same after 755",
        other,
        "same after 755",
        "same after 755",
        other,
        "(no account)",
      ],
    ],
    [
      "429 RATE_LIMIT_EXCEEDED, 3 s",
      failure("rate", { waitMs: 3000 }),
      [other, other, "(no account)"],
    ],
    [
      "429 RATE_LIMIT_EXCEEDED, 5 min and more",
      failure("rate", { waitMs: 300_000 }),
      [other, other, "(no account)"],
    ],
    [
      "429 RATE_LIMIT_EXCEEDED without delay: 1 s, once",
      failure("rate"),
      ["same after 500", other, "same after 500", other, "(no account)"],
    ],
    [
      "429, 503 MODEL_CAPACITY_EXHAUSTED: 1, 2, 4 s, one other account, never another host",
      failure("capacity", { status: 503 }),
      ["same after 500", "same after 1000", "same after 2000", other, end],
    ],
    [
      "MODEL_CAPACITY_EXHAUSTED with a delay: it is kept",
      failure("capacity", { waitMs: 7000 }),
      ["same after 7000", "same after 7000", "same after 7000", other, end],
    ],
    [
      "MODEL_CAPACITY_EXHAUSTED with a long delay",
      failure("capacity", { waitMs: 31_000 }),
      [other, end],
    ],
    [
      "429 no details: 1 s, 2 s, one other account",
      failure("soft"),
      ["same after 500", "same after 1000", other, end],
    ],
    [
      "429 INSUFFICIENT_G1_CREDITS_BALANCE: as quota",
      failure("credits"),
      [other, other, "(no account)"],
    ],
    [
      "429 QuotaFailure …PerMinute",
      failure("rate", { waitMs: 60_000 }),
      [other, other, "(no account)"],
    ],
    [
      "401: refresh once, then the next account",
      failure("auth", { status: 401 }),
      ["refresh_token", other, "refresh_token", other, "(no account)"],
    ],
    [
      "invalid_grant: no refresh",
      failure("auth", { reason: "invalid_grant" }),
      [other, other, "(no account)"],
    ],
    [
      "400 API_KEY_INVALID: no refresh",
      failure("auth", { reason: "API_KEY_INVALID" }),
      [other, other, "(no account)"],
    ],
    ["invalid_client", failure("oauth_client"), [end]],
    ["403 VALIDATION_REQUIRED", failure("validation"), [other, other, "(no account)"]],
    ["403 TOS_VIOLATION: no retries of any kind", failure("banned"), [end]],
    [
      "403 SUBSCRIPTION_REQUIRED, SERVICE_DISABLED, IAM_PERMISSION_DENIED: rediscover once",
      failure("project"),
      ["rediscover_project", other, "rediscover_project", other, "(no account)"],
    ],
    [
      "403 SECURITY_POLICY_VIOLATED",
      failure("denied", { reason: "SECURITY_POLICY_VIOLATED" }),
      [other, other, "(no account)"],
    ],
    [
      "403 none: next host once",
      failure("denied"),
      ["other_endpoint after 0", other, "other_endpoint after 0", other, "(no account)"],
    ],
    ["400 signature class: repaired once", failure("signature"), ["repair_signatures", end]],
    ["400 too long", failure("too_long"), [end]],
    ["400 bad request", failure("bad_request"), [end]],
    ["400 FAILED_PRECONDITION, location", failure("location"), [other, other, "(no account)"]],
    ["404: next host once", failure("not_found"), ["other_endpoint after 0", end]],
    [
      "408, 499, 504: once, other host",
      failure("timeout", { status: 504 }),
      ["other_endpoint after 0", end],
    ],
    ["413", failure("too_large"), [end]],
    [
      "500: 1 s, other host, one other account",
      failure("server", { status: 500 }),
      ["other_endpoint after 500", other, end],
    ],
    ["501", failure("unimplemented"), [end]],
    [
      "502, 503: 1, 2, 4 s, one other account",
      failure("server", { status: 503 }),
      [
        "other_endpoint after 500",
        "other_endpoint after 1000",
        "other_endpoint after 2000",
        other,
        end,
      ],
    ],
    [
      "503 with a delay: it is kept",
      failure("server", { status: 503, waitMs: 4000 }),
      [
        "other_endpoint after 4000",
        "other_endpoint after 4000",
        "other_endpoint after 4000",
        other,
        end,
      ],
    ],
    [
      "529: as capacity",
      failure("overloaded", { status: 529 }),
      ["same after 500", "same after 1000", "same after 2000", other, end],
    ],
    ["200 client gate: no other account", failure("client_gate"), [end]],
    [
      "network: other host, then 1 s, at most twice",
      failure("network"),
      ["other_endpoint after 0", "other_endpoint after 500", "other_endpoint after 500", end],
    ],
    [
      "empty answer: 0.5 s, 1 s, another account once",
      failure("empty"),
      ["same after 250", "same after 500", other, end],
    ],
    ["cut answer, nothing sent", failure("cut"), ["same after 250", "same after 500", other, end]],
    [
      "malformed answer: twice, same account",
      failure("malformed"),
      ["same after 0", "same after 0", end],
    ],
  ])("%s", (_name, latest, expected) => {
    expect(play({ failures: [latest] })).toEqual(expected);
  });
});

describe("one configured host", () => {
  test.each<readonly [string, Failure, readonly string[]]>([
    // "Other host" is the same one once more, so a 500 gets three tries.
    ["500", failure("server", { status: 500 }), ["other_endpoint after 500", other, end]],
    ["504", failure("timeout", { status: 504 }), ["other_endpoint after 0", end]],
    // "Next host" is none: the answer would be the same.
    ["404", failure("not_found"), [end]],
    ["403 none", failure("denied"), [other, other, "(no account)"]],
  ])("%s", (_name, latest, expected) => {
    expect(play({ failures: [latest], endpoints: 1 })).toEqual(expected);
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
    const steps = play({ failures: [failure(failureClass)], models: 2 });
    expect(steps.includes("next_model")).toBe(isCurable);
    expect(steps.at(-1)).toBe(end);
  });

  test("the next model starts afresh", () => {
    const once = ["same after 0", "same after 0"];
    expect(play({ failures: [failure("malformed")], models: 2 })).toEqual([
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
    expect(play({ failures, accounts: 3 })).toEqual([
      other,
      "same after 500",
      "same after 1000",
      "same after 2000",
      other,
      end,
    ]);
  });

  test("a signature is repaired once in a request, also on another account", () => {
    const failures = [failure("signature"), failure("quota"), failure("signature")];
    expect(play({ failures })).toEqual(["repair_signatures", other, end]);
  });

  test("network failures count over all accounts", () => {
    const failures = [failure("network"), failure("network"), failure("quota"), failure("network")];
    expect(play({ failures })).toEqual([
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
    expect(play({ failures, cacheWorthMs: 20_000 })).toEqual(["same after 18000", end]);
    expect(play({ failures, cacheWorthMs: 17_999 })[0]).toBe(other);
  });

  test("a cache makes no difference to what is not a limit", () => {
    const failures = [failure("capacity", { waitMs: 31_000 })];
    expect(play({ failures, cacheWorthMs: 60_000 })[0]).toBe(other);
  });

  test("MAX_WAIT counts all waits together", () => {
    const failures = [failure("capacity", { waitMs: 7000 })];
    expect(play({ failures, maxWaitMs: 15_000 })).toEqual([
      "same after 7000",
      "same after 7000",
      other,
      end,
    ]);
    expect(play({ failures: [failure("soft")], maxWaitMs: 0 })).toEqual([other, end]);
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
    budget,
    endpoints: 2,
    hasNextModel: true,
    random: 0,
  };
  const attempts = (count: number) => Array.from({ length: count }, () => latest);
  const late = { ...budget, now: MAX_TOTAL_MS };

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
