import { describe, expect, test } from "vitest";
import type { Effort, MessageParam, MessagesRequest } from "../anthropic/messages.ts";
import type { ThinkingConfig } from "../google/generate-content.ts";
import type { ModelInfo } from "../models/catalogue.ts";
import { MODELS, SETTINGS, translated } from "./__fixtures__/request-context.ts";
import type { TranslationContext } from "./context.ts";

type Request = Partial<MessagesRequest>;

const enabled = (budget: number, maxTokens = 64_000): Request => ({
  max_tokens: maxTokens,
  thinking: { type: "enabled", budget_tokens: budget },
});
const adaptive = (effort?: Effort, maxTokens = 64_000): Request => ({
  max_tokens: maxTokens,
  thinking: { type: "adaptive" },
  ...(effort === undefined ? {} : { output_config: { effort } }),
});
const ASKED = { includeThoughts: true } as const;

function config(
  request: Request,
  model: ModelInfo,
  overrides: Partial<TranslationContext> = {},
): ThinkingConfig | undefined {
  return translated(request, model, overrides).request.generationConfig?.thinkingConfig;
}

describe("thinking by family", () => {
  test.each<[string, Request, ModelInfo, ThinkingConfig | undefined]>([
    // Claude
    ["absent", {}, MODELS.claude, undefined],
    ["disabled", { thinking: { type: "disabled" } }, MODELS.claude, undefined],
    ["between_tools", { thinking: { type: "between_tools" } }, MODELS.claude, undefined],
    ["enabled", enabled(8000), MODELS.claude, { ...ASKED, thinkingBudget: 8000 }],
    [
      "above max_tokens, as interleaved thinking may be",
      enabled(20_000, 4000),
      MODELS.claude,
      { ...ASKED, thinkingBudget: 3999 },
    ],
    [
      "above the model's limit of output",
      enabled(127_999, 128_000),
      MODELS.claude,
      { ...ASKED, thinkingBudget: 63_999 },
    ],
    ["no room for 1024", enabled(2000, 1024), MODELS.claude, undefined],
    [
      "above the model's budget",
      enabled(50_000),
      { ...MODELS.claude, maxThinkingBudget: 32_000 },
      { ...ASKED, thinkingBudget: 32_000 },
    ],
    ["adaptive", adaptive(), MODELS.claude, { ...ASKED, thinkingBudget: 24_576 }],
    ["adaptive low", adaptive("low"), MODELS.claude, { ...ASKED, thinkingBudget: 4096 }],
    ["adaptive medium", adaptive("medium"), MODELS.claude, { ...ASKED, thinkingBudget: 10_000 }],
    ["adaptive high", adaptive("high"), MODELS.claude, { ...ASKED, thinkingBudget: 24_576 }],
    ["adaptive xhigh", adaptive("xhigh"), MODELS.claude, { ...ASKED, thinkingBudget: 32_000 }],
    ["adaptive max", adaptive("max"), MODELS.claude, { ...ASKED, thinkingBudget: 32_000 }],
    [
      "adaptive, little room",
      adaptive("max", 4096),
      MODELS.claude,
      { ...ASKED, thinkingBudget: 3072 },
    ],
    [
      "adaptive, just enough",
      adaptive("max", 2048),
      MODELS.claude,
      { ...ASKED, thinkingBudget: 1024 },
    ],
    ["adaptive, too little", adaptive("max", 2047), MODELS.claude, undefined],
    ["a Claude model without thinking", adaptive("max"), MODELS.plainSonnet, undefined],
    ["the same, enabled", enabled(2000), MODELS.plainSonnet, undefined],

    // Gemini 2.5
    ["absent on Flash", {}, MODELS.gemini25Flash, { thinkingBudget: 0 }],
    [
      "absent on Pro, which cannot stop",
      {},
      MODELS.gemini25Pro,
      { includeThoughts: false, thinkingBudget: 128 },
    ],
    ["enabled on Flash", enabled(2000), MODELS.gemini25Flash, { ...ASKED, thinkingBudget: 2000 }],
    [
      "beyond Flash's range",
      enabled(50_000),
      MODELS.gemini25Flash,
      { ...ASKED, thinkingBudget: 24_576 },
    ],
    ["adaptive on Flash", adaptive(), MODELS.gemini25Flash, ASKED],
    [
      "adaptive low on Pro",
      adaptive("low"),
      MODELS.gemini25Pro,
      { ...ASKED, thinkingBudget: 1000 },
    ],

    // Gemini 3
    ["absent", {}, MODELS.gemini3, { includeThoughts: false, thinkingBudget: 128 }],
    [
      "disabled",
      { thinking: { type: "disabled" } },
      MODELS.gemini3,
      { includeThoughts: false, thinkingBudget: 128 },
    ],
    ["enabled", enabled(2000), MODELS.gemini3, { ...ASKED, thinkingBudget: 2000 }],
    ["beyond the range", enabled(50_000), MODELS.gemini3, { ...ASKED, thinkingBudget: 32_768 }],
    ["above max_tokens", enabled(9000, 4000), MODELS.gemini3, { ...ASKED, thinkingBudget: 3999 }],
    ["adaptive", adaptive(), MODELS.gemini3, ASKED],
    ["adaptive medium", adaptive("medium"), MODELS.gemini3, { ...ASKED, thinkingBudget: 4000 }],
    ["adaptive high", adaptive("high"), MODELS.gemini3, { ...ASKED, thinkingBudget: 10_000 }],
    ["adaptive max", adaptive("max"), MODELS.gemini3, { ...ASKED, thinkingBudget: 10_000 }],
    [
      "adaptive, where thoughts would eat the answer",
      adaptive("max", 8000),
      MODELS.gemini3,
      { ...ASKED, thinkingBudget: 6976 },
    ],
    [
      "adaptive, where there is room for neither",
      adaptive("low", 500),
      MODELS.gemini3,
      { ...ASKED, thinkingBudget: 128 },
    ],
    [
      "omitted: thoughts are not asked for",
      { thinking: { type: "adaptive", display: "omitted" }, output_config: { effort: "low" } },
      MODELS.gemini3,
      { includeThoughts: false, thinkingBudget: 1000 },
    ],
    [
      "updates: thoughts are shown",
      { thinking: { type: "adaptive", display: "updates" }, output_config: { effort: "low" } },
      MODELS.gemini3,
      { ...ASKED, thinkingBudget: 1000 },
    ],

    // GPT
    ["absent", {}, MODELS.gpt, undefined],
    ["adaptive", adaptive("low"), MODELS.gpt, undefined],
  ])("%s (row %#)", (_name, request, model, expected) => {
    expect(config(request, model)).toEqual(expected);
  });

  test("omitted on Claude asks for the thoughts all the same: their signature goes out", () => {
    const request: Request = {
      thinking: { type: "enabled", budget_tokens: 2000, display: "omitted" },
    };
    expect(config(request, MODELS.claude)).toEqual({ ...ASKED, thinkingBudget: 2000 });
  });
});

