import { describe, expect, test } from "vitest";
import type { Failure, FailureClass } from "../routing/failure.ts";
import { applyFailure, applySuccess, QUOTA_COOL_MS, type FailureOutcome } from "./apply.ts";
import type { AccountState, ModelLimit } from "./state.ts";

const now = 1_000_000_000;
const fresh: AccountState = {
  id: "a",
  email: "a@example.test",
  status: "active",
  limits: new Map(),
  quotas: new Map(),
  inFlight: 0,
};
const limited = (limit: Partial<ModelLimit>): AccountState => ({
  ...fresh,
  limits: new Map([["m", { until: now - 1, class: "quota", repetition: 0, ...limit }]]),
});

function after(
  account: AccountState,
  failureClass: FailureClass,
  more: Partial<Failure> = {},
  outcome: Partial<FailureOutcome> = {},
): AccountState {
  const failure: Failure = { class: failureClass, message: "m.", ...more };
  return applyFailure(account, {
    model: "m",
    failure,
    step: { kind: "other_account" },
    now,
    ...outcome,
  });
}

/** How long the model is limited, in ms from now. */
const coolMs = (account: AccountState, model = "m") =>
  (account.limits.get(model)?.until ?? now) - now;

describe("cool-downs of a model", () => {
  test.each<readonly [string, FailureClass, Partial<Failure>, number]>([
    ["quota: until the reset", "quota", { waitMs: 7_830_500 }, 7_830_500],
    ["quota without delay", "quota", {}, 60_000],
    ["credits: as quota", "credits", {}, 60_000],
    ["rate: the delay told", "rate", { waitMs: 14_500 }, 14_500],
    ["rate without delay: 30 s", "rate", {}, 30_000],
    ["soft: 30 s at most", "soft", {}, 30_000],
  ])("%s", (_name, failureClass, more, expected) => {
    const account = after(fresh, failureClass, more);
    expect(account.limits.get("m")).toEqual({
      until: now + expected,
      class: failureClass,
      repetition: 0,
      learntAt: now,
    });
    expect(account.status).toBe("active");
    expect(fresh.limits.size).toBe(0);
  });

  test("a delay waited out in place: a spent quota cools, a rate limit does not", () => {
    const step = { kind: "retry" } as const;
    expect(coolMs(after(fresh, "quota", { waitMs: 9000 }, { step }))).toBe(9000);
    expect(after(fresh, "rate", { waitMs: 755 }, { step })).toBe(fresh);
    expect(after(fresh, "soft", {}, { step })).toBe(fresh);
  });

  test("a minute's limit does not shorten a day's", () => {
    const account = limited({ until: now + 86_400_000 });
    expect(coolMs(after(account, "rate", { waitMs: 60_000 }))).toBe(86_400_000);
  });

  test("other models serve on", () => {
    expect(coolMs(after(fresh, "rate", {}), "other")).toBe(0);
  });
});

describe("repetition of a quota without a delay", () => {
  test("60 s, 5 m, 30 m, 2 h, and no longer", () => {
    const cooled: number[] = [];
    let account: AccountState = fresh;
    for (let time = now; cooled.length < 6; time = account.limits.get("m")?.until ?? 0) {
      account = after(account, "quota", {}, { now: time });
      cooled.push((account.limits.get("m")?.until ?? 0) - time);
    }
    expect(cooled).toEqual([...QUOTA_COOL_MS, 7_200_000, 7_200_000]);
  });

  test.each([
    [0, 0],
    [1999, 0],
    [2000, 1],
  ])("a refusal %d ms later counts %d more", (laterMs, more) => {
    const first = after(fresh, "quota");
    const second = after(first, "quota", {}, { now: now + laterMs });
    expect(second.limits.get("m")?.repetition).toBe(more);
  });

  test("ten parallel refusals are one", () => {
    let account = after(fresh, "quota");
    for (let i = 1; i < 10; i += 1) account = after(account, "quota", {}, { now: now + i * 100 });
    expect(coolMs(account)).toBe(60_000);
  });

  test("a clock that was set back does not make it parallel", () => {
    const account = after(limited({ learntAt: now + 9000 }), "quota");
    expect(account.limits.get("m")?.repetition).toBe(1);
  });

  test("a limit of another kind before it does not count", () => {
    expect(after(limited({ class: "rate" }), "quota").limits.get("m")?.repetition).toBe(0);
  });

  test("a success begins anew", () => {
    const spent = after(fresh, "quota");
    const back = applySuccess(spent, { model: "m", startedAt: now + 60_000, now: now + 61_000 });
    expect(back.limits.size).toBe(0);
    expect(after(back, "quota").limits.get("m")?.repetition).toBe(0);
  });
});

