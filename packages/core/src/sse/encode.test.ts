import fc from "fast-check";
import { expect, test } from "vitest";
import type { BlockDelta, StreamEvent } from "../anthropic/stream-events.ts";
import { SseDecoder } from "./decode.ts";
import { encodeEvent, encodeEvents } from "./encode.ts";

test("a frame names its type twice and ends in a blank line", () => {
  expect(encodeEvent({ type: "ping" })).toBe('event: ping\ndata: {"type":"ping"}\n\n');
});

const text = fc.string({ unit: "binary" });
const delta: fc.Arbitrary<BlockDelta> = fc.oneof(
  text.map((value) => ({ type: "text_delta", text: value }) as const),
  text.map((value) => ({ type: "thinking_delta", thinking: value }) as const),
  text.map((value) => ({ type: "input_json_delta", partial_json: value }) as const),
  text.map((value) => ({ type: "signature_delta", signature: value }) as const),
);
const event: fc.Arbitrary<StreamEvent> = fc.oneof(
  fc
    .record({ index: fc.nat(), delta })
    .map((fields) => ({ type: "content_block_delta", ...fields }) as const),
  fc.nat().map((index) => ({ type: "content_block_stop", index }) as const),
  fc.constantFrom({ type: "ping" } as const, { type: "message_stop" } as const),
  text.map((message) => ({ type: "error", error: { type: "api_error", message } }) as const),
);

test("every event is written as JSON.stringify writes it, on one line", () => {
  fc.assert(
    fc.property(event, (value) => {
      expect(encodeEvent(value)).toBe(`event: ${value.type}\ndata: ${JSON.stringify(value)}\n\n`);
      expect(encodeEvent(value).split("\n")).toHaveLength(4);
    }),
  );
});

test("a batch is one string, and reads back as the same events", () => {
  fc.assert(
    fc.property(fc.array(event), (events) => {
      const data: string[] = [];
      new SseDecoder().push(encodeEvents(events), data);
      expect(data.map((json) => JSON.parse(json) as unknown)).toEqual(
        JSON.parse(JSON.stringify(events)),
      );
    }),
  );
});

test("a batch of nothing is nothing to write", () => {
  expect(encodeEvents([])).toBe("");
});
