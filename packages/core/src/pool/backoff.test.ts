import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { backoffMs, fullJitterMs } from "./backoff.ts";

const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe("fullJitterMs", () => {
  test.each([
    [1000, 0, 0],
    [1000, 0.5, 500],
    [1000, 0.9999, 999],
    [0, 0.5, 0],
    [-5, 0.5, 0],
  ])("%d at %d", (baseMs, dice, expected) => {
    expect(fullJitterMs(baseMs, dice)).toBe(expected);
  });

  test("is whole and within the base", () => {
    fc.assert(
      fc.property(fc.nat(), random, (baseMs, dice) => {
        const ms = fullJitterMs(baseMs, dice);
        expect(Number.isInteger(ms) && ms >= 0 && ms <= baseMs).toBe(true);
      }),
    );
  });

  test("spreads over the whole range", () => {
    const delays = [0, 0.25, 0.5, 0.75].map((dice) => fullJitterMs(4000, dice));
    expect(delays).toEqual([0, 1000, 2000, 3000]);
  });
});

describe("backoffMs", () => {
  test.each([
    [0, 500],
    [1, 1000],
    [2, 2000],
    [3, undefined],
    [-1, undefined],
  ])("retry %d", (retry, expected) => {
    expect(backoffMs([1000, 2000, 4000], retry, 0.5)).toBe(expected);
  });
});
