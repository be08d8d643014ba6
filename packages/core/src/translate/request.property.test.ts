import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { MessagesRequest } from "../anthropic/messages.ts";
import { validateMessagesRequest } from "../anthropic/validate-request.ts";
import type { GenerateContentRequest } from "../google/generate-content.ts";
import type { ModelInfo } from "../models/catalogue.ts";
import { validateForModel } from "../models/validate-for-model.ts";
import { anyRequest, STORE } from "./__fixtures__/arbitrary-request.ts";
import { checkInvariants } from "./__fixtures__/check-invariants.ts";
import { contextOf, MODELS } from "./__fixtures__/request-context.ts";
import type { TranslatedRequest, TranslationContext } from "./context.ts";
import { serialiseRequest } from "./envelope.ts";
import { translateRequest } from "./request.ts";

const FAMILIES = [
  MODELS.claude,
  MODELS.plainSonnet,
  MODELS.gemini25Flash,
  MODELS.gemini25Pro,
  MODELS.gemini3,
  { ...MODELS.gpt, supportsImages: true },
] as const;

// Interleaved thinking is on, so that a budget may exceed max_tokens.
const OPTIONS = {
  betas: new Set(["interleaved-thinking-2025-05-14"]),
  apiVersion: "2023-06-01",
} as const;

/** The translation, or undefined where the request is refused for this model, which is legitimate. */
function translateFor(
  request: MessagesRequest,
  model: ModelInfo,
  overrides: Partial<TranslationContext> = {},
): TranslatedRequest | undefined {
  if (validateForModel(request, model, OPTIONS) !== undefined) return undefined;
  const context = contextOf(model, { ...OPTIONS, signatures: STORE, ...overrides });
  const translation = translateRequest(request, context);
  return translation.kind === "translated" ? translation.value : undefined;
}

function deepFreeze(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  Object.freeze(value);
  for (const item of Object.values(value)) deepFreeze(item);
}

describe.each(FAMILIES.map((model) => [model.id, model] as const))("%s", (_id, model) => {
  test("any valid conversation keeps the rules of the backend, and stays as it was", () => {
    let translations = 0;
    fc.assert(
      fc.property(anyRequest, fc.boolean(), (request, repairSignatures) => {
        deepFreeze(request);
        expect(validateMessagesRequest(request, OPTIONS)).toMatchObject({ kind: "valid" });
        const translated = translateFor(request, model, { repairSignatures });
        if (translated === undefined) return;
        translations++;
        expect(checkInvariants(translated, model)).toEqual([]);
      }),
      { numRuns: 150 },
    );
    // What a family refuses must not be most of it.
    expect(translations).toBeGreaterThan(50);
  });

  test("a conversation that goes on begins with the same bytes", () => {
    fc.assert(
      fc.property(anyRequest, fc.nat(), (request, seed) => {
        const ends = cutsOf(request);
        const end = ends[seed % ends.length];
        const beginning = { ...request, messages: request.messages.slice(0, end) };
        const earlier = translateFor(beginning, model);
        const later = translateFor(request, model);
        if (earlier === undefined || later === undefined) return;
        expect(fixedPart(later.request)).toBe(fixedPart(earlier.request));
        const contents = openContents(earlier.request);
        expect(openContents(later.request).slice(0, contents.length)).toBe(contents);
      }),
      { numRuns: 150 },
    );
  });

  test("the same conversation gives the same bytes", () => {
    fc.assert(
      fc.property(anyRequest, (request) => {
        const first = translateFor(request, model);
        // A copy, so that nothing can hang on the identity of an object.
        const second = translateFor(structuredClone(request), model);
        expect(second === undefined).toBe(first === undefined);
        if (first === undefined || second === undefined) return;
        expect(serialiseRequest(second.request)).toBe(serialiseRequest(first.request));
      }),
      { numRuns: 50 },
    );
  });
});

/** Numbers of messages after which a client may have asked for an answer: an answer follows, or the end. */
function cutsOf({ messages }: MessagesRequest): number[] {
  return messages.flatMap((message, index) => {
    const next = messages[index + 1];
    const isEnd = message.role !== "assistant" && (next === undefined || next.role === "assistant");
    return isEnd ? [index + 1] : [];
  });
}

/** What may not change at all as a conversation goes on (cloud-code §14, 19). */
function fixedPart(request: GenerateContentRequest): string {
  const { systemInstruction, tools, toolConfig, sessionId } = request;
  return JSON.stringify({ systemInstruction, tools, toolConfig, sessionId });
}

/** The contents without their closing brackets: the last one may grow, at its end. */
function openContents(request: GenerateContentRequest): string {
  return JSON.stringify(request.contents).slice(0, -"]}]".length);
}
