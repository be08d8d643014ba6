import { describe, expect, test } from "vitest";
import type { Message } from "../anthropic/messages.ts";
import { checkStreamGrammar } from "../anthropic/stream-grammar.ts";
import { encodeEvents } from "../sse/encode.ts";
import { clientEvents, clientView, maskMade } from "./__fixtures__/client-view.ts";
import {
  fixtureBytes,
  fixtureJson,
  piecesOf,
  replay,
  replayChunks,
} from "./__fixtures__/replay.ts";
import { collectMessage } from "./response.ts";

const STREAMS = [
  ["20-text-claude", "claude-sonnet-4-6"],
  ["21-thinking-tools-claude", "claude-opus-4-6-thinking"],
  ["22-parallel-tools-gemini3", "gemini-3.1-pro-high"],
  ["23-text-signature-tail-gemini3", "gemini-3.1-pro-high"],
  ["25-safety", "gemini-2.5-flash"],
  ["26-prompt-blocked", "gemini-2.5-flash"],
  ["30-framing-noise", "claude-sonnet-4-6"],
  ["31-no-finish-reason", "gemini-3.1-pro-high"],
  ["32-interleaved-thinking-claude", "claude-opus-4-6-thinking"],
] as const;

const SIZES = [1, 2, 3, 7, 1000, Number.MAX_SAFE_INTEGER];

describe.each(STREAMS)("%s", (name, model) => {
  const upstream = fixtureBytes(`${name}.upstream.sse`);
  const recorded = new TextDecoder().decode(fixtureBytes(`${name}.client.sse`));

  test.each(SIZES)("gives the recorded client stream in pieces of %i bytes", (size) => {
    const { events, end } = replay(piecesOf(upstream, size), model);
    expect(end.kind).toBe("complete");
    expect(checkStreamGrammar(events)).toBeUndefined();
    // Through the encoder: what counts is what the client reads.
    const view = clientView(clientEvents(encodeEvents(events)));
    const expected = clientView(clientEvents(recorded));
    expect(maskMade(view)).toMatchObject(maskMade(expected));
    expect(view.blocks).toHaveLength(expected.blocks.length);
  });

  test("gives the same events however the bytes are cut", () => {
    const whole = replay([upstream], model).events;
    for (const size of SIZES) expect(replay(piecesOf(upstream, size), model).events).toEqual(whole);
  });
});

test("22: the marker of a Gemini thinking block is long enough to pass for a signature", () => {
  const { events } = replay(
    [fixtureBytes("22-parallel-tools-gemini3.upstream.sse")],
    "gemini-3.1-pro-high",
  );
  const signature = clientView(events).blocks[0]?.deltas["signature_delta"];
  expect(signature).toMatch(/^proxy-gemini:[A-Za-z0-9]{51,}$/);
});

test("22: the genuine signature of the first call goes to the store, under the id that the client got", () => {
  const { events, records } = replay(
    [fixtureBytes("22-parallel-tools-gemini3.upstream.sse")],
    "gemini-3.1-pro-high",
  );
  expect(records).toEqual([
    {
      kind: "tool_use",
      id: clientView(events).blocks[1]?.start["id"],
      name: "Read",
      family: "gemini",
      model: "gemini-3.1-pro-high",
      signature: expect.stringMatching(/^RVhBTVBMRS1HRU1JTkkt/),
    },
  ]);
});

test("21: Claude's signature is remembered with the exact text that it signs", () => {
  const { records } = replay(
    [fixtureBytes("21-thinking-tools-claude.upstream.sse")],
    "claude-opus-4-6-thinking",
  );
  expect(records).toEqual([
    {
      kind: "thinking",
      thinking: "Let me look.",
      family: "claude",
      model: "claude-opus-4-6-thinking",
      signature: expect.stringMatching(/^RVhBTVBMRS1DTEFV/),
    },
  ]);
});

