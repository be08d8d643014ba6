import { describe, expect, test } from "vitest";
import { fitsBudget, MAX_ATTEMPTS, MAX_TOTAL_MS, spentReason, type Budget } from "./budget.ts";

const fresh: Budget = {
  now: 1_000_000,
  startedAt: 1_000_000,
  attemptsMade: 0,
  waitedMs: 0,
  maxWaitMs: 120_000,
};

describe("spentReason", () => {
  test.each([
    ["fresh", {}, undefined],
    ["the last attempt is left", { attemptsMade: MAX_ATTEMPTS - 1 }, undefined],
    ["attempts used up", { attemptsMade: MAX_ATTEMPTS }, "attempts"],
    ["the last moment", { now: fresh.startedAt + MAX_TOTAL_MS - 1 }, undefined],
    ["time used up", { now: fresh.startedAt + MAX_TOTAL_MS }, "time"],
    ["clock set back", { now: 0 }, undefined],
    ["clock set back after long waits", { now: 0, waitedMs: MAX_TOTAL_MS }, "time"],
  ])("%s", (_name, change, expected) => {
    expect(spentReason({ ...fresh, ...change })).toBe(expected);
  });
});

describe("fitsBudget", () => {
  test.each([
    ["nothing", {}, 0, true],
    ["exactly MAX_WAIT", {}, 120_000, true],
    ["over MAX_WAIT", {}, 120_001, false],
    ["in sum exactly MAX_WAIT", { waitedMs: 100_000 }, 20_000, true],
    ["in sum over MAX_WAIT", { waitedMs: 100_000 }, 20_001, false],
    ["no waiting at all", { maxWaitMs: 0 }, 1, false],
    ["no time left for an attempt", { now: fresh.startedAt + MAX_TOTAL_MS - 5000 }, 5000, false],
    ["a long MAX_WAIT ends with the total", { maxWaitMs: 900_000 }, MAX_TOTAL_MS, false],
  ])("%s", (_name, change, ms, expected) => {
    expect(fitsBudget({ ...fresh, ...change }, ms)).toBe(expected);
  });
});
