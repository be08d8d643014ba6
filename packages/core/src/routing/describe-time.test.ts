import { describe, expect, test } from "vitest";
import { describeReset, describeSpan } from "./describe-time.ts";

describe("describeSpan", () => {
  test.each([
    [-5, "1 s"],
    [0, "1 s"],
    [1, "1 s"],
    [45_000, "45 s"],
    [99_001, "2 min"],
    [120_000, "2 min"],
    [3_540_001, "1 h"],
    [7_800_000, "2 h 10 min"],
    [7_830_000, "2 h 11 min"],
    [86_400_000, "1 d"],
    [256_527_000, "3 d"],
    [252_000_000, "2 d 22 h"],
  ])("%d ms", (ms, expected) => {
    expect(describeSpan(ms)).toBe(expected);
  });
});

test("describeReset names the time and the distance", () => {
  const now = Date.parse("2026-05-24T17:17:27Z");
  expect(describeReset(now + 7_800_000, now)).toBe("at 2026-05-24 19:28 UTC (in 2 h 10 min)");
});
