import { describe, expect, test } from "vitest";
import type { ModelQuota } from "../pool/state.ts";
import type { Failure } from "./failure.ts";
import { judgeSoftLimit } from "./judge-soft-limit.ts";

const now = 1_000_000;
const soft: Failure = { class: "soft", status: 429, message: "Resource has been exhausted." };
const spent: ModelQuota = { remainingFraction: 0, resetAt: now + 60_000, readAt: now - 1000 };

describe("judgeSoftLimit", () => {
  test("spent by the last figure: quota, until its reset", () => {
    expect(judgeSoftLimit(soft, spent, now)).toEqual({ ...soft, class: "quota", waitMs: 60_000 });
  });

  test.each([
    ["no figure", undefined],
    ["healthy", { ...spent, remainingFraction: 0.01 }],
    ["unknown fraction", { resetAt: now + 60_000, readAt: now }],
    ["reset has passed", { ...spent, resetAt: now }],
    ["reset unknown", { remainingFraction: 0, readAt: now }],
  ])("%s: stays soft", (_name, quota) => {
    expect(judgeSoftLimit(soft, quota, now)).toBe(soft);
  });

  test("other failures stay what they are", () => {
    const rate: Failure = { ...soft, class: "rate" };
    expect(judgeSoftLimit(rate, spent, now)).toBe(rate);
  });
});
