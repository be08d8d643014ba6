import { describe, expect, test } from "vitest";
import { isAvoided, unavailable, type Unavailable } from "./availability.ts";
import type { AccountState } from "./state.ts";

const now = 1_000_000;
const fresh: AccountState = {
  id: "a",
  email: "a@example.test",
  status: "active",
  limits: new Map(),
  quotas: new Map(),
  inFlight: 0,
};
const limit = (until: number, failureClass: "quota" | "soft" = "quota") => ({
  limits: new Map([["m", { until, class: failureClass, repetition: 0 }]]),
});

describe("unavailable", () => {
  test.each<readonly [string, Partial<AccountState>, Unavailable | undefined]>([
    ["active", {}, undefined],
    ["disabled", { status: "disabled" }, { kind: "disabled" }],
    [
      "invalid",
      { status: "invalid", statusReason: "Sign in." },
      { kind: "invalid", reason: "Sign in." },
    ],
    ["frozen", { status: "frozen", statusReason: "Why." }, { kind: "frozen", reason: "Why." }],
    ["limited", limit(now + 1), { kind: "limited", until: now + 1, class: "quota" }],
    ["a limit in the past", limit(now), undefined],
    ["a 429 without a reason", limit(now + 1, "soft"), undefined],
    ["resting", { restsUntil: now + 1 }, { kind: "resting", until: now + 1 }],
    ["a rest in the past", { restsUntil: now }, undefined],
    [
      "the longer of both: the rest",
      { ...limit(now + 1), restsUntil: now + 2 },
      { kind: "resting", until: now + 2 },
    ],
    [
      "the longer of both: the limit",
      { ...limit(now + 2), restsUntil: now + 1 },
      { kind: "limited", until: now + 2, class: "quota" },
    ],
    ["after server errors", { avoidedUntil: now + 1 }, undefined],
    ["somebody else's", { ownerId: "u2" }, { kind: "not_yours" }],
    [
      "somebody else's, whatever its state",
      { ownerId: "u2", status: "invalid" },
      { kind: "not_yours" },
    ],
    ["one's own", { ownerId: "u1" }, undefined],
  ])("%s", (_name, change, expected) => {
    const account = { ...fresh, ...change };
    expect(unavailable(account, { model: "m", now, userId: "u1" })).toEqual(expected);
  });

  test("another model's limit does not matter", () => {
    expect(unavailable({ ...fresh, ...limit(now + 1) }, { model: "other", now })).toBeUndefined();
  });

  test("nobody in particular may not use an owned account", () => {
    expect(unavailable({ ...fresh, ownerId: "u1" }, { model: "m", now })?.kind).toBe("not_yours");
  });
});

describe("isAvoided", () => {
  test.each<readonly [string, Partial<AccountState>, string | undefined]>([
    ["fresh", {}, undefined],
    ["after server errors", { avoidedUntil: now + 1 }, "server_errors"],
    ["server errors long ago", { avoidedUntil: now }, undefined],
    ["after a 429 without a reason", limit(now + 1, "soft"), "soft_limit"],
    ["such a 429 long ago", limit(now, "soft"), undefined],
    ["a real limit is more than that", limit(now + 1), undefined],
  ])("%s", (_name, change, expected) => {
    expect(isAvoided({ ...fresh, ...change }, { model: "m", now })).toBe(expected);
  });
});
