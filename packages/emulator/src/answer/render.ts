import type { JsonObject } from "@agp/core";
import type { IdSource } from "../ids.ts";
import type { EmulatedModel } from "../models/catalogue.ts";
import type { Signer } from "../signatures/signer.ts";
import type { Answer, AnswerItem, CallItem, SignatureMode } from "./answer.ts";
import { chunkText } from "./chunk-text.ts";
import { tokensOfText } from "./count-tokens.ts";
import { usageMetadata, type Usage } from "./usage.ts";

/** What goes out next: an event (or its bytes verbatim), or a wait. */
export type Frame =
  | { readonly kind: "event"; readonly event: JsonObject }
  | { readonly kind: "raw"; readonly text: string }
  | { readonly kind: "delay"; readonly ms: number }
  | { readonly kind: "gate"; readonly name: string };

export interface RenderContext {
  readonly model: EmulatedModel;
  readonly account: string;
  readonly ids: IdSource;
  readonly signer: Signer;
  readonly usage: Usage;
  /** Whether Gemini signs its calls and texts: it thinks, shown or not. */
  readonly signs: boolean;
  /** Replaces `usageMetadata`; `null`: none. */
  readonly usageOverride?: JsonObject | null;
}

const DEFAULT_CHUNK_CHARS = 24;

/**
 * Turns an answer into the backend's events, in the manner of the model's family: Claude sends a thought's signature in an
 * own part and each call in an own event, Gemini all calls in one event with the signature on the first, or on the empty last
 * text. Source: cloud-code §7.2, fixtures 20–23 and 32.
 */
export function* renderAnswer(answer: Answer, context: RenderContext): Generator<Frame> {
  const responseId = responseIdFor(context);
  const candidateFrame = (candidate: JsonObject): Frame => ({
    kind: "event",
    event: {
      response: {
        candidates: [candidate],
        ...usageField(context),
        modelVersion: context.model.id,
        responseId,
      },
      traceId: responseId.slice(-16).toLowerCase(),
      metadata: {},
    },
  });
  const envelope = (parts: readonly JsonObject[], finish?: JsonObject): Frame =>
    candidateFrame({ content: { role: "model", parts: [...parts] }, ...finish });
  const finish = finishFields(answer, context.model);
  const groups = groupItems(answer.items, context.model.family === "gemini");
  for (const [index, group] of groups.entries()) {
    const isLast = index === groups.length - 1;
    if (Array.isArray(group)) {
      const parts = group.map((item, position) => callPart(item, position === 0, context));
      if (isLast && context.model.family === "gemini") {
        yield envelope(parts, finish);
        return;
      }
      yield envelope(parts);
      continue;
    }
    yield* renderItem(group, answer, context, envelope);
  }
  if (answer.finishReason === null) return;
  if (answer.tail === "none") yield candidateFrame(finish);
  else if (answer.tail === "empty") yield candidateFrame({ content: {}, ...finish });
  else yield envelope([tailPart(answer, context)], finish);
}

function usageField({ usage, usageOverride }: RenderContext): JsonObject {
  if (usageOverride === null) return {};
  return { usageMetadata: usageOverride ?? { ...usageMetadata(usage) } };
}

type CallAnswerItem = Extract<AnswerItem, { call: CallItem }>;
type OtherItem = Exclude<AnswerItem, { call: CallItem }>;
type Envelope = (parts: readonly JsonObject[]) => Frame;

/** Calls become groups: one for each event that carries them. */
function groupItems(
  items: readonly AnswerItem[],
  together: boolean,
): (OtherItem | CallAnswerItem[])[] {
  const groups: (OtherItem | CallAnswerItem[])[] = [];
  for (const item of items) {
    const last = groups.at(-1);
    if (!("call" in item)) groups.push(item);
    else if (together && Array.isArray(last)) last.push(item);
    else groups.push([item]);
  }
  return groups;
}

