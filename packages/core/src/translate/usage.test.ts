import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Usage } from "../anthropic/messages.ts";
import type { UsageMetadata } from "../google/generate-content.ts";
import { fixtureJson } from "./__fixtures__/replay.ts";
import { finalUsage, hasCounts, mapUsage } from "./usage.ts";

interface Case {
  readonly usageMetadata: UsageMetadata | null;
  readonly anthropic: Partial<Usage>;
}

const { usage } = fixtureJson<{ usage: readonly Case[] }>("41-usage-and-stop-reasons.json");

test.each(usage)("fixture 41: $usageMetadata", ({ usageMetadata, anthropic }) => {
  expect(mapUsage(usageMetadata)).toMatchObject(anthropic);
});

test("has every field of the newer response shape", () => {
  expect(mapUsage(null)).toEqual({
    input_tokens: 0,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
    cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
    output_tokens: 0,
    output_tokens_details: null,
    server_tool_use: null,
    service_tier: "standard",
    inference_geo: null,
    speed: null,
  });
});

test("reads int64 as strings", () => {
  const metadata = {
    promptTokenCount: "1200",
    cachedContentTokenCount: "1024",
    candidatesTokenCount: "8",
  };
  expect(mapUsage(metadata)).toMatchObject({
    input_tokens: 176,
    cache_read_input_tokens: 1024,
    output_tokens: 8,
  });
});

test("more cached than asked is never negative", () => {
  expect(mapUsage({ promptTokenCount: 5, cachedContentTokenCount: 9 }).input_tokens).toBe(0);
});

test("a number that no sum could hold is no count", () => {
  const metadata = { candidatesTokenCount: 9_007_198_939_896_889, thoughtsTokenCount: 314_844_103 };
  expect(mapUsage(metadata).output_tokens).toBe(314_844_103);
});

test("whatever comes, every count is an integer of at least 0", () => {
  const count = fc.oneof(fc.anything(), fc.integer(), fc.integer().map(String));
  const metadata = fc.record(
    {
      promptTokenCount: count,
      candidatesTokenCount: count,
      totalTokenCount: count,
      cachedContentTokenCount: count,
      thoughtsTokenCount: count,
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(metadata, (value) => {
      // The wire may hold any type.
      const mapped = finalUsage(value as UsageMetadata, { input: 3, outputCharacters: 9 });
      for (const tokens of [
        mapped.input_tokens,
        mapped.output_tokens,
        mapped.cache_read_input_tokens,
        mapped.output_tokens_details?.thinking_tokens ?? 0,
      ]) {
        expect(Number.isSafeInteger(tokens) && tokens >= 0).toBe(true);
      }
    }),
    { numRuns: 1000 },
  );
});

describe("the estimate", () => {
  const estimate = { input: 500, outputCharacters: 41 };

  test("stands in for both sides when nothing was counted", () => {
    expect(finalUsage(undefined, estimate)).toMatchObject({ input_tokens: 500, output_tokens: 11 });
  });

  test("stands in for the side that was not counted", () => {
    expect(finalUsage({ promptTokenCount: 9 }, estimate)).toMatchObject({
      input_tokens: 9,
      output_tokens: 11,
    });
    expect(finalUsage({ candidatesTokenCount: 2 }, estimate)).toMatchObject({
      input_tokens: 500,
      output_tokens: 2,
    });
  });

  test("gives way to the backend's counts, also to a count of nothing", () => {
    const counted = { promptTokenCount: 20, totalTokenCount: 20 };
    expect(finalUsage(counted, estimate)).toMatchObject({ input_tokens: 20, output_tokens: 0 });
  });
});

test("a canned answer counts nothing", () => {
  expect(hasCounts({})).toBe(false);
  expect(hasCounts({ promptTokenCount: 0, totalTokenCount: "0" })).toBe(false);
  expect(hasCounts({ totalTokenCount: "7" })).toBe(true);
});
