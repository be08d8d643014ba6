import { describe, expect, test } from "vitest";
import type { Unavailable } from "../pool/availability.ts";
import type { PassedOver } from "../pool/select.ts";
import type { Failure } from "./failure.ts";
import type { FailedAttempt } from "./next-step.ts";
import { poolError, queueFullError } from "./pool-error.ts";

const now = Date.parse("2026-05-24T17:17:27Z");
const context = { model: "gemini-3-flash", now };
const pool = (...whys: readonly Unavailable[]): readonly PassedOver[] =>
  whys.map((why, index) => ({ id: `account ${index}`, why }));
const none = (...whys: readonly Unavailable[]) =>
  ({ kind: "none", passedOver: pool(...whys) }) as const;
const attempt = (account: number, failure: Failure): FailedAttempt => ({
  accountId: `account ${account}`,
  model: "gemini-3-flash",
  endpoint: "https://host.test",
  failure,
});
const limited = (inMs: number): Unavailable => ({
  kind: "limited",
  until: now + inMs,
  class: "quota",
});

describe("accounts that a person has to mend", () => {
  test.each<readonly [string, readonly Unavailable[], string]>([
    ["no account", [], "There is no Google account yet. Add one with `agp accounts add`."],
    [
      "only those of others",
      [{ kind: "not_yours" }],
      "No Google account may be used by this user. Add one with `agp accounts add`.",
    ],
    [
      "all invalid",
      [{ kind: "invalid" }, { kind: "invalid", reason: "secret" }],
      "No account can serve gemini-3-flash: 2 need a new login or a verification. `agp accounts list` shows the accounts and what to do.",
    ],
    [
      "some of everything",
      [{ kind: "disabled" }, { kind: "not_yours" }, { kind: "frozen" }, { kind: "invalid" }],
      "No account can serve gemini-3-flash: 1 need a new login or a verification, 1 suspended by Google, 1 disabled. `agp accounts list` shows the accounts and what to do.",
    ],
  ])("%s", (_name, whys, message) => {
    expect(poolError(none(...whys), [], context)).toEqual({
      status: 503,
      type: "api_error",
      message,
      shouldRetry: false,
    });
  });

  test("an account that rests after a 403 is no limit", () => {
    const selection = {
      kind: "wait",
      until: now + 300_000,
      passedOver: pool({ kind: "resting", until: now + 300_000 }),
    } as const;
    expect(poolError(selection, [], context)).toMatchObject({ status: 503, shouldRetry: false });
  });
});

describe("all limited", () => {
  const wait = (inMs: number, ...whys: readonly Unavailable[]) =>
    ({ kind: "wait", until: now + inMs, passedOver: pool(...whys) }) as const;

  test("429 until the earliest reset, with model and time", () => {
    const selection = wait(7_800_000, limited(7_800_000), limited(9_000_000));
    expect(poolError(selection, [], context)).toEqual({
      status: 429,
      type: "rate_limit_error",
      message:
        "gemini-3-flash is limited: no account can serve it now. It serves again at 2026-05-24 19:28 UTC (in 2 h 10 min). Until then use another model; `agp accounts list` shows the accounts and what to do.",
      retryAfterSeconds: 7800,
      shouldRetry: false,
    });
  });

  test("an earlier reset of another model of the group counts", () => {
    const selection = wait(7_800_000, limited(7_800_000));
    const error = poolError(selection, [], { ...context, servesAgainAt: now + 40_000 });
    expect(error).toMatchObject({ status: 429, retryAfterSeconds: 40 });
  });

  test("an invalid account beside it does not hide the reset", () => {
    const failed = attempt(1, { class: "auth", message: "m" });
    const selection = wait(60_000, limited(60_000), { kind: "invalid" });
    expect(poolError(selection, [failed], context).status).toBe(429);
  });
});

describe("after tries", () => {
  const overloaded: Failure = { class: "overloaded", status: 529, message: "Overloaded" };

  test("the failure of the account that could be asked again", () => {
    const attempts = [attempt(0, overloaded), attempt(1, { class: "quota", message: "m" })];
    const selection = {
      kind: "wait",
      until: now + 9_000_000,
      passedOver: pool({ kind: "tried" }, limited(9_000_000)),
    } as const;
    expect(poolError(selection, attempts, context)).toMatchObject({
      status: 529,
      retryAfterSeconds: 10,
    });
  });

  test("the last of several", () => {
    const attempts = [attempt(0, overloaded), attempt(0, { class: "empty", message: "m" })];
    expect(poolError(none({ kind: "tried" }), attempts, context).status).toBe(500);
  });
});

test("a full queue", () => {
  expect(queueFullError("gemini-3-flash")).toMatchObject({
    status: 529,
    type: "overloaded_error",
    retryAfterSeconds: 5,
    message: expect.stringContaining("MAX_IN_FLIGHT"),
  });
});
