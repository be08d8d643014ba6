import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isAvoided, unavailable } from "./availability.ts";
import { select, type SelectInput, type Selection } from "./select.ts";
import type { AccountState, ModelLimit } from "./state.ts";

const now = 1_000_000;

function account(id: string, more: Partial<AccountState> = {}): AccountState {
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

const quota = (remainingFraction: number, resetAt = now + 1000) => ({
  quotas: new Map([["m", { remainingFraction, resetAt, readAt: now }]]),
});
const limit = (until: number, failureClass: ModelLimit["class"] = "quota") => ({
  limits: new Map([["m", { until, class: failureClass, repetition: 0 }]]),
});
const choose = (accounts: readonly AccountState[], more: Partial<SelectInput> = {}): Selection =>
  select(accounts, { model: "m", now, tried: new Set(), ...more });
const chosen = (accounts: readonly AccountState[], more: Partial<SelectInput> = {}) => {
  const selection = choose(accounts, more);
  return selection.kind === "account" ? `${selection.id}: ${selection.reason}` : selection.kind;
};

describe("P35: a conversation stays on its account", () => {
  const full = account("full", quota(1));

  test.each<readonly [string, Partial<AccountState>, string]>([
    ["though another has more quota", quota(0.01), "stuck: sticky"],
    ["though it is busy", { inFlight: 3 }, "stuck: sticky"],
    ["after a 429 without a reason", limit(now + 1, "soft"), "stuck: sticky"],
    ["when its limit is in the past", limit(now), "stuck: sticky"],
    ["not while it is limited", limit(now + 1), "full: most_quota"],
    ["not while it rests", { restsUntil: now + 1 }, "full: most_quota"],
    ["not after three server errors", { avoidedUntil: now + 1 }, "full: most_quota"],
    ["not when it is disabled", { status: "disabled" }, "full: most_quota"],
    ["not when it is somebody else's", { ownerId: "u2" }, "full: most_quota"],
  ])("%s", (_name, change, expected) => {
    expect(chosen([full, account("stuck", change)], { stuckTo: "stuck" })).toBe(expected);
  });

  test("not when this request has tried it", () => {
    const input = { stuckTo: "stuck", tried: new Set(["stuck"]) };
    expect(chosen([full, account("stuck")], input)).toBe("full: most_quota");
  });

  test("when every account had server errors, it stays", () => {
    const avoided = { avoidedUntil: now + 1 };
    const accounts = [account("a", avoided), account("stuck", avoided)];
    expect(chosen(accounts, { stuckTo: "stuck" })).toBe("stuck: sticky");
  });

  test("an account that is gone is no reason to fail", () => {
    expect(chosen([full], { stuckTo: "gone" })).toBe("full: most_quota");
  });
});

describe("the order of the others", () => {
  test.each<readonly [string, readonly AccountState[], string]>([
    ["most quota", [account("a", quota(0.4)), account("b", quota(0.6))], "b: most_quota"],
    [
      "weighed against requests in flight",
      [account("a", { ...quota(0.9), inFlight: 2 }), account("b", quota(0.4))],
      "b: most_quota",
    ],
    [
      "a few in flight on a full one are better than a nearly spent one",
      [account("a", { ...quota(0.9), inFlight: 2 }), account("b", quota(0.2))],
      "a: most_quota",
    ],
    ["unknown comes before scarce", [account("a", quota(0.3)), account("b")], "b: most_quota"],
    ["unknown comes after plenty", [account("a", quota(0.8)), account("b")], "a: most_quota"],
    [
      "a window that has refilled is full",
      [account("a", quota(0.1, now)), account("b", quota(0.9))],
      "a: most_quota",
    ],
    [
      "of equal fractions the earlier reset",
      [account("a", quota(0.5, now + 2000)), account("b", quota(0.5, now + 1000))],
      "b: most_quota",
    ],
    [
      "the reset of a full window means nothing: the one that rested longest",
      [
        account("a", { ...quota(1, now + 1000), lastUsedAt: 9 }),
        account("b", { ...quota(1, now + 2000), lastUsedAt: 8 }),
      ],
      "b: most_quota",
    ],
    [
      "equal in everything: by id, whatever the order",
      [account("b"), account("a")],
      "a: most_quota",
    ],
    ["a figure of 0 is a hint, no proof", [account("a", quota(0))], "a: most_quota"],
    [
      "after server errors last",
      [account("a", { ...quota(1), avoidedUntil: now + 1 }), account("b", quota(0.1))],
      "b: most_quota",
    ],
    [
      "after server errors still better than none",
      [account("a", { avoidedUntil: now + 1 }), account("b", limit(now + 1))],
      "a: last_resort",
    ],
    [
      "after a 429 without a reason last",
      [account("a", { ...quota(1), ...limit(now + 1, "soft") }), account("b", quota(0.1))],
      "b: most_quota",
    ],
  ])("%s", (_name, accounts, expected) => {
    expect(chosen(accounts)).toBe(expected);
  });

  test("own accounts before shared ones, never those of others", () => {
    const accounts = [
      account("shared", quota(1)),
      account("own", { ...quota(0.1), ownerId: "u1" }),
      account("foreign", { ...quota(1), ownerId: "u2" }),
    ];
    expect(chosen(accounts, { userId: "u1" })).toBe("own: most_quota");
    expect(chosen(accounts, { userId: "u3" })).toBe("shared: most_quota");
    expect(chosen(accounts)).toBe("shared: most_quota");
    expect(chosen(accounts.slice(2), { userId: "u1" })).toBe("none");
  });

  test("new conversations take turns among equal accounts", () => {
    let accounts: readonly AccountState[] = ["a", "b", "c"].map((id) => account(id, quota(1)));
    const turns: string[] = [];
    for (let time = 1; time <= 6; time += 1) {
      const selection = choose(accounts);
      const id = selection.kind === "account" ? selection.id : "";
      turns.push(id);
      accounts = accounts.map((one) => (one.id === id ? { ...one, lastUsedAt: time } : one));
    }
    expect(turns).toEqual(["a", "b", "c", "a", "b", "c"]);
  });

  test("parallel conversations spread over equal accounts", () => {
    let accounts: readonly AccountState[] = ["a", "b"].map((id) => account(id, quota(0.8)));
    for (let i = 0; i < 6; i += 1) {
      const selection = choose(accounts);
      const id = selection.kind === "account" ? selection.id : "";
      accounts = accounts.map((one) =>
        one.id === id ? { ...one, inFlight: one.inFlight + 1 } : one,
      );
    }
    expect(accounts.map(({ inFlight }) => inFlight)).toEqual([3, 3]);
  });
});

describe("when none can serve", () => {
  test("waits for the earliest of all limits and rests, tried ones included", () => {
    const accounts = [
      account("a", limit(now + 5000)),
      account("b", { restsUntil: now + 9000 }),
      account("c", limit(now + 3000, "rate")),
      account("d", { status: "invalid", statusReason: "Sign in." }),
      account("e"),
    ];
    expect(choose(accounts, { tried: new Set(["c", "e"]) })).toEqual({
      kind: "wait",
      until: now + 3000,
      passedOver: [
        { id: "a", why: { kind: "limited", until: now + 5000, class: "quota" } },
        { id: "b", why: { kind: "resting", until: now + 9000 } },
        { id: "c", why: { kind: "limited", until: now + 3000, class: "rate" } },
        { id: "d", why: { kind: "invalid", reason: "Sign in." } },
        { id: "e", why: { kind: "tried" } },
      ],
    });
  });

  test("says why each was passed over, also beside a choice", () => {
    const selection = choose([account("a"), account("b", { status: "frozen" })]);
    expect(selection.passedOver).toEqual([{ id: "b", why: { kind: "frozen" } }]);
  });

  test("nobody comes back by itself", () => {
    expect(choose([account("a", { status: "disabled" })]).kind).toBe("none");
    expect(choose([])).toEqual({ kind: "none", passedOver: [] });
  });
});

const anyAccount = (id: string): fc.Arbitrary<AccountState> => {
  const around = fc.integer({ min: now - 100, max: now + 100 });
  const limits = fc.record({
    until: around,
    class: fc.constantFrom<ModelLimit["class"]>("quota", "rate", "soft"),
    repetition: fc.nat(3),
  });
  return fc
    .record({
      status: fc.constantFrom<AccountState["status"]>(
        "active",
        "active",
        "disabled",
        "invalid",
        "frozen",
      ),
      ownerId: fc.option(fc.constantFrom("u1", "u2"), { nil: undefined }),
      limit: fc.option(limits, { nil: undefined }),
      restsUntil: fc.option(around, { nil: undefined }),
      avoidedUntil: fc.option(around, { nil: undefined }),
      fraction: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
      inFlight: fc.nat(4),
    })
    .map(({ limit: one, ownerId, restsUntil, avoidedUntil, fraction, status, inFlight }) => ({
      ...account(id, { status, inFlight, ...(fraction === undefined ? {} : quota(fraction)) }),
      limits: new Map(one === undefined ? [] : [["m", one]]),
      ...(ownerId === undefined ? {} : { ownerId }),
      ...(restsUntil === undefined ? {} : { restsUntil }),
      ...(avoidedUntil === undefined ? {} : { avoidedUntil }),
    }));
};
const ids = ["a", "b", "c", "d"];
const anyPool = fc.tuple(...ids.map(anyAccount));
const anyInput = fc
  .record({
    tried: fc.subarray(ids),
    stuckTo: fc.constantFrom(...ids, "gone"),
    userId: fc.constantFrom("u1", "u2", "u3"),
  })
  .map(({ tried, ...rest }): SelectInput => ({ model: "m", now, tried: new Set(tried), ...rest }));

describe("for every pool", () => {
  test("never picks an account that rests, is limited, is off, foreign or tried", () => {
    fc.assert(
      fc.property(anyPool, anyInput, (accounts, input) => {
        const selection = select(accounts, input);
        fc.pre(selection.kind === "account");
        const { id } = selection;
        const picked = accounts.find((one) => one.id === id) ?? account("missing");
        expect(picked.status).toBe("active");
        expect(picked.restsUntil ?? 0).toBeLessThanOrEqual(now);
        expect(unavailable(picked, input)).toBeUndefined();
        expect(input.tried.has(id)).toBe(false);
      }),
    );
  });

  test("picks one whenever one can serve, and accounts for every other", () => {
    fc.assert(
      fc.property(anyPool, anyInput, (accounts, input) => {
        const usable = accounts.filter(
          (one) => unavailable(one, input) === undefined && !input.tried.has(one.id),
        );
        const selection = select(accounts, input);
        expect(selection.kind === "account").toBe(usable.length > 0);
        expect(selection.passedOver).toHaveLength(accounts.length - usable.length);
      }),
    );
  });

  test("keeps a usable sticky account, unless server errors made it the worse one", () => {
    fc.assert(
      fc.property(anyPool, anyInput, (accounts, input) => {
        const stuck = accounts.find(({ id }) => id === input.stuckTo);
        fc.pre(stuck !== undefined && unavailable(stuck, input) === undefined);
        fc.pre(!input.tried.has(stuck.id) && isAvoided(stuck, input) !== "server_errors");
        expect(select(accounts, input)).toMatchObject({ id: stuck.id, reason: "sticky" });
      }),
    );
  });

  test("waits only for a time to come, and does not depend on the order", () => {
    fc.assert(
      fc.property(anyPool, anyInput, (accounts, input) => {
        const selection = select(accounts, input);
        const turned = select(accounts.toReversed(), input);
        const { passedOver: _one, ...choice } = selection;
        const { passedOver: _two, ...turnedChoice } = turned;
        expect(turnedChoice).toEqual(choice);
        const until = selection.kind === "wait" ? selection.until : Number.POSITIVE_INFINITY;
        expect(until).toBeGreaterThan(now);
      }),
    );
  });
});
