import fc from "fast-check";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { FetchAvailableModelsResponse } from "../google/cloud-code.ts";
import { BUILT_IN_CATALOGUE, BUILT_IN_MODELS } from "./built-in.ts";
import { catalogueFrom, webSearchModelOf } from "./catalogue-from.ts";

const fixture: {
  readonly response: FetchAvailableModelsResponse;
  readonly expect: { readonly visible: readonly string[] };
} = JSON.parse(
  readFileSync(new URL("__fixtures__/72-fetch-available-models.json", import.meta.url), "utf8"),
);

describe("the fixture", () => {
  const catalogue = catalogueFrom([fixture.response]);

  test("shows what is visible", () => {
    expect([...catalogue.models.keys()]).toEqual(fixture.expect.visible);
  });

  test("describes each model", () => {
    expect([...catalogue.models.values()]).toEqual([
      {
        id: "claude-sonnet-4-6",
        displayName: "Claude Sonnet 4.6 (Thinking)",
        family: "claude",
        generation: 0,
        thinking: "budget",
        minThinkingBudget: 1024,
        maxThinkingBudget: 63_999,
        contextTokens: 200_000,
        maxOutputTokens: 64_000,
        supportsImages: true,
        makesImages: false,
      },
      {
        id: "gemini-3.1-pro-high",
        displayName: "Gemini 3.1 Pro (High)",
        family: "gemini",
        generation: 3,
        thinking: "always",
        minThinkingBudget: 128,
        maxThinkingBudget: 10_001,
        contextTokens: 1_048_576,
        maxOutputTokens: 65_535,
        supportsImages: true,
        makesImages: false,
      },
      {
        id: "gpt-oss-120b-medium",
        displayName: "GPT-OSS 120B (Medium)",
        family: "gpt",
        generation: 0,
        thinking: "none",
        minThinkingBudget: 0,
        maxThinkingBudget: 0,
        contextTokens: 114_000,
        maxOutputTokens: 32_768,
        supportsImages: false,
        makesImages: false,
      },
    ]);
  });

  test("tells replacements and who searches", () => {
    expect([...catalogue.deprecated]).toEqual([["claude-sonnet-4-5", "claude-sonnet-4-6"]]);
    expect(catalogue.webSearchModelIds).toEqual(["gemini-2.5-flash"]);
    // Not among the models, and yet the backend's own choice.
    expect(webSearchModelOf(catalogue)).toBe(BUILT_IN_MODELS.get("gemini-2.5-flash"));
  });
});

describe("several accounts", () => {
  const full = {
    displayName: "X",
    supportsThinking: true,
    supportsImages: true,
    thinkingBudget: 9000,
    minThinkingBudget: 128,
    maxTokens: 1000,
    maxOutputTokens: 500,
  };

  test("limits are the narrowest, abilities the widest, models all", () => {
    const a = { models: { "gemini-3-x": full, "gemini-3-a": full } };
    const b = {
      models: {
        "gemini-3-x": {
          ...full,
          displayName: "Y",
          supportsImages: false,
          thinkingBudget: 8000,
          minThinkingBudget: 256,
          maxTokens: 900,
          maxOutputTokens: 600,
        },
        "gemini-3-b": full,
      },
    };
    const { models } = catalogueFrom([a, b]);
    expect([...models.keys()]).toEqual(["gemini-3-x", "gemini-3-a", "gemini-3-b"]);
    expect(models.get("gemini-3-x")).toMatchObject({
      displayName: "X",
      minThinkingBudget: 256,
      maxThinkingBudget: 8000,
      contextTokens: 900,
      maxOutputTokens: 500,
      supportsImages: true,
    });
  });

  test.each([[0], [1]])("a model that thinks for one account thinks (%i)", (first) => {
    const answers = [
      { models: { "gemini-3-x": full } },
      { models: { "gemini-3-x": { ...full, supportsThinking: false } } },
    ];
    const ordered = first === 0 ? answers : answers.toReversed();
    expect(catalogueFrom(ordered).models.get("gemini-3-x")).toMatchObject({
      thinking: "always",
      minThinkingBudget: 128,
      maxThinkingBudget: 9000,
    });
  });

  test("a model that one account hides is another's", () => {
    const { models } = catalogueFrom([
      { models: { "gemini-3-x": { ...full, isInternal: true } } },
      { models: { "gemini-3-x": full } },
    ]);
    expect([...models.keys()]).toEqual(["gemini-3-x"]);
  });

  test("search models and replacements are united", () => {
    const { deprecated, webSearchModelIds } = catalogueFrom([
      {
        models: { a: full },
        webSearchModelIds: ["s1", "s2"],
        deprecatedModelIds: { o: { newModelId: "a" } },
      },
      { webSearchModelIds: ["s2", "s3"], deprecatedModelIds: { p: { newModelId: "a" }, q: {} } },
    ]);
    expect(webSearchModelIds).toEqual(["s1", "s2", "s3"]);
    expect([...deprecated]).toEqual([
      ["o", "a"],
      ["p", "a"],
    ]);
  });
});

