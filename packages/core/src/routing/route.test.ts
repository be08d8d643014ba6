/** Random worlds of failures show the bounds that no single decision can promise. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { account, ATTEMPT_MS, playRoute, START, type World } from "./__fixtures__/play-route.ts";
import { MAX_ATTEMPTS, MAX_TOTAL_MS } from "./budget.ts";
import type { Failure, FailureClass } from "./failure.ts";

const failure = (failureClass: FailureClass, waitMs?: number): Failure => ({
  class: failureClass,
  message: "m",
  ...(waitMs === undefined ? {} : { waitMs }),
});
const two = [account("a"), account("b")];
const world = (more: Partial<World> & Pick<World, "answer">): World => ({
  accounts: two,
  models: ["claude"],
  maxWaitMs: 120_000,
  ...more,
});

describe("stories", () => {
  test("P38: a revoked account is marked and the other one serves", () => {
    const result = playRoute(
      world({
        answer: (id) => (id === "a" ? { ...failure("auth"), reason: "invalid_grant" } : undefined),
      }),
    );
    expect(result).toMatchObject({ path: ["a/claude", "b/claude"], served: true });
    expect(result.accounts[0]).toMatchObject({ status: "invalid" });
  });

  test("P36: a short limit is waited out when nothing else can serve", () => {
    const result = playRoute(
      world({
        accounts: [account("a")],
        answer: (_id, _model, attempt) => (attempt === 0 ? failure("quota", 90_000) : undefined),
      }),
    );
    expect(result).toMatchObject({
      path: ["a/claude", "a/claude"],
      served: true,
      waitedMs: 90_000,
    });
  });

  test("P36: a long limit switches at once", () => {
    const result = playRoute(
      world({ answer: (id) => (id === "a" ? failure("quota", 7_200_000) : undefined) }),
    );
    expect(result).toMatchObject({ path: ["a/claude", "b/claude"], served: true, waitedMs: 0 });
  });

  test("all limited for hours: 429 at once", () => {
    const result = playRoute(world({ answer: () => failure("quota", 7_200_000) }));
    expect(result).toMatchObject({ path: ["a/claude", "b/claude"], status: 429, waitedMs: 0 });
  });

  test("P27: the first model limited everywhere, the next answers", () => {
    const result = playRoute(
      world({
        models: ["claude", "gemini"],
        answer: (_id, model) => (model === "claude" ? failure("quota", 7_200_000) : undefined),
      }),
    );
    expect(result.path).toEqual(["a/claude", "b/claude", "a/gemini"]);
  });

  test("a group whose second model comes back first waits for that one", () => {
    const limits = (until: number) => new Map([["x", until]]);
    const resets = { claude: limits(START + 60_000), gemini: limits(START + 20_000) };
    const result = playRoute(
      world({
        accounts: [account("a")],
        models: ["claude", "gemini"],
        answer: (_id, model, _attempt, now) => {
          const until = (model === "claude" ? resets.claude : resets.gemini).get("x") ?? 0;
          return now < until ? failure("quota", until - now) : undefined;
        },
      }),
    );
    expect(result).toMatchObject({ path: ["a/claude", "a/gemini", "a/gemini"], served: true });
  });

  test("a refusal without a reason never burns the pool", () => {
    const accounts = ["a", "b", "c", "d"].map((id) => account(id));
    const result = playRoute(world({ accounts, answer: () => failure("soft") }));
    expect(result.path).toEqual(["a/claude", "a/claude", "a/claude", "b/claude"]);
    expect(result.status).toBe(429);
    expect(result.accounts.filter(({ limits }) => limits.size > 0)).toHaveLength(2);
  });

  test("a suspended account ends the request: no replay on another", () => {
    const result = playRoute(world({ answer: () => failure("banned") }));
    expect(result).toMatchObject({ path: ["a/claude"], status: 503 });
    expect(result.accounts[0]?.status).toBe("frozen");
  });

  test("capacity marks no account", () => {
    const result = playRoute(world({ answer: () => failure("capacity") }));
    expect(result).toMatchObject({ status: 529, accounts: two });
  });

  test("a request that is wrong is asked once", () => {
    expect(playRoute(world({ answer: () => failure("bad_request") }))).toMatchObject({
      path: ["a/claude"],
      status: 400,
      accounts: two,
    });
  });

  test("a single account after server errors: the client hears of them", () => {
    const result = playRoute(world({ accounts: [account("a")], answer: () => failure("server") }));
    expect(result).toMatchObject({ path: ["a/claude", "a/claude"], status: 500 });
  });
});

const classes: readonly FailureClass[] = [
  "quota",
  "rate",
  "capacity",
  "overloaded",
  "soft",
  "credits",
  "auth",
  "validation",
  "project",
  "denied",
  "location",
  "signature",
  "not_found",
  "timeout",
  "server",
  "network",
  "empty",
  "malformed",
  "cut",
];
const anyFailure = fc
  .record({
    failureClass: fc.constantFrom(...classes),
    waitMs: fc.option(fc.integer({ min: 1, max: 400_000 }), { nil: undefined }),
    status: fc.constantFrom(500, 503),
  })
  .map(({ failureClass, waitMs, status }) => ({ ...failure(failureClass, waitMs), status }));

describe("any mix of failures", () => {
  test("ends within attempts, waits and time, and never asks a resting account", () => {
    const answers = fc.array(fc.option(anyFailure, { nil: undefined, freq: 9 }), {
      minLength: 1,
      maxLength: 80,
    });
    const size = fc.integer({ min: 0, max: 12 });
    const models = fc.integer({ min: 1, max: 4 });
    fc.assert(
      fc.property(
        answers,
        size,
        models,
        fc.integer({ min: 0, max: 200_000 }),
        (list, n, m, maxWaitMs) => {
          const result = playRoute({
            accounts: Array.from({ length: n }, (_, index) => account(`a${index}`)),
            models: Array.from({ length: m }, (_, index) => `m${index}`),
            maxWaitMs,
            answer: (_id, _model, attempt) => list[attempt % list.length],
          });
          expect(result.path.length).toBeLessThanOrEqual(MAX_ATTEMPTS);
          expect(result.waitedMs).toBeLessThanOrEqual(maxWaitMs);
          expect(result.elapsedMs).toBeLessThanOrEqual(MAX_TOTAL_MS + ATTEMPT_MS);
          expect(result.restingPicks).toBe(0);
          expect(result.served || result.status >= 400).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });

  test("succeeds whenever one account answers and the others are limited", () => {
    const size = fc.integer({ min: 1, max: 20 });
    fc.assert(
      fc.property(size, fc.nat(), fc.integer({ min: 300_000 }), (n, good, waitMs) => {
        const result = playRoute(
          world({
            accounts: Array.from({ length: n }, (_, index) => account(`a${index}`)),
            answer: (id) => (id === `a${good % n}` ? undefined : failure("quota", waitMs)),
          }),
        );
        expect(result.served).toBe(true);
        expect(result.path.length).toBeLessThanOrEqual(n);
      }),
    );
  });
});
