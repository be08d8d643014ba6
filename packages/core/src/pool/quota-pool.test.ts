import { describe, expect, test } from "vitest";
import { quotaPoolOf } from "./quota-pool.ts";
import type { ModelQuota } from "./state.ts";

const quota = (remainingFraction: number, resetAt = 5000, readAt = 1000): ModelQuota => ({
  remainingFraction,
  resetAt,
  readAt,
});

describe("quotaPoolOf", () => {
  test.each([
    ["equal figures share", quota(0.7), ["m", "same"]],
    ["spent pools share too", quota(0), ["m", "spent"]],
    ["full pools tell nothing", quota(1), ["m"]],
    ["another reset", quota(0.7, 6000), ["m"]],
    ["another reading", quota(0.7, 5000, 2000), ["m"]],
    ["no fraction", { resetAt: 5000, readAt: 1000 }, ["m"]],
    ["no reset", { remainingFraction: 0.7, readAt: 1000 }, ["m"]],
  ])("%s", (_name, own, expected) => {
    const quotas = new Map([
      ["m", own],
      ["same", quota(0.7)],
      ["full", quota(1)],
      ["spent", quota(0)],
    ]);
    expect(quotaPoolOf(quotas, "m")).toEqual(expected);
  });

  test("a model without figures is alone", () => {
    expect(quotaPoolOf(new Map([["a", quota(0.7)]]), "m")).toEqual(["m"]);
  });
});
