import fc from "fast-check";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { ModelQuota } from "../pool/state.ts";
import { readModelQuotas, readQuotaSummary, readUserQuota } from "./quota.ts";

const readAt = Date.parse("2026-05-24T17:17:27Z");
const read = (file: string) =>
  JSON.parse(readFileSync(new URL(`__fixtures__/${file}`, import.meta.url), "utf8"));
const catalogue: {
  readonly response: unknown;
  readonly expect: { readonly remaining: Readonly<Record<string, number | null>> };
} = read("72-fetch-available-models.json");
const quota: {
  readonly retrieveUserQuota: { readonly response: unknown };
  readonly retrieveUserQuotaSummary: { readonly response: object };
} = read("73-quota-and-count.json");

describe("fetchAvailableModels", () => {
  const quotas = readModelQuotas(catalogue.response, readAt);

  test.each(Object.entries(catalogue.expect.remaining))("%s", (id, remaining) => {
    expect(quotas.get(id)?.remainingFraction ?? null).toBe(remaining);
  });

  test("the figures are what the pool keeps", () => {
    const figure: ModelQuota | undefined = quotas.get("claude-sonnet-4-6");
    expect(figure).toEqual({
      remainingFraction: 0.7015,
      resetAt: Date.parse("2026-05-24T20:00:00Z"),
      readAt,
    });
  });

  test.each([
    ["used up", { resetTime: "2026-05-24T18:30:00Z" }, 0],
    ["told as zero", { remainingFraction: 0 }, 0],
    ["above one", { remainingFraction: 1.2 }, 1],
    ["below zero", { remainingFraction: -1 }, 0],
    ["no number", { remainingFraction: "0.5" }, undefined],
    ["an unreadable reset", { resetTime: "soon" }, undefined],
    ["nothing", {}, undefined],
  ])("%s", (_name, quotaInfo, expected) => {
    const figures = readModelQuotas({ models: { m: { quotaInfo } } }, readAt);
    expect(figures.get("m")?.remainingFraction).toBe(expected);
  });
});

describe("retrieveUserQuota", () => {
  test("the fixture", () => {
    expect([...readUserQuota(quota.retrieveUserQuota.response, readAt)]).toEqual([
      [
        "gemini-2.5-pro",
        { remainingFraction: 0.99, resetAt: Date.parse("2026-05-25T00:00:00Z"), readAt },
      ],
    ]);
  });

  test("the scarcest bucket of a model counts", () => {
    const bucket = (remainingFraction: number) => ({ modelId: "m", remainingFraction });
    const answer = { buckets: [bucket(0.5), bucket(0.2), bucket(0.9), { modelId: 7 }] };
    expect(readUserQuota(answer, readAt).get("m")?.remainingFraction).toBe(0.2);
  });
});

describe("retrieveUserQuotaSummary", () => {
  const expected = [
    ["Gemini Models", "weekly", 0.95],
    ["Gemini Models", "5h", 0.28],
    ["Claude and GPT models", "weekly", 0],
    ["Claude and GPT models", "5h", 1],
  ];
  const flat = (answer: unknown) =>
    readQuotaSummary(answer, readAt).flatMap(({ displayName, windows }) =>
      windows.map(({ window, figure }) => [displayName, window, figure.remainingFraction]),
    );

  test("a spent week beside a full 5-hour window", () => {
    expect(flat(quota.retrieveUserQuotaSummary.response)).toEqual(expected);
  });

  test("nested under quotaSummary", () => {
    expect(flat({ quotaSummary: quota.retrieveUserQuotaSummary.response })).toEqual(expected);
  });

  test.each([
    ["gemini-5h", "5h"],
    ["3p-weekly", "weekly"],
    ["x", "unknown"],
  ])("an older answer without window: %s", (bucketId, window) => {
    const [group] = readQuotaSummary({ groups: [{ buckets: [{ bucketId }] }] }, readAt);
    expect(group?.windows[0]?.window).toBe(window);
  });
});

test("every reader takes any JSON", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
      expect(readModelQuotas({ models: value }, readAt).size).toBeGreaterThanOrEqual(0);
      expect(readUserQuota({ buckets: value }, readAt).size).toBeGreaterThanOrEqual(0);
      expect(readQuotaSummary({ groups: value }, readAt).length).toBeGreaterThanOrEqual(0);
    }),
  );
});
