import Anthropic from "@anthropic-ai/sdk";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { StreamEvent } from "../anthropic/stream-events.ts";
import { checkStreamGrammar } from "../anthropic/stream-grammar.ts";
import type { CloudCodeChunk } from "../google/cloud-code.ts";
import { encodeEvents } from "../sse/encode.ts";
import { answers } from "./__fixtures__/arbitrary-chunks.ts";
import { countingIds, optionsFor, replay, sse } from "./__fixtures__/replay.ts";
import type { AnswerEnd, StreamOptions } from "./answer.ts";
import { MessageWriter, type Committed } from "./message-writer.ts";
import { collectMessage } from "./response.ts";
import { StreamTranslator } from "./stream.ts";

const modes = fc.record({
  model: fc.constantFrom("claude-opus-4-6-thinking", "gemini-3.1-pro-high", "gpt-oss-120b-medium"),
  showThinking: fc.boolean(),
  jsonOutput: fc.boolean(),
  webSearch: fc.boolean(),
});

type Mode = typeof modes extends fc.Arbitrary<infer T> ? T : never;

function runAttempt(
  writer: MessageWriter,
  options: StreamOptions,
  chunks: readonly unknown[],
  out: StreamEvent[],
): AnswerEnd {
  const translator = new StreamTranslator(writer, options);
  for (const chunk of chunks) {
    // The wire may hold any type.
    const failure = translator.push(chunk as CloudCodeChunk, out);
    if (failure !== undefined) return { kind: "failure", failure };
  }
  return translator.end(out);
}

/** One client request as the edge plays it: a silence that is broken, fail-over while it is allowed, an error at last. */
function runRequest(
  attempts: readonly (readonly unknown[])[],
  { model, ...mode }: Mode,
  isSilentFirst: boolean,
): StreamEvent[] {
  const writer = new MessageWriter({ id: "msg_1", model, inputTokens: 5 });
  const options = optionsFor(model, { ...mode, randomId: countingIds() });
  const out: StreamEvent[] = [];
  if (isSilentFirst) writer.ping(out);
  for (const chunks of attempts) {
    const end = runAttempt(writer, options, chunks, out);
    if (end.kind === "complete") return out;
    if (writer.committed === "content") break;
    writer.abandonThinking(out);
  }
  writer.fail({ type: "api_error", message: "no" }, "req_1", out);
  return out;
}

const requests = fc.tuple(fc.array(answers, { minLength: 1, maxLength: 3 }), modes, fc.boolean());

/** The SDK's own accumulator, fed over its own reader of event streams. */
function readBySdk(body: string): Promise<Anthropic.Message> {
  const client = new Anthropic({
    apiKey: "none",
    maxRetries: 0,
    fetch: () =>
      Promise.resolve(new Response(body, { headers: { "content-type": "text/event-stream" } })),
  });
  return client.messages
    .stream({ model: "m", max_tokens: 1, messages: [{ role: "user", content: "x" }] })
    .finalMessage();
}

/** As the answer without a stream goes over the wire, and without what the SDK adds of its own. */
function plain(message: object): unknown {
  return JSON.parse(JSON.stringify({ ...message, parsed_output: undefined }));
}

test("whatever the backend sends, the events obey the grammar", () => {
  fc.assert(
    fc.property(requests, ([attempts, mode, isSilentFirst]) => {
      expect(checkStreamGrammar(runRequest(attempts, mode, isSilentFirst))).toBeUndefined();
    }),
    { numRuns: 500 },
  );
});

test("a failure before content has written nothing but thinking, and no failure ends a message", () => {
  fc.assert(
    fc.property(answers, modes, (chunks, { model, ...mode }) => {
      const writer = new MessageWriter({ id: "msg_1", model, inputTokens: 5 });
      const out: StreamEvent[] = [];
      const end = runAttempt(writer, optionsFor(model, mode), chunks, out);
      expect(writer.isFinished).toBe(end.kind === "complete");
      const types = out.map((event) =>
        event.type === "content_block_delta" ? event.delta.type : event.type,
      );
      // What may be in the client's hands while another attempt is still allowed.
      const allowed: Record<Committed, readonly string[]> = {
        nothing: [],
        started: ["message_start", "message_delta", "message_stop"],
        thinking: [
          "message_start",
          "content_block_start",
          "thinking_delta",
          "content_block_stop",
          "message_delta",
          "message_stop",
        ],
        content: types,
      };
      expect(types.filter((type) => !allowed[writer.committed].includes(type))).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test("the SDK reads every stream that ends well as the message that we collect, and throws on every other", async () => {
  await fc.assert(
    fc.asyncProperty(requests, async ([attempts, mode, isSilentFirst]) => {
      const events = runRequest(attempts, mode, isSilentFirst);
      const isError = events.at(-1)?.type === "error";
      const read = await readBySdk(encodeEvents(events)).then(plain, (error: unknown) =>
        error instanceof Anthropic.APIError ? "an error" : error,
      );
      expect(read).toEqual(isError ? "an error" : plain(collectMessage(events)));
    }),
    { numRuns: 100 },
  );
});

test("the bytes may be cut anywhere", () => {
  fc.assert(
    fc.property(
      answers,
      modes,
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
      (chunks, { model, ...mode }, sizes) => {
        const bytes = sse(chunks);
        const pieces: Uint8Array[] = [];
        for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
          const size = sizes[turn % sizes.length] ?? 1;
          pieces.push(bytes.subarray(at, at + size));
          at += size;
        }
        const cut = replay(pieces, model, { ...mode, randomId: countingIds() });
        const whole = replay([bytes], model, { ...mode, randomId: countingIds() });
        expect(cut.events).toEqual(whole.events);
        expect(cut.end).toEqual(whole.end);
        expect(cut.records).toEqual(whole.records);
      },
    ),
    { numRuns: 200 },
  );
});

test("text reaches the client whole, in whatever pieces it came", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "grapheme", minLength: 1 }),
      fc.array(fc.nat(200)),
      (text, cuts) => {
        // Cut by UTF-16 units, between the halves of a pair too.
        const at = [...new Set([0, ...cuts.map((cut) => cut % text.length), text.length])];
        at.sort((a, b) => a - b);
        const pieces = at.slice(1).map((end, index) => text.slice(at[index], end));
        const chunks = pieces.map((piece) => ({
          candidates: [{ content: { parts: [{ text: piece }] } }],
        }));
        const end = { candidates: [{ content: { parts: [{ text: "" }] }, finishReason: "STOP" }] };
        const events: StreamEvent[] = [];
        const writer = new MessageWriter({ id: "msg_1", model: "m", inputTokens: 5 });
        expect(
          runAttempt(writer, optionsFor("gemini-3-flash"), [...chunks, end], events).kind,
        ).toBe("complete");
        expect(collectMessage(events).content).toEqual([{ type: "text", text, citations: null }]);
        for (const event of events) {
          if (event.type !== "content_block_delta" || event.delta.type !== "text_delta") continue;
          expect(event.delta.text.isWellFormed()).toBe(true);
        }
      },
    ),
  );
});
