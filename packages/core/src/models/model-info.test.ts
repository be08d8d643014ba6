import { describe, expect, test } from "vitest";
import type { AvailableModel } from "../google/cloud-code.ts";
import { BUILT_IN_CATALOGUE, BUILT_IN_MODELS } from "./built-in.ts";
import { familyOf, generationOf } from "./family.ts";
import { modelInfoFrom } from "./model-info.ts";

describe("familyOf and generationOf", () => {
  test.each([
    ["claude-sonnet-4-6", "claude", 0],
    ["Claude-Opus", "claude", 0],
    ["gemini-2.5-pro", "gemini", 2],
    ["gemini-3-flash", "gemini", 3],
    ["gemini-3.1-pro-high", "gemini", 3],
    ["gemini-12-ultra", "gemini", 12],
    ["gemini-pro-agent", "gemini", 3],
    ["gpt-oss-120b-medium", "gpt", 0],
    ["something-new", "gpt", 0],
    ["", "gpt", 0],
    ["constructor", "gpt", 0],
  ])("%s: %s %i", (id, family, generation) => {
    expect(familyOf(id)).toBe(family);
    expect(generationOf(id)).toBe(generation);
  });
});

describe("the built-in table", () => {
  test.each([
    ["claude-sonnet-4-6", "budget", 1024, 63_999, 200_000, 64_000],
    ["claude-opus-4-6-thinking", "budget", 1024, 63_999, 200_000, 64_000],
    ["claude-sonnet-4-5", "none", 0, 0, 200_000, 64_000],
    ["claude-sonnet-4-5-thinking", "budget", 1024, 63_999, 200_000, 64_000],
    ["gemini-2.5-pro", "always", 128, 32_768, 1_048_576, 65_536],
    ["gemini-2.5-flash", "budget", 0, 24_576, 1_048_576, 65_536],
    ["gemini-2.5-flash-lite", "budget", 512, 24_576, 1_048_576, 65_536],
    ["gemini-3.1-pro-low", "always", 128, 32_768, 1_048_576, 65_535],
    ["gemini-3-flash", "always", 128, 32_768, 1_048_576, 65_536],
    ["gemini-3.1-flash-lite", "always", 128, 32_768, 1_048_576, 65_535],
    ["gpt-oss-120b-medium", "none", 0, 0, 114_000, 32_768],
  ])("%s: %s, %i to %i, %i in, %i out", (id, thinking, min, max, context, output) => {
    expect(BUILT_IN_MODELS.get(id)).toMatchObject({
      id,
      thinking,
      minThinkingBudget: min,
      maxThinkingBudget: max,
      contextTokens: context,
      maxOutputTokens: output,
    });
  });

  test("the catalogue shows current models, and each retired one leads to a current one", () => {
    for (const [old, successor] of BUILT_IN_CATALOGUE.deprecated) {
      expect(BUILT_IN_MODELS.has(old)).toBe(true);
      expect(BUILT_IN_CATALOGUE.models.has(old)).toBe(false);
      expect(BUILT_IN_CATALOGUE.models.has(successor)).toBe(true);
    }
    expect(BUILT_IN_MODELS.size).toBe(
      BUILT_IN_CATALOGUE.models.size + BUILT_IN_CATALOGUE.deprecated.size,
    );
  });

  test("only the image makers make images", () => {
    const makers = [...BUILT_IN_MODELS.values()].filter(({ makesImages }) => makesImages);
    expect(makers.map(({ id }) => id)).toEqual(["gemini-3.1-flash-image", "gemini-3-pro-image"]);
  });
});

describe("modelInfoFrom", () => {
  const like = (id: string, available?: AvailableModel) => modelInfoFrom(id, available);

  test("nothing told: the table", () => {
    expect(like("gemini-2.5-flash")).toBe(BUILT_IN_MODELS.get("gemini-2.5-flash"));
  });

  test("only a name and a quota told: the table", () => {
    const told = like("claude-sonnet-4-6", {
      displayName: "Sonnet",
      quotaInfo: { remainingFraction: 1 },
    });
    expect(told).toEqual({ ...BUILT_IN_MODELS.get("claude-sonnet-4-6"), displayName: "Sonnet" });
  });

  test("a model that is described is not what it does not say", () => {
    expect(like("claude-sonnet-4-6", { displayName: "S", maxTokens: 100 })).toMatchObject({
      thinking: "none",
      minThinkingBudget: 0,
      maxThinkingBudget: 0,
      supportsImages: false,
      contextTokens: 100,
      maxOutputTokens: 64_000,
    });
  });

  test("a model that thinks against the table gets the range of its likeness", () => {
    expect(like("claude-sonnet-4-5", { supportsThinking: true })).toMatchObject({
      thinking: "budget",
      minThinkingBudget: 1024,
      maxThinkingBudget: 63_999,
    });
  });

  test("GPT-OSS never thinks", () => {
    expect(
      like("gpt-oss-120b-medium", { supportsThinking: true, thinkingBudget: 8192 }),
    ).toMatchObject({
      thinking: "none",
      maxThinkingBudget: 0,
    });
  });

  test("a Claude's budget has the answer's length as its limit, a Gemini's what is listed", () => {
    const available = { supportsThinking: true, thinkingBudget: 32_000, maxOutputTokens: 128_000 };
    expect(like("claude-opus-4-6-thinking", available).maxThinkingBudget).toBe(127_999);
    expect(like("gemini-3-flash", available).maxThinkingBudget).toBe(32_000);
  });

  test.each([-1, 0, 1.5, Number.NaN, "many", null, {}, true])("%j is no limit", (value) => {
    const wrong = {
      supportsThinking: true,
      maxTokens: value,
      maxOutputTokens: value,
      thinkingBudget: value,
      minThinkingBudget: value,
    };
    // The network's answer need not be what its type says.
    expect(like("gemini-3-flash", wrong as AvailableModel)).toMatchObject({
      contextTokens: 1_048_576,
      maxOutputTokens: 65_536,
      minThinkingBudget: 128,
      maxThinkingBudget: 32_768,
    });
  });

  test("an int64 may be a string", () => {
    const available = { maxTokens: "200000" } as unknown as AvailableModel;
    expect(like("gemini-3-flash", available).contextTokens).toBe(200_000);
  });

  test.each([
    ["claude-opus-9-1", { family: "claude", thinking: "budget", contextTokens: 200_000 }],
    [
      "gemini-3.9-pro-high",
      { family: "gemini", generation: 3, thinking: "always", maxOutputTokens: 65_535 },
    ],
    ["gemini-4-flash", { generation: 4, thinking: "always", minThinkingBudget: 128 }],
    ["gemini-2.9-pro", { generation: 2, thinking: "always", minThinkingBudget: 128 }],
    ["gemini-2.0-flash", { generation: 2, thinking: "budget", minThinkingBudget: 0 }],
    ["gemini-2.0-flash-lite", { generation: 2, thinking: "budget", minThinkingBudget: 512 }],
    ["gemini-4-pro-image", { makesImages: true }],
    ["gemini-4-imagine", { makesImages: false }],
    ["mistral-x", { family: "gpt", thinking: "none", supportsImages: false }],
  ])("an unknown %s is like its kin", (id, fields) => {
    expect(like(id)).toMatchObject({ id, displayName: id, ...fields });
  });
});
