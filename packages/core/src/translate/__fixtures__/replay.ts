/** Plays recorded bytes through the whole chain, as the edge does: decode, parse, translate. For tests only. */
import { readFileSync } from "node:fs";
import type { StreamEvent } from "../../anthropic/stream-events.ts";
import type { ModelInfo } from "../../models/catalogue.ts";
import type { UpstreamFailure } from "../../routing/failure.ts";
import { SseDecoder } from "../../sse/decode.ts";
import type { AnswerEnd, StreamOptions } from "../answer.ts";
import type { SignatureRecord, ToolNames } from "../context.ts";
import { MessageWriter } from "../message-writer.ts";
import { StreamTranslator } from "../stream.ts";

export function fixtureBytes(name: string): Uint8Array {
  return readFileSync(new URL(name, import.meta.url));
}

export function fixtureJson<T>(name: string): T {
  // The caller knows its fixture.
  return JSON.parse(readFileSync(new URL(name, import.meta.url), "utf8")) as T;
}

/** A model whose family follows from its id, as the catalogue does it. */
export function modelOf(id: string): ModelInfo {
  const family = id.includes("claude") ? "claude" : id.includes("gemini") ? "gemini" : "gpt";
  return {
    id,
    displayName: id,
    family,
    generation: family === "gemini" ? Number(/gemini-(\d)/.exec(id)?.[1]) : 0,
    thinking: "budget",
    minThinkingBudget: 1024,
    maxThinkingBudget: 32_000,
    contextTokens: 200_000,
    maxOutputTokens: 64_000,
    supportsImages: true,
    makesImages: false,
  };
}

/** Names as they are, but for `mcp_files_search`; the placeholder is removed. */
export const TOOL_NAMES: ToolNames = {
  toUpstream: (name) => name.replace("mcp/files.search", "mcp_files_search"),
  toClient: (name) => name.replace("mcp_files_search", "mcp/files.search"),
  argsToClient: (_name, { _placeholder, ...args }) => args,
  argsToUpstream: (_name, input) => input,
};

/** Alphanumerics of length 24, each new. */
export function countingIds(): () => string {
  let count = 0;
  return () => `PROXYMADE${String(++count).padStart(15, "0")}`;
}

export function optionsFor(modelId: string, overrides: Partial<StreamOptions> = {}): StreamOptions {
  return {
    model: modelOf(modelId),
    toolNames: TOOL_NAMES,
    showThinking: true,
    jsonOutput: false,
    webSearch: false,
    randomId: countingIds(),
    isKnownToolId: () => false,
    remember: () => {},
    ...overrides,
  };
}

export interface Replay {
  readonly events: StreamEvent[];
  /** How the attempt ended, and whether `push` or `end` said so. */
  readonly end: AnswerEnd;
  readonly records: SignatureRecord[];
  readonly writer: MessageWriter;
}

/** Translates pieces of one stream's bytes. Events of failures stay as they were written. */
export function replay(
  pieces: Iterable<Uint8Array>,
  modelId: string,
  overrides: Partial<StreamOptions> = {},
): Replay {
  const records: SignatureRecord[] = [];
  const writer = new MessageWriter({ id: "msg_EXAMPLE", model: modelId, inputTokens: 77 });
  const options = optionsFor(modelId, { remember: (record) => records.push(record), ...overrides });
  const translator = new StreamTranslator(writer, options);
  const decoder = new SseDecoder();
  const utf8 = new TextDecoder();
  const events: StreamEvent[] = [];
  let failure: UpstreamFailure | undefined;
  const feed = (data: readonly string[]) => {
    for (const json of data) failure ??= translator.pushData(json, events);
  };
  for (const piece of pieces) {
    const data: string[] = [];
    decoder.push(utf8.decode(piece, { stream: true }), data);
    feed(data);
  }
  const rest: string[] = [];
  decoder.push(utf8.decode(), rest);
  decoder.end(rest);
  feed(rest);
  const end: AnswerEnd =
    failure === undefined ? translator.end(events) : { kind: "failure", failure };
  return { events, end, records, writer };
}

/** One chunk after another, as objects. */
export function replayChunks(
  chunks: readonly unknown[],
  modelId: string,
  overrides: Partial<StreamOptions> = {},
): Replay {
  return replay([sse(chunks)], modelId, overrides);
}

/** The bytes of a stream that holds these chunks. */
export function sse(chunks: readonly unknown[]): Uint8Array {
  const frames = chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\r\n\r\n`);
  return new TextEncoder().encode(frames.join(""));
}

/** A chunk with these parts; `rest` goes beside them into the candidate. */
export function chunkOf(parts: readonly unknown[], rest: object = {}, response: object = {}): object {
  return { response: { candidates: [{ content: { role: "model", parts }, ...rest }], ...response } };
}

/** Counts that disprove a canned refusal. */
export const USAGE = {
  usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 5, totalTokenCount: 15 },
};

export function* piecesOf(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