describe("what is not shown", () => {
  const good = { displayName: "Good" };

  test.each([
    ["internal", { "gemini-3-x": { displayName: "X", isInternal: true } }],
    ["without a display name", { "gemini-3-x": { supportsImages: true } }],
    ["with an empty one", { "gemini-3-x": { displayName: "" } }],
    ["chat_…", { chat_20706: { displayName: "X" } }],
    ["tab_…", { tab_flash_lite: { displayName: "X" } }],
  ])("%s", (_what, models) => {
    expect([...catalogueFrom([{ models: { ...models, good } }]).models.keys()]).toEqual(["good"]);
  });
});

describe("nothing to show", () => {
  test.each([
    ["no account", []],
    ["an empty answer", [{}]],
    ["no visible model", [{ models: { chat_1: { displayName: "X" } } }]],
  ])("%s: the built-in catalogue", (_what, responses) => {
    expect(catalogueFrom(responses)).toBe(BUILT_IN_CATALOGUE);
  });
});

test("a list of image makers makes one", () => {
  const { models } = catalogueFrom([
    {
      models: { "gemini-3-x": { displayName: "X" } },
      imageGenerationModelIds: ["gemini-3-x", "gone"],
    },
  ]);
  expect(models.get("gemini-3-x")?.makesImages).toBe(true);
  expect(models.size).toBe(1);
});

describe("webSearchModelOf", () => {
  const models = {
    "claude-sonnet-4-6": { displayName: "S" },
    "gemini-3-flash": { displayName: "F" },
  };

  test("without a list it is the cheapest Flash", () => {
    expect(webSearchModelOf(catalogueFrom([{ models }]))?.id).toBe("gemini-3-flash");
  });

  test("a Claude cannot search", () => {
    const catalogue = catalogueFrom([{ models, webSearchModelIds: ["claude-sonnet-4-6"] }]);
    expect(webSearchModelOf(catalogue)?.id).toBe("gemini-3-flash");
  });

  test("without a Gemini there is none", () => {
    const catalogue = catalogueFrom([{ models: { "claude-sonnet-4-6": { displayName: "S" } } }]);
    expect(webSearchModelOf(catalogue)).toBeUndefined();
  });
});

test("ids of Object.prototype and values of any type never break it", () => {
  const odd: FetchAvailableModelsResponse = JSON.parse(
    '{"models":{"__proto__":{"displayName":"P"},"constructor":{"displayName":"C"},"x":null,"y":"text","z":[]},"deprecatedModelIds":[1,null]}',
  );
  expect([...catalogueFrom([odd]).models.keys()]).toEqual(["__proto__", "constructor"]);
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.jsonValue(), (models, rest) => {
      const response = {
        models,
        webSearchModelIds: rest,
        deprecatedModelIds: rest,
        imageGenerationModelIds: rest,
      };
      // The network's answer need not be what its type says.
      const catalogue = catalogueFrom([response as FetchAvailableModelsResponse]);
      for (const model of catalogue.models.values()) {
        expect(model.contextTokens).toBeGreaterThan(0);
        expect(model.maxThinkingBudget).toBeGreaterThanOrEqual(model.minThinkingBudget);
      }
    }),
  );
});
