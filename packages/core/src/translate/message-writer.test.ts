import { describe, expect, test } from "vitest";
import type { StreamEvent } from "../anthropic/stream-events.ts";
import { checkStreamGrammar } from "../anthropic/stream-grammar.ts";
import { MessageWriter } from "./message-writer.ts";
import { mapUsage } from "./usage.ts";

const HEAD = { id: "msg_1", model: "claude-opus-5-5", inputTokens: 321 };
const END = { stopReason: "end_turn", stopDetails: null, usage: mapUsage(null) } as const;

function writing(): { writer: MessageWriter; out: StreamEvent[] } {
  return { writer: new MessageWriter(HEAD), out: [] };
}

/** Events as short lines: `0+text`, `0 text_delta`, `0-`. */
function lines(events: readonly StreamEvent[]): string[] {
  return events.map((event) => {
    switch (event.type) {
      case "content_block_start":
        return `${event.index}+${event.content_block.type}`;
      case "content_block_delta":
        return `${event.index} ${event.delta.type}`;
      case "content_block_stop":
        return `${event.index}-`;
      default:
        return event.type;
    }
  });
}

test("message_start has every field, the name that was asked for, and the estimate", () => {
  const { writer, out } = writing();
  writer.start(out);
  writer.start(out);
  expect(out).toEqual([
    {
      type: "message_start",
      message: {
        id: "msg_1",
        type: "message",
        role: "assistant",
        model: "claude-opus-5-5",
        content: [],
        stop_reason: null,
        stop_sequence: null,
        stop_details: null,
        container: null,
        diagnostics: null,
        usage: { ...mapUsage({ promptTokenCount: 321 }), output_tokens: 1 },
      },
    },
  ]);
});

test("message_start has the backend's counts when they came before", () => {
  const { writer, out } = writing();
  writer.noteUsage(
    mapUsage({ promptTokenCount: 10, cachedContentTokenCount: 4, candidatesTokenCount: 7 }),
  );
  writer.text("a", out);
  expect(out[0]).toMatchObject({
    message: { usage: { input_tokens: 6, cache_read_input_tokens: 4, output_tokens: 1 } },
  });
});

test("blocks open with their first delta and close when another kind follows", () => {
  const { writer, out } = writing();
  writer.thinking("a", out);
  writer.thinking("b", out);
  writer.endThinking("sig", out);
  writer.text("c", out);
  writer.text("d", out);
  writer.toolUse("toolu_1", "Bash", "{}", out);
  writer.text("e", out);
  writer.thinking("f", out);
  writer.finish(END, out);
  expect(lines(out)).toEqual([
    "message_start",
    "0+thinking",
    "0 thinking_delta",
    "0 thinking_delta",
    "0 signature_delta",
    "0-",
    "1+text",
    "1 text_delta",
    "1 text_delta",
    "1-",
    "2+tool_use",
    "2 input_json_delta",
    "2-",
    "3+text",
    "3 text_delta",
    "3-",
    "4+thinking",
    "4 thinking_delta",
    "4-",
    "message_delta",
    "message_stop",
  ]);
  expect(checkStreamGrammar(out)).toBeUndefined();
});

test("a search and cited text are written whole", () => {
  const { writer, out } = writing();
  writer.webSearch("srvtoolu_1", "q", [], out);
  const citation = {
    type: "web_search_result_location",
    url: "u",
    title: "t",
    encrypted_index: "",
    cited_text: "a",
  } as const;
  writer.citedText({ text: "a", citations: [citation, citation] }, out);
  writer.finish(END, out);
  expect(lines(out).slice(1, -2)).toEqual([
    "0+server_tool_use",
    "0 input_json_delta",
    "0-",
    "1+web_search_tool_result",
    "1-",
    "2+text",
    "2 text_delta",
    "2 citations_delta",
    "2 citations_delta",
    "2-",
  ]);
  expect(checkStreamGrammar(out)).toBeUndefined();
});

