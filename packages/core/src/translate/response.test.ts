import { describe, expect, test } from "vitest";
import type { StreamEvent } from "../anthropic/stream-events.ts";
import { MessageWriter } from "./message-writer.ts";
import { collectMessage } from "./response.ts";
import { mapUsage } from "./usage.ts";

const HEAD = { id: "msg_1", model: "m", inputTokens: 5 };
const USAGE = mapUsage({ promptTokenCount: 9, candidatesTokenCount: 4 });

function written(write: (writer: MessageWriter, out: StreamEvent[]) => void): StreamEvent[] {
  const writer = new MessageWriter(HEAD);
  const out: StreamEvent[] = [];
  write(writer, out);
  if (!writer.isFinished) {
    writer.finish({ stopReason: "end_turn", stopDetails: null, usage: USAGE }, out);
  }
  return out;
}

const CITATION = {
  type: "web_search_result_location",
  url: "u",
  title: "t",
  encrypted_index: "",
  cited_text: "x",
} as const;

test("a message holds every kind of block, in order, and the final usage", () => {
  const events = written((writer, out) => {
    writer.ping(out);
    writer.thinking("Let ", out);
    writer.thinking("me.", out);
    writer.endThinking("sig", out);
    writer.text("Hel", out);
    writer.ping(out);
    writer.text("lo", out);
    writer.toolUse("toolu_1", "Bash", '{"command":"ls","__proto__":1}', out);
    writer.toolUse("toolu_2", "Ping", "{}", out);
    writer.webSearch("srvtoolu_1", "q", [], out);
    writer.citedText({ text: "x", citations: [CITATION, CITATION] }, out);
  });
  const direct = { type: "direct" };
  expect(collectMessage(events)).toEqual({
    id: "msg_1",
    type: "message",
    role: "assistant",
    model: "m",
    content: [
      { type: "thinking", thinking: "Let me.", signature: "sig" },
      { type: "text", text: "Hello", citations: null },
      {
        type: "tool_use",
        id: "toolu_1",
        name: "Bash",
        input: JSON.parse('{"command":"ls","__proto__":1}') as unknown,
        caller: direct,
      },
      { type: "tool_use", id: "toolu_2", name: "Ping", input: {}, caller: direct },
      {
        type: "server_tool_use",
        id: "srvtoolu_1",
        name: "web_search",
        input: { query: "q" },
        caller: direct,
      },
      { type: "web_search_tool_result", tool_use_id: "srvtoolu_1", content: [], caller: direct },
      { type: "text", text: "x", citations: [CITATION, CITATION] },
    ],
    stop_reason: "end_turn",
    stop_sequence: null,
    stop_details: null,
    container: null,
    diagnostics: null,
    usage: USAGE,
  });
});

test("events are only read: a stream may be collected twice", () => {
  const events = written((writer, out) => {
    writer.text("a", out);
    writer.citedText({ text: "x", citations: [CITATION] }, out);
  });
  const before = structuredClone(events);
  expect(collectMessage(events)).toEqual(collectMessage(events));
  expect(events).toEqual(before);
});

describe("what is no complete message is our bug", () => {
  test("an error at the end", () => {
    const events = written((writer, out) => {
      writer.text("a", out);
      writer.fail({ type: "api_error", message: "no" }, "req_1", out);
    });
    expect(() => collectMessage(events)).toThrow("api_error");
  });

  test("no end", () => {
    const events = written((writer, out) => writer.text("a", out));
    expect(() => collectMessage(events.slice(0, -1))).toThrow("end before the message");
  });

  test("nothing", () => {
    expect(() => collectMessage([])).toThrow("end before the message");
  });
});