test("23: the signature of the last text is remembered and opens no block", () => {
  const { records } = replay(
    [fixtureBytes("23-text-signature-tail-gemini3.upstream.sse")],
    "gemini-3.1-pro-high",
  );
  expect(records).toMatchObject([{ kind: "thinking", family: "gemini" }]);
});

test("25, 26: a refusal says why", () => {
  for (const [name, reason] of [
    ["25-safety", "SAFETY"],
    ["26-prompt-blocked", "PROHIBITED_CONTENT"],
  ] as const) {
    const { events } = replay([fixtureBytes(`${name}.upstream.sse`)], "gemini-2.5-flash");
    expect(clientView(events).stop).toEqual({
      stop_reason: "refusal",
      stop_sequence: null,
      stop_details: {
        type: "refusal",
        category: null,
        explanation: `The backend stopped the answer: ${reason}.`,
      },
      container: null,
    });
  }
});

test("27: a malformed call is a failure that names reason and finishMessage, and nothing is written", () => {
  const { events, end, writer } = replay(
    [fixtureBytes("27-malformed-function-call.upstream.sse")],
    "gemini-3.1-pro-high",
  );
  expect(end).toEqual({
    kind: "failure",
    failure: {
      kind: "answer",
      problem: "malformed",
      message: "malformed answer (MALFORMED_FUNCTION_CALL: Malformed function call: call:Read{)",
    },
  });
  expect(events).toEqual([]);
  expect(writer.committed).toBe("nothing");
});

test("28: an empty answer is a failure, and nothing is written", () => {
  const { events, end } = replay([fixtureBytes("28-empty.upstream.sse")], "claude-sonnet-4-6");
  expect(end).toEqual({
    kind: "failure",
    failure: { kind: "answer", problem: "empty", message: "empty answer (STOP)" },
  });
  expect(events).toEqual([]);
});

test("29: an error in the stream is handed on, and the open block stays open", () => {
  const { events, end, writer } = replay(
    [fixtureBytes("29-error-in-stream.upstream.sse")],
    "claude-sonnet-4-6",
  );
  expect(end).toMatchObject({
    kind: "failure",
    failure: { kind: "stream_error", body: { error: { code: 503, status: "UNAVAILABLE" } } },
  });
  const message = "No capacity available for model claude-sonnet-4-6 on the server.";
  writer.fail({ type: "overloaded_error", message }, "req_1", events);
  expect(checkStreamGrammar(events)).toBeUndefined();
  const recorded = new TextDecoder().decode(fixtureBytes("29-error-in-stream.client.sse"));
  expect(clientView(events)).toMatchObject({ ...clientView(clientEvents(recorded)) });
});

test("30: the broken event is counted", () => {
  const { end } = replay([fixtureBytes("30-framing-noise.upstream.sse")], "claude-sonnet-4-6");
  expect(end).toMatchObject({ kind: "complete", invalidEvents: 1, unknownParts: 0 });
});

test("33: a grounded answer becomes search blocks and cited text", () => {
  const { upstream, client } = fixtureJson<{ upstream: unknown; client: Partial<Message> }>(
    "33-grounding.json",
  );
  const { events } = replayChunks([upstream], "gemini-2.5-flash", { webSearch: true });
  expect(checkStreamGrammar(events)).toBeUndefined();
  const message = collectMessage(events);
  expect(maskMade(message)).toMatchObject(maskMade(client));
  expect(message.content).toHaveLength(client.content?.length ?? -1);
});

test("40: the answer of generateContent is the same machine's message", () => {
  const { upstream, client } = fixtureJson<{ upstream: unknown; client: Message }>(
    "40-generate-non-stream.json",
  );
  const { events, end } = replayChunks([upstream], "claude-sonnet-4-6");
  expect(collectMessage(events)).toMatchObject(client);
  expect(end).toMatchObject({
    modelVersion: "claude-sonnet-4-6",
    responseId: "msg_vrtx_01EXAMPLE",
    traceId: "00000000example1",
    finishReason: "OTHER",
  });
});