describe("a forced tool on Claude", () => {
  const tools = [{ name: "A", input_schema: { type: "object" } }] as const;
  const forced = { ...adaptive("low"), tools, tool_choice: { type: "any" } } as const;

  test("goes without adaptive thinking", () => {
    expect(config(forced, MODELS.claude)).toBeUndefined();
    expect(translated(forced, MODELS.claude).dropped).toContainEqual({
      path: "thinking",
      rule: "thinking_with_forced_tool",
      count: 1,
    });
  });

  test("is no matter for Gemini, nor is a tool that may be called", () => {
    expect(config(forced, MODELS.gemini3)).toEqual({ ...ASKED, thinkingBudget: 1000 });
    expect(config({ ...forced, tool_choice: { type: "auto" } }, MODELS.claude)).toBeDefined();
  });
});

describe("what is not done is reported", () => {
  test.each<[Request, ModelInfo, string[]]>([
    [enabled(2000), MODELS.claude, []],
    [enabled(20_000, 4000), MODELS.claude, ["thinking.budget_tokens: clamped"]],
    [enabled(2000), MODELS.plainSonnet, ["thinking: thinking_unsupported"]],
    [adaptive("low", 9000), MODELS.gpt, ["thinking: thinking_unsupported"]],
    [adaptive("low", 1500), MODELS.claude, ["thinking: thinking_too_small"]],
    [
      { ...enabled(2000), output_config: { effort: "low" } },
      MODELS.claude,
      ["output_config.effort: effort_without_adaptive_thinking"],
    ],
    [
      { output_config: { effort: "low" } },
      MODELS.gemini3,
      ["output_config.effort: effort_without_adaptive_thinking"],
    ],
  ])("%j", (request, model, expected) => {
    const { dropped } = translated(request, model);
    expect(dropped.map(({ path, rule }) => `${path}: ${rule}`)).toEqual(expected);
  });
});

