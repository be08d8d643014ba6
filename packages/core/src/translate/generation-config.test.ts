import { describe, expect, test } from "vitest";
import type { MessagesRequest } from "../anthropic/messages.ts";
import type { GenerationConfig } from "../google/generate-content.ts";
import type { ModelInfo } from "../models/catalogue.ts";
import { MODELS, refusal, translated } from "./__fixtures__/request-context.ts";

type Parameters = Partial<MessagesRequest>;

function config(request: Parameters, model: ModelInfo): GenerationConfig | undefined {
  const { generationConfig } = translated(request, model).request;
  // Thinking has its own test.
  const { thinkingConfig: _, ...rest } = generationConfig ?? {};
  return rest;
}

function drops(request: Parameters, model: ModelInfo): string[] {
  return translated(request, model).dropped.map(({ path, rule }) => `${path}: ${rule}`);
}

const ADAPTIVE = { type: "adaptive" } as const;

describe("parameters", () => {
  test.each<[string, Parameters, ModelInfo, GenerationConfig, string[]]>([
    ["max_tokens", { max_tokens: 10 }, MODELS.claude, { maxOutputTokens: 10 }, []],
    [
      "max_tokens above the model's limit",
      { max_tokens: 128_000 },
      MODELS.claude,
      { maxOutputTokens: 64_000 },
      ["max_tokens: clamped"],
    ],
    [
      "temperature",
      { max_tokens: 9, temperature: 0 },
      MODELS.claude,
      { maxOutputTokens: 9, temperature: 0 },
      [],
    ],
    [
      "a temperature of 1 alone stays",
      { max_tokens: 9, temperature: 1 },
      MODELS.claude,
      { maxOutputTokens: 9, temperature: 1 },
      [],
    ],
    ["top_p", { max_tokens: 9, top_p: 0.5 }, MODELS.claude, { maxOutputTokens: 9, topP: 0.5 }, []],
    [
      "Claude: a temperature of 1 gives way to top_p",
      { max_tokens: 9, temperature: 1, top_p: 0.5 },
      MODELS.claude,
      { maxOutputTokens: 9, topP: 0.5 },
      ["temperature: neutral_sampling"],
    ],
    [
      "Claude: a top_p of 1 gives way to temperature",
      { max_tokens: 9, temperature: 0.5, top_p: 1 },
      MODELS.claude,
      { maxOutputTokens: 9, temperature: 0.5 },
      ["top_p: neutral_sampling"],
    ],
    [
      "Claude, thinking: a temperature of 1 is not sent, top_p is",
      { max_tokens: 9000, temperature: 1, top_p: 0.95, thinking: ADAPTIVE },
      MODELS.claude,
      { maxOutputTokens: 9000, topP: 0.95 },
      ["temperature: neutral_sampling"],
    ],
    [
      "a Claude model that does not think takes any temperature",
      { max_tokens: 9000, temperature: 0.3, thinking: ADAPTIVE },
      MODELS.plainSonnet,
      { maxOutputTokens: 9000, temperature: 0.3 },
      ["thinking: thinking_unsupported"],
    ],
    [
      "Gemini takes both, and with thinking as well",
      { max_tokens: 9000, temperature: 1, top_p: 0.5, thinking: ADAPTIVE },
      MODELS.gemini3,
      { maxOutputTokens: 9000, temperature: 1, topP: 0.5 },
      [],
    ],
    ["top_k", { max_tokens: 9, top_k: 64 }, MODELS.gemini3, { maxOutputTokens: 9, topK: 64 }, []],
    [
      "top_k on Gemini",
      { max_tokens: 9, top_k: 65 },
      MODELS.gemini25Flash,
      { maxOutputTokens: 9, topK: 64 },
      ["top_k: clamped"],
    ],
    [
      "top_k on Claude",
      { max_tokens: 9, top_k: 501 },
      MODELS.claude,
      { maxOutputTokens: 9, topK: 500 },
      ["top_k: clamped"],
    ],
    [
      "a top_k that sets no limit",
      { max_tokens: 9, top_k: 0 },
      MODELS.claude,
      { maxOutputTokens: 9 },
      ["top_k: top_k_zero"],
    ],
    [
      "stop sequences",
      { max_tokens: 9, stop_sequences: ["a", " b"] },
      MODELS.gpt,
      { maxOutputTokens: 9, stopSequences: ["a", " b"] },
      [],
    ],
    [
      "no stop sequences",
      { max_tokens: 9, stop_sequences: [] },
      MODELS.claude,
      { maxOutputTokens: 9 },
      [],
    ],
  ])("%s", (_name, request, model, expected, dropped) => {
    expect(config(request, model)).toEqual(expected);
    expect(drops(request, model)).toEqual(dropped);
  });

  test("the version without sampling parameters sends none; the validator reports them", () => {
    const request = { temperature: 0.3, top_p: 0.4, top_k: 5 };
    const { request: out, dropped } = translated(request, MODELS.gemini3, {
      apiVersion: "2026-10-21",
    });
    expect(out.generationConfig).not.toHaveProperty("temperature");
    expect(out.generationConfig).not.toHaveProperty("topP");
    expect(out.generationConfig).not.toHaveProperty("topK");
    expect(dropped).toEqual([]);
  });
});

describe("structured output", () => {
  const schema = {
    type: "object",
    properties: { a: { type: "string", minLength: 1 } },
    additionalProperties: false,
  } as const;
  const format = { type: "json_schema", schema } as const;
  const tools = [{ name: "A", input_schema: { type: "object" } }] as const;

  test("is a sanitised schema, for every family", () => {
    for (const model of [MODELS.claude, MODELS.gemini25Pro, MODELS.gemini3, MODELS.gpt]) {
      expect(config({ output_config: { format } }, model)).toMatchObject({
        responseMimeType: "application/json",
        responseSchema: { type: "object", properties: { a: { type: "string" } } },
      });
      expect(JSON.stringify(config({ output_format: format }, model))).not.toMatch(
        /"(?:minLength|additionalProperties)":/,
      );
    }
  });

  test("gets no placeholder", () => {
    const empty = { type: "json_schema", schema: { type: "object", properties: {} } } as const;
    expect(config({ output_config: { format: empty } }, MODELS.claude)?.responseSchema).toEqual({
      type: "object",
      properties: {},
    });
  });

  test("beside tools is refused before Gemini 3", () => {
    const request = { output_config: { format }, tools };
    expect(refusal(request, MODELS.gemini25Pro)).toBe(
      "output_config.format: gemini-2.5-pro cannot combine structured output with tools",
    );
    expect(config(request, MODELS.gemini3)?.responseMimeType).toBe("application/json");
    expect(config(request, MODELS.claude)?.responseMimeType).toBe("application/json");
  });

  test("with property names that Claude does not take is refused, since nothing could rename them back", () => {
    const odd = { type: "object", properties: { "größe cm": { type: "number" } } } as const;
    const request = { output_config: { format: { type: "json_schema", schema: odd } } } as const;
    expect(refusal(request)).toContain("output_config.format.schema: property names must match");
    expect(config(request, MODELS.gemini3)?.responseSchema?.properties).toHaveProperty("größe cm");
  });
});
