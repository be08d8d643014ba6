import { describe, expect, test } from "vitest";
import { checkStreamGrammar, GrammarChecker } from "./stream-grammar.ts";

const usage = {
  input_tokens: 1,
  output_tokens: 1,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
};
const message = {
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "m",
  content: [],
  stop_reason: null,
  stop_sequence: null,
  usage,
};
const start = { type: "message_start", message };
const ping = { type: "ping" };
const end = { type: "message_delta", delta: { stop_reason: "end_turn" }, usage };
const stop = { type: "message_stop" };
const error = { type: "error", error: { type: "api_error", message: "no" } };

function open(content_block: object, index = 0): object {
  return { type: "content_block_start", index, content_block };
}
function close(index = 0): object {
  return { type: "content_block_stop", index };
}
function delta(value: object, index = 0): object {
  return { type: "content_block_delta", index, delta: value };
}

const text = open({ type: "text", text: "", citations: null });
const thinking = open({ type: "thinking", thinking: "", signature: "" });
const call = open({ type: "tool_use", id: "t", name: "n", input: {} });
const some = delta({ type: "text_delta", text: "a" });
const thought = delta({ type: "thinking_delta", thinking: "a" });
const signature = delta({ type: "signature_delta", signature: "s" });
const citation = delta({ type: "citations_delta", citation: {} });
const json = (partial_json: string) => delta({ type: "input_json_delta", partial_json });

describe("accepted", () => {
  test.each<[string, object[]]>([
    ["a message without content", [start, end, stop]],
    [
      "pings everywhere but at the ends",
      [start, ping, text, ping, some, ping, close(), ping, end, stop],
    ],
    ["text with citations", [start, text, some, some, citation, citation, close(), end, stop]],
    ["signed thinking", [start, thinking, thought, signature, close(), end, stop]],
    ["thinking that was abandoned", [start, thinking, thought, close(), end, stop]],
    ["omitted thinking", [start, thinking, signature, close(), end, stop]],
    ["a call in pieces", [start, call, json(""), json('{"a"'), json(":1}"), close(), end, stop]],
    ["a call without deltas", [start, call, close(), end, stop]],
    [
      "a search",
      [
        start,
        open({ type: "server_tool_use", id: "s", name: "web_search", input: {} }),
        json('{"query":"q"}'),
        close(),
        open({ type: "web_search_tool_result", tool_use_id: "s", content: [] }, 1),
        close(1),
        end,
        stop,
      ],
    ],
    ["an error at once", [error]],
    ["an error in an open block", [start, text, some, error]],
    ["an error between blocks", [start, text, close(), error]],
  ])("%s", (_name, events) => {
    expect(checkStreamGrammar(events)).toBeUndefined();
  });
});

describe("refused", () => {
  test.each<[string, unknown[], number, string]>([
    ["nothing", [], 0, "the stream ends before the message"],
    ["no start", [text], 0, "block start while unstarted"],
    ["ping first", [ping], 0, "ping before message_start"],
    ["two starts", [start, start], 1, "second message_start"],
    [
      "content in the start",
      [{ ...start, message: { ...message, content: [{}] } }],
      0,
      "message_start with content",
    ],
    ["a foreign id", [{ ...start, message: { ...message, id: "x" } }], 0, "bad id"],
    [
      "a stop reason in the start",
      [{ ...start, message: { ...message, stop_reason: "end_turn" } }],
      0,
      "message_start with a stop reason",
    ],
    ["no usage", [{ ...start, message: { ...message, usage: null } }], 0, "no usage"],
    [
      "negative usage",
      [start, { ...end, usage: { ...usage, output_tokens: -1 } }],
      1,
      "usage.output_tokens is no count",
    ],
    ["two open blocks", [start, text, text], 2, "block start while open"],
    [
      "a gap in the indices",
      [start, open({ type: "text", text: "" }, 1)],
      1,
      "block start with index 1",
    ],
    ["an index twice", [start, text, close(), text], 3, "block start with index 0"],
    ["text at the start", [start, open({ type: "text", text: "a" })], 1, "block start with text"],
    [
      "input at the start",
      [start, open({ type: "tool_use", id: "t", name: "n", input: { a: 1 } })],
      1,
      "block start with input",
    ],
    [
      "a call without id",
      [start, open({ type: "tool_use", name: "n", input: {} })],
      1,
      "call without id or name",
    ],
    ["an unknown block", [start, open({ type: "mystery" })], 1, "unknown block mystery"],
    ["a delta outside", [start, some], 1, "delta without an open block"],
    [
      "a delta of another block",
      [start, text, delta({ type: "text_delta", text: "a" }, 1)],
      2,
      "delta with index 1",
    ],
    ["a delta of another kind", [start, text, thought], 2, "thinking_delta in a text block"],
    [
      "a delta without its value",
      [start, text, delta({ type: "text_delta" })],
      2,
      "text_delta without value",
    ],
    ["two signatures", [start, thinking, signature, signature], 3, "second signature_delta"],
    [
      "a thought behind the signature",
      [start, thinking, signature, thought],
      3,
      "thinking_delta out of order",
    ],
    ["text behind a citation", [start, text, citation, some], 3, "text_delta out of order"],
    ["a stop of another block", [start, text, close(1)], 2, "block stop with index 1"],
    ["a stop outside", [start, close()], 1, "block stop without an open block"],
    ["half an input", [start, call, json('{"a"'), close()], 3, "input is no JSON object"],
    ["a list as input", [start, call, json("[]"), close()], 3, "input is no JSON object"],
    ["an end in a block", [start, text, end], 2, "message_delta while open"],
    ["an end without reason", [start, { ...end, delta: {} }], 1, "no stop reason"],
    ["two ends", [start, end, end], 2, "message_delta while stopping"],
    ["a stop without an end", [start, stop], 1, "message_stop without message_delta"],
    ["anything behind the stop", [start, end, stop, ping], 3, "ping after the end"],
    ["anything behind an error", [error, start], 1, "message_start after the end"],
    ["an error behind the end", [start, end, error], 2, "error after message_delta"],
    ["an error without a type", [{ type: "error", error: {} }], 0, "error without type or message"],
    [
      "an end that is missing",
      [start, text, some, close()],
      4,
      "the stream ends before the message",
    ],
    ["an unknown event", [start, { type: "what" }], 1, "unknown event what"],
    ["no event", [null], 0, "an event is an object"],
  ])("%s", (_name, events, position, expected) => {
    expect(checkStreamGrammar(events)).toEqual({ position, message: expected });
  });

  test("the first violation stays", () => {
    const checker = new GrammarChecker();
    const first = checker.check(ping);
    expect(first).toBeDefined();
    expect(checker.check(start)).toBe(first);
    expect(checker.end()).toBe(first);
  });
});