describe("the effort that holds", () => {
  const system = (effort?: Effort | null): MessageParam => ({
    role: "system",
    content: [],
    ...(effort === undefined ? {} : { output_config: { effort } }),
  });

  test.each<[string, MessageParam[], Effort | null, number]>([
    ["of the request", [], "low", 4096],
    ["of a later system message", [system("medium")], "low", 10_000],
    ["of the last of several", [system("medium"), system("low")], "max", 4096],
    ["not of one that gives none", [system("medium"), system(), system(null)], "low", 10_000],
    ["none", [system()], null, 24_576],
  ])("%s", (_name, later, effort, budget) => {
    const request: Request = {
      max_tokens: 64_000,
      messages: [{ role: "user", content: "a" }, ...later],
      thinking: { type: "adaptive" },
      output_config: { effort },
    };
    expect(config(request, MODELS.claude)?.thinkingBudget).toBe(budget);
  });
});

describe("levels in place of budgets, where the setting says so", () => {
  const settings = { ...SETTINGS, thinkingLevelModels: ["gemini-3-flash", "gemini-3.1-pro-low"] };

  test.each<[string, Request, ThinkingConfig, ThinkingConfig]>([
    [
      "absent",
      {},
      { includeThoughts: false, thinkingLevel: "minimal" },
      { includeThoughts: false, thinkingLevel: "low" },
    ],
    [
      "low",
      adaptive("low"),
      { ...ASKED, thinkingLevel: "low" },
      { ...ASKED, thinkingLevel: "low" },
    ],
    [
      "medium",
      adaptive("medium"),
      { ...ASKED, thinkingLevel: "medium" },
      { ...ASKED, thinkingLevel: "high" },
    ],
    [
      "max",
      adaptive("max"),
      { ...ASKED, thinkingLevel: "high" },
      { ...ASKED, thinkingLevel: "high" },
    ],
    ["no effort", adaptive(), ASKED, ASKED],
    [
      "a budget of 1024",
      enabled(1024),
      { ...ASKED, thinkingLevel: "medium" },
      { ...ASKED, thinkingLevel: "high" },
    ],
    [
      "a budget of 32000",
      enabled(32_000),
      { ...ASKED, thinkingLevel: "high" },
      { ...ASKED, thinkingLevel: "high" },
    ],
  ])("%s", (_name, request, flash, pro) => {
    expect(config(request, MODELS.gemini3Flash, { settings })).toEqual(flash);
    expect(config(request, MODELS.gemini3, { settings })).toEqual(pro);
  });

  test("never before Gemini 3", () => {
    const older = { ...SETTINGS, thinkingLevelModels: ["gemini-2.5-pro"] };
    expect(config(enabled(2000), MODELS.gemini25Pro, { settings: older })).toEqual({
      ...ASKED,
      thinkingBudget: 2000,
    });
  });
});
