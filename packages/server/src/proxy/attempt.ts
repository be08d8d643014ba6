import {
  type AnswerEnd,
  SseDecoder,
  type StreamEvent,
  type StreamTranslator,
  type UpstreamFailure,
} from "@agp/core";

import type { ExchangeResponse, ExchangeResult } from "../upstream/exchange.ts";

/** How one try at the backend ended. */
export type AttemptResult =
  | { readonly kind: "complete"; readonly end: Extract<AnswerEnd, { kind: "complete" }> }
  | { readonly kind: "failure"; readonly failure: UpstreamFailure }
  | { readonly kind: "aborted" };

/** Takes the events of one upstream read; a promise asks to wait. */
export type EventSink = (events: readonly StreamEvent[]) => Promise<void> | undefined;

const MAX_ERROR_BODY_BYTES = 1024 * 1024;

/** Carries one answer of the backend through the translator to the client: one write for one upstream read. */
export async function carryAnswer(
  result: ExchangeResult,
  translator: StreamTranslator,
  sink: EventSink,
): Promise<AttemptResult> {
  if (result.kind !== "response") return result;
  const { response } = result;
  // By status, not by content type: error answers to a stream may call themselves event streams (cloud-code §1.3).
  if (response.status !== 200) {
    const body = await response.text(MAX_ERROR_BODY_BYTES);
    const { status, headers } = response;
    return { kind: "failure", failure: { kind: "http", status, headers, body } };
  }
  return carryStream(response, translator, sink);
}

async function carryStream(
  response: ExchangeResponse,
  translator: StreamTranslator,
  sink: EventSink,
): Promise<AttemptResult> {
  const decoder = new SseDecoder();
  const utf8 = new TextDecoder();
  const payloads: string[] = [];
  let failure: UpstreamFailure | undefined;

  const translate = (out: StreamEvent[]) => {
    for (const payload of payloads) {
      if (failure !== undefined) break;
      failure = translator.pushData(payload, out);
    }
    payloads.length = 0;
  };

  const end = await response.read((bytes) => {
    if (failure !== undefined) return undefined;
    const overflow = decoder.push(utf8.decode(bytes, { stream: true }), payloads);
    const out: StreamEvent[] = [];
    translate(out);
    if (overflow !== undefined) failure ??= OVERSIZED_EVENT;
    if (failure !== undefined) response.cancel();
    return out.length === 0 ? undefined : sink(out);
  });

  if (failure !== undefined) return { kind: "failure", failure };
  if (end.kind !== "end") return end;
  const out: StreamEvent[] = [];
  decoder.push(utf8.decode(), payloads);
  decoder.end(payloads);
  translate(out);
  const answer = failure === undefined ? translator.end(out) : undefined;
  if (out.length > 0) await sink(out);
  if (answer?.kind === "complete") return { kind: "complete", end: answer };
  return { kind: "failure", failure: failure ?? answer?.failure ?? EMPTY_ANSWER };
}

const EMPTY_ANSWER: UpstreamFailure = { kind: "answer", problem: "empty", message: "empty answer" };

const OVERSIZED_EVENT: UpstreamFailure = {
  kind: "answer",
  problem: "malformed",
  message: "an event of the backend is over 64 MB",
};