function* renderItem(
  item: OtherItem,
  answer: Answer,
  context: RenderContext,
  envelope: Envelope,
): Generator<Frame> {
  if ("thought" in item) yield* renderThought(item, answer, context, envelope);
  else if ("text" in item) {
    for (const piece of chunkText(item.text, answer.chunkChars ?? DEFAULT_CHUNK_CHARS)) {
      context.usage.candidateTokens += tokensOfText(piece);
      yield* spaced(envelope([{ text: piece }]), answer);
    }
  } else if ("part" in item) yield* spaced(envelope([item.part]), answer);
  else if ("event" in item) yield { kind: "event", event: item.event };
  else if ("raw" in item) yield { kind: "raw", text: item.raw };
  else if ("gate" in item) yield { kind: "gate", name: item.gate };
  else yield { kind: "delay", ms: item.delayMs };
}

function* renderThought(
  item: { readonly thought: string; readonly signature?: SignatureMode },
  answer: Answer,
  context: RenderContext,
  envelope: Envelope,
): Generator<Frame> {
  const isClaude = context.model.family === "claude";
  const mode = isClaude ? (item.signature ?? "own") : "none";
  const signature = mode === "none" ? "" : context.signer.signThought(item.thought, context);
  const pieces = chunkText(item.thought, answer.chunkChars ?? DEFAULT_CHUNK_CHARS);
  for (const [index, piece] of pieces.entries()) {
    if (isClaude) context.usage.candidateTokens += tokensOfText(piece);
    else context.usage.thoughtTokens += tokensOfText(piece);
    const isSigned = mode === "inline" && index === pieces.length - 1;
    const signed = isSigned ? { thoughtSignature: signature } : {};
    yield* spaced(envelope([{ thought: true, text: piece, ...signed }]), answer);
  }
  if (mode === "own") {
    yield envelope([{ thought: true, text: "", thoughtSignature: signature }]);
  }
}

function* spaced(frame: Frame, answer: Answer): Generator<Frame> {
  yield frame;
  if (answer.delayMs !== undefined && answer.delayMs > 0) {
    yield { kind: "delay", ms: answer.delayMs };
  }
}

function callPart(item: CallAnswerItem, isFirst: boolean, context: RenderContext): JsonObject {
  const { family } = context.model;
  const { name, args } = item.call;
  const id = item.call.id ?? callIdFor(context);
  context.usage.candidateTokens += tokensOfText(name) + tokensOfText(JSON.stringify(args ?? {}));
  const isSigned =
    family === "gemini" && context.signs && isFirst && (item.signature ?? "own") !== "none";
  return {
    functionCall: { ...(id !== undefined && { id }), name, ...(args && { args }) },
    ...(isSigned && { thoughtSignature: context.signer.signCall(name, context) }),
  };
}

/** The empty text of the last event; Gemini ≥ 3 signs a text answer there (fixture 23). */
function tailPart(answer: Answer, context: RenderContext): JsonObject {
  const { family, generation } = context.model;
  const hasText = answer.items.some((item) => "text" in item);
  const isSigned = family === "gemini" && generation >= 3 && context.signs && hasText;
  return { text: "", ...(isSigned && { thoughtSignature: context.signer.signText(context) }) };
}

function finishFields(answer: Answer, model: EmulatedModel): JsonObject {
  const hasCalls = answer.items.some((item) => "call" in item);
  const byFamily = hasCalls && model.family === "claude" ? "OTHER" : "STOP";
  const finishReason = answer.finishReason === undefined ? byFamily : answer.finishReason;
  return {
    ...(finishReason !== null && { finishReason }),
    ...(answer.finishMessage !== undefined && { finishMessage: answer.finishMessage }),
    ...answer.candidate,
  };
}

function callIdFor(context: RenderContext): string | undefined {
  if (context.model.family === "gemini") return undefined;
  return context.model.family === "claude"
    ? `toolu_vrtx_01${context.ids.alphanumeric(22)}`
    : `call_${context.ids.alphanumeric(24)}`;
}

function responseIdFor(context: RenderContext): string {
  return context.model.family === "claude"
    ? `msg_vrtx_01${context.ids.alphanumeric(22)}`
    : context.ids.bytes(16).toString("base64url");
}
