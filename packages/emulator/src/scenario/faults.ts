import { isObject } from "../json.ts";
import { HTTP_ERRORS } from "./http-errors.ts";
import type { Fragment } from "./fragment.ts";

const MULTI_BYTE = [{ text: "Hel" }, { text: "lo — 你好 🙂" }, { text: " and more" }];

/** What can go wrong in a stream, by name, as scenario data. Each takes the model's id. Source: cloud-code §7, §9; fixtures 25–31. */
export const FAULTS = {
  "reset-before-headers": () => ({ transport: { beforeHeaders: "reset" } }),
  "stall-before-headers": () => ({ transport: { beforeHeaders: "stall" } }),
  "reset-after-headers": () => ({ transport: { cut: { afterEvents: 0, ending: "reset" } } }),
  "reset-between-events": () => ({ transport: { cut: { afterEvents: 2, ending: "reset" } } }),
  "reset-mid-event": () => ({ transport: { cut: { afterEvents: 1, bytes: 90, ending: "reset" } } }),
  "reset-mid-utf8": () => ({
    answer: MULTI_BYTE,
    transport: { cut: { afterEvents: 1, bytes: "mid-utf8", ending: "reset" } },
  }),
  "close-mid-event": () => ({ transport: { cut: { afterEvents: 1, bytes: 90, ending: "close" } } }),
  "truncated-json": () => ({ transport: { cut: { afterEvents: 1, bytes: 90, ending: "end" } } }),
  "clean-end-early": () => ({ transport: { cut: { afterEvents: 1, ending: "end" } } }),
  stall: () => ({ transport: { cut: { afterEvents: 1, ending: "stall" } } }),
  "stall-after-headers": () => ({ transport: { cut: { afterEvents: 0, ending: "stall" } } }),
  "slow-first-byte": () => ({ transport: { firstByteDelayMs: 1500 } }),
  "no-events": () => ({ answer: [], finishReason: null }),
  empty: () => ({ answer: [] }),
  "no-candidates": (model) => ({
    answer: [{ event: { response: { candidates: [], modelVersion: model } } }],
    finishReason: null,
  }),
  "usage-only": (model) => ({
    answer: [
      { event: { response: { usageMetadata: { promptTokenCount: 40 }, modelVersion: model } } },
    ],
    finishReason: null,
  }),
  "thoughts-only": () => ({ answer: [{ thought: "I think, and then nothing comes of it." }] }),
  "no-finish-reason": () => ({
    answer: [{ text: "An answer without an end" }],
    finishReason: null,
  }),
  "malformed-function-call": () => malformed("MALFORMED_FUNCTION_CALL"),
  "unexpected-tool-call": () => malformed("UNEXPECTED_TOOL_CALL"),
  safety: () => ({
    answer: [{ text: "Well" }],
    tail: "none",
    finishReason: "SAFETY",
    candidate: {
      safetyRatings: [
        { category: "HARM_CATEGORY_DANGEROUS_CONTENT", probability: "HIGH", blocked: true },
      ],
    },
  }),
  "prompt-blocked": (model) => ({
    answer: [
      {
        event: {
          response: {
            promptFeedback: { blockReason: "PROHIBITED_CONTENT" },
            usageMetadata: { promptTokenCount: 20, totalTokenCount: 20 },
            modelVersion: model,
          },
        },
      },
    ],
    finishReason: null,
  }),
  "unknown-finish-reason": () => ({
    answer: [{ text: "Something" }],
    finishReason: "SOMETHING_NEW",
  }),
  "error-first": (model) => ({ answer: [capacityEvent(model)], finishReason: null }),
  "error-in-stream": (model) => ({
    answer: [{ text: "Part" }, capacityEvent(model)],
    finishReason: null,
  }),
  "error-in-stream-array": (model) => ({
    answer: [
      { text: "Part" },
      { raw: `data: [${JSON.stringify(capacityEvent(model).event)}]\r\n\r\n` },
    ],
    finishReason: null,
  }),
  "client-gate": () => ({
    answer: [
      {
        text: "This version of Antigravity is no longer supported. Please upgrade to receive the latest features.",
      },
    ],
    usage: null,
    chunkChars: 1000,
  }),
  "html-answer": () => ({
    httpError: { status: 200, body: "<!DOCTYPE html><title>Sign in</title>" },
  }),
  "framing-noise": (model) => framingNoise(model),
  "unknown-parts": () => ({
    answer: [
      { part: { hologram: { depth: 3 } } },
      { text: "Known text" },
      { part: { text: " with more", unknownField: { nested: [1, null] } } },
    ],
    candidate: { unknownCandidateField: true, avgLogprobs: -0.5 },
  }),
  "unwrapped-events": (model) => ({
    answer: [
      {
        event: {
          candidates: [
            { content: { role: "model", parts: [{ text: "Unwrapped" }] }, finishReason: "STOP" },
          ],
          usageMetadata: {
            promptTokenCount: "12",
            candidatesTokenCount: "3",
            totalTokenCount: "15",
          },
          modelVersion: model,
        },
      },
    ],
    finishReason: null,
  }),
} as const satisfies Readonly<Record<string, (model: string) => Fragment>>;

export type FaultName = keyof typeof FAULTS;

function malformed(finishReason: string): Fragment {
  return {
    answer: [],
    tail: "empty",
    finishReason,
    finishMessage: "Malformed function call: call:Read{",
  };
}

function capacityEvent(model: string): { readonly event: { readonly [key: string]: never } } {
  const { body } = HTTP_ERRORS["503-capacity"]({ model, project: "" });
  if (!isObject(body)) throw new TypeError("emulator: an error body is an object");
  return { event: body as { readonly [key: string]: never } };
}

/** Everything that a decoder has to survive. Source: cloud-code §7.2, fixture 30. */
function framingNoise(model: string): Fragment {
  const event = (text: string, finish: object): object => ({
    response: {
      candidates: [{ content: { role: "model", parts: [{ text }] }, ...finish }],
      usageMetadata: { promptTokenCount: 40, candidatesTokenCount: 4, totalTokenCount: 44 },
      modelVersion: model,
    },
  });
  const pretty = JSON.stringify(event("café", {}), null, 1).replaceAll(/^/gm, "data: ");
  return {
    answer: [
      { raw: ": keepalive\r\n\r\n" },
      {
        raw: `event: message\r\nid: 7\r\nretry: 10\r\ndata:${JSON.stringify(event("naïve ", {}))}\r\n\r\n`,
      },
      { raw: `data:\r\n\r\n${pretty}\n\n` },
      { raw: 'data: {"response":{"candidates":[{"content":{"parts":[{"text":"bro\r\n\r\n' },
      { raw: "data: [DONE]\r\n\r\n" },
      { raw: `data: ${JSON.stringify(event("", { finishReason: "STOP" }))}` },
    ],
    finishReason: null,
  };
}