describe("surrogate pairs", () => {
  const [high, low] = ["\ud83d", "\ude42"];

  function textOf(events: readonly StreamEvent[]): string[] {
    return events.flatMap((event) => {
      if (event.type !== "content_block_delta") return [];
      if (event.delta.type === "text_delta") return [event.delta.text];
      return event.delta.type === "thinking_delta" ? [event.delta.thinking] : [];
    });
  }

  test("are joined across deltas", () => {
    const { writer, out } = writing();
    writer.text(`a${high}`, out);
    writer.text(`${low}b${high}`, out);
    writer.text(low, out);
    expect(textOf(out)).toEqual(["a", "🙂b", "🙂"]);
  });

  test("are joined in thinking too", () => {
    const { writer, out } = writing();
    writer.thinking(high, out);
    writer.thinking(low, out);
    expect(textOf(out)).toEqual(["🙂"]);
  });

  test("a half that stays alone becomes the replacement character", () => {
    const { writer, out } = writing();
    writer.thinking(`a${high}`, out);
    writer.endThinking("sig", out);
    writer.text(`b${high}`, out);
    writer.toolUse("toolu_1", "n", "{}", out);
    expect(textOf(out)).toEqual(["a", "\uFFFD", "b", "\uFFFD"]);
    expect(lines(out)).toContain("0 signature_delta");
    writer.finish(END, out);
    expect(checkStreamGrammar(out)).toBeUndefined();
  });
});

describe("how far the message is committed", () => {
  test("a silence that was broken leaves every attempt open", () => {
    const { writer, out } = writing();
    expect(writer.committed).toBe("nothing");
    writer.ping(out);
    writer.ping(out);
    expect(lines(out)).toEqual(["message_start", "ping", "ping"]);
    expect(writer.committed).toBe("started");
  });

  test("thinking without a signature leaves another attempt open", () => {
    const { writer, out } = writing();
    writer.thinking("a", out);
    expect(writer.committed).toBe("thinking");
    writer.abandonThinking(out);
    expect(writer.committed).toBe("thinking");
    writer.thinking("b", out);
    writer.endThinking("sig", out);
    expect(writer.committed).toBe("content");
    writer.text("c", out);
    writer.finish(END, out);
    expect(lines(out).slice(1, 8)).toEqual([
      "0+thinking",
      "0 thinking_delta",
      "0-",
      "1+thinking",
      "1 thinking_delta",
      "1 signature_delta",
      "1-",
    ]);
    expect(checkStreamGrammar(out)).toBeUndefined();
  });

  test.each<[string, (writer: MessageWriter, out: StreamEvent[]) => void]>([
    ["text", (writer, out) => writer.text("a", out)],
    ["a call", (writer, out) => writer.toolUse("toolu_1", "n", "{}", out)],
    ["a search", (writer, out) => writer.webSearch("srvtoolu_1", "q", [], out)],
    ["an omitted thought", (writer, out) => writer.omittedThinking("sig", out)],
  ])("%s commits", (_name, write) => {
    const { writer, out } = writing();
    write(writer, out);
    expect(writer.committed).toBe("content");
  });

  test("abandoning does nothing to other blocks", () => {
    const { writer, out } = writing();
    writer.text("a", out);
    writer.abandonThinking(out);
    expect(lines(out)).toEqual(["message_start", "0+text", "0 text_delta"]);
  });
});

describe("the end", () => {
  test("an error leaves the open block open, and nothing follows", () => {
    const { writer, out } = writing();
    writer.text("a", out);
    writer.fail({ type: "overloaded_error", message: "Overloaded" }, "req_1", out);
    writer.ping(out);
    expect(out.at(-1)).toEqual({
      type: "error",
      error: { type: "overloaded_error", message: "Overloaded" },
      request_id: "req_1",
    });
    expect(lines(out)).toEqual(["message_start", "0+text", "0 text_delta", "error"]);
    expect(checkStreamGrammar(out)).toBeUndefined();
    expect(writer.isFinished).toBe(true);
  });

  test("the error event holds type and message only", () => {
    const { writer, out } = writing();
    const error = { type: "api_error", message: "no", status: 500, shouldRetry: false } as const;
    writer.fail(error, "req_1", out);
    expect(out).toEqual([
      { type: "error", error: { type: "api_error", message: "no" }, request_id: "req_1" },
    ]);
  });

  test("a message without content starts and ends", () => {
    const { writer, out } = writing();
    const stopDetails = { type: "refusal", category: null, explanation: "why" } as const;
    writer.finish({ stopReason: "refusal", stopDetails, usage: mapUsage(null) }, out);
    expect(lines(out)).toEqual(["message_start", "message_delta", "message_stop"]);
    expect(out[1]).toEqual({
      type: "message_delta",
      delta: {
        stop_reason: "refusal",
        stop_sequence: null,
        stop_details: stopDetails,
        container: null,
      },
      usage: mapUsage(null),
    });
  });

  test("no ping follows message_stop, and content is a bug", () => {
    const { writer, out } = writing();
    writer.text("a", out);
    writer.finish(END, out);
    const { length } = out;
    writer.ping(out);
    expect(out).toHaveLength(length);
    expect(() => writer.text("b", out)).toThrow("finished");
  });
});