describe("the quota pool", () => {
  const figure = { remainingFraction: 0.4, resetAt: now + 3_600_000, readAt: now - 1000 };
  const pooled: AccountState = {
    ...fresh,
    quotas: new Map([
      ["m", figure],
      ["same pool", figure],
      ["other pool", { ...figure, remainingFraction: 0.9 }],
    ]),
  };

  test("QUOTA_EXHAUSTED is about all its models", () => {
    const account = after(pooled, "quota", { reason: "QUOTA_EXHAUSTED", waitMs: 5000 });
    expect([...account.limits.keys()]).toEqual(["m", "same pool"]);
  });

  test("any other limit about the one model", () => {
    expect([...after(pooled, "rate", { reason: "RATE_LIMIT_EXCEEDED" }).limits.keys()]).toEqual([
      "m",
    ]);
    expect([...after(pooled, "quota").limits.keys()]).toEqual(["m"]);
  });
});

describe("server errors", () => {
  const fail = (times: number, more: Partial<Failure> = { status: 500 }) => {
    let account: AccountState = fresh;
    for (let i = 0; i < times; i += 1) account = after(account, "server", more);
    return account;
  };

  test.each([
    [1, undefined],
    [2, undefined],
    [3, now + 60_000],
    [4, now + 60_000],
  ])("%d in a row", (times, avoidedUntil) => {
    expect(fail(times).avoidedUntil).toBe(avoidedUntil);
    expect(fail(times).limits.size).toBe(0);
  });

  test("one success ends it", () => {
    const account = applySuccess(fail(3), { model: "m", startedAt: now, now });
    expect(account).toEqual({ ...fresh, lastUsedAt: now });
  });

  test("a 504 counts, our own patience does not", () => {
    expect(after(fresh, "timeout", { status: 504 }).serverErrorsInRow).toBe(1);
    expect(after(fresh, "timeout")).toBe(fresh);
  });
});

describe("no fault of the account", () => {
  test.each<FailureClass>([
    "capacity",
    "overloaded",
    "network",
    "empty",
    "malformed",
    "cut",
    "signature",
    "too_long",
    "bad_request",
    "too_large",
    "not_found",
    "unimplemented",
    "client_gate",
    "oauth_client",
  ])("%s leaves it as it is", (failureClass) => {
    expect(after(fresh, failureClass, { waitMs: 1000 })).toBe(fresh);
  });
});

describe("the whole account", () => {
  test("403 without a reason: rests 5 min, once the next host said the same", () => {
    expect(after(fresh, "denied", {}, { step: { kind: "retry" } })).toBe(fresh);
    expect(after(fresh, "denied")).toEqual({ ...fresh, restsUntil: now + 300_000 });
    const longer = { ...fresh, restsUntil: now + 900_000 };
    expect(after(longer, "denied").restsUntil).toBe(now + 900_000);
  });

  test.each<
    readonly [string, FailureClass, FailureOutcome["step"]["kind"], Partial<Failure>, string]
  >([
    ["a first 401", "auth", "refresh_token", {}, "active"],
    ["a first 401, and the time is over", "auth", "give_up", {}, "active"],
    ["a second 401", "auth", "other_account", {}, "invalid"],
    ["invalid_grant at once", "auth", "give_up", { reason: "invalid_grant" }, "invalid"],
    ["a first project error", "project", "rediscover_project", {}, "active"],
    ["a project error after content", "project", "give_up", {}, "active"],
    ["a second project error", "project", "other_account", {}, "invalid"],
    [
      "a security policy",
      "denied",
      "other_account",
      { reason: "SECURITY_POLICY_VIOLATED" },
      "invalid",
    ],
    ["validation", "validation", "other_account", {}, "invalid"],
    ["location", "location", "other_account", {}, "invalid"],
    ["suspension", "banned", "give_up", {}, "frozen"],
  ])("%s", (_name, failureClass, kind, more, status) => {
    expect(after(fresh, failureClass, more, { step: { kind } }).status).toBe(status);
  });
});

describe("applySuccess", () => {
  test("disproves a limit learnt before the attempt began", () => {
    const account = limited({ until: now + 60_000, learntAt: now - 5000 });
    const outcome = { model: "m", startedAt: now - 5000, now };
    expect(applySuccess(account, outcome).limits.size).toBe(0);
    expect(account.limits.size).toBe(1);
  });

  test("proves nothing about one learnt while a long answer streamed", () => {
    const account = limited({ until: now + 60_000, learntAt: now - 5000 });
    const outcome = { model: "m", startedAt: now - 5001, now };
    expect(applySuccess(account, outcome).limits).toBe(account.limits);
  });

  test("leaves other models' limits and the account's status", () => {
    const account = { ...limited({ until: now + 60_000 }), status: "invalid" as const };
    const next = applySuccess(account, { model: "other", startedAt: now, now });
    expect(next).toEqual({ ...account, lastUsedAt: now });
  });

  test("lastUsedAt never goes back", () => {
    const account = { ...fresh, lastUsedAt: now + 50 };
    expect(applySuccess(account, { model: "m", startedAt: now, now }).lastUsedAt).toBe(now + 50);
  });
});
