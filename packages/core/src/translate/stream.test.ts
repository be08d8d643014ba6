import { describe, expect, test } from "vitest";
import type { Message } from "../anthropic/messages.ts";
import type { StreamEvent } from "../anthropic/stream-events.ts";
import { checkStreamGrammar } from "../anthropic/stream-grammar.ts";
import { chunkOf, optionsFor, replayChunks, USAGE } from "./__fixtures__/replay.ts";
import type { StreamOptions } from "./answer.ts";
import { MessageWriter } from "./message-writer.ts";
import { collectMessage } from "./response.ts";
import { StreamTranslator } from "./stream.ts";

const CLAUDE = "claude-sonnet-4-6";
const GEMINI = "gemini-3.1-pro-high";
const STOP = { finishReason: "STOP" };

function messageOf(
  chunks: readonly unknown[],
  model = CLAUDE,
  options: Partial<StreamOptions> = {},
): Message {
  const { events, end } = replayChunks(chunks, model, options);
  expect(end.kind).toBe("complete");
  expect(checkStreamGrammar(events)).toBeUndefined();
  return collectMessage(events);
}

function failureOf(
  chunks: readonly unknown[],
  model = CLAUDE,
  options: Partial<StreamOptions> = {},
): unknown {
  const { events, end } = replayChunks(chunks, model, options);
  expect(events).toEqual([]);
  return end.kind === "failure" ? end.failure : "complete";
}

function problem(name: string): unknown {
  return expect.objectContaining({ kind: "answer", problem: name });
}

describe("chunks", () => {
  test("come wrapped, unwrapped, or in a list", () => {
    const unwrapped = { candidates: [{ content: { parts: [{ text: "b" }] } }], ...USAGE };
    const message = messageOf([
      chunkOf([{ text: "a" }], {}, USAGE),
      unwrapped,
      [chunkOf([{ text: "c" }]), chunkOf([{ text: "" }], STOP)],
    ]);
    expect(message.content).toEqual([{ type: "text", text: "abc", citations: null }]);
  });

  test.each([
    ["plain", { error: { code: 429, message: "no" } }],
    ["in a list", [{ error: { code: 429, message: "no" } }]],
    ["wrapped", { response: { error: { code: 429, message: "no" } } }],
  ])("an error, %s, ends the attempt with its body", (_name, chunk) => {
    expect(failureOf([chunk, chunkOf([{ text: "late" }], STOP, USAGE)])).toEqual({
      kind: "stream_error",
      body: { error: { code: 429, message: "no" } },
    });
  });

  test("an error behind a finished answer is an error all the same", () => {
    const { end } = replayChunks(
      [chunkOf([{ text: "a" }], STOP, USAGE), { error: { code: 500 } }],
      CLAUDE,
    );
    expect(end).toMatchObject({ kind: "failure", failure: { kind: "stream_error" } });
  });

  test("only the first candidate counts", () => {
    const candidates = ["a", "b"].map((text) => ({ content: { parts: [{ text }] }, ...STOP }));
    expect(messageOf([{ response: { candidates, ...USAGE } }]).content).toMatchObject([
      { text: "a" },
    ]);
  });

  test("what is no object, no JSON or no known part is counted and left out", () => {
    const parts = [
      { text: "a" },
      { videoPart: {} },
      null,
      7,
      { inlineData: {} },
      { thought: true },
    ];
    const { end } = replayChunks(["text", null, 7, chunkOf(parts, STOP, USAGE)], CLAUDE);
    expect(end).toMatchObject({ kind: "complete", unknownParts: 5, invalidEvents: 3 });
  });

  test("a signature alone is a known part", () => {
    const parts = [{ text: "a" }, { thoughtSignature: "s" }];
    const { end } = replayChunks([chunkOf(parts, STOP, USAGE)], GEMINI);
    expect(end).toMatchObject({ unknownParts: 0 });
  });

  test("a failure that may come from lost events names them", () => {
    expect(failureOf(["x", 7])).toEqual({
      kind: "answer",
      problem: "empty",
      message: "empty answer; 2 events were no JSON object",
    });
  });

  test("an unknown finishReason ends the turn and is told", () => {
    const { end } = replayChunks(
      [chunkOf([{ text: "a" }], { finishReason: "NEW" }, USAGE)],
      CLAUDE,
    );
    expect(end).toMatchObject({ kind: "complete", stopReason: "end_turn", finishReason: "NEW" });
  });

  test("usage is the last that came, numbers in strings too", () => {
    const later = { usageMetadata: { promptTokenCount: "20", candidatesTokenCount: "9" } };
    const empty = { usageMetadata: {} };
    const { events } = replayChunks(
      [chunkOf([{ text: "a" }], {}, USAGE), chunkOf([], STOP, later), { response: empty }],
      CLAUDE,
    );
    expect(events[0]).toMatchObject({ message: { usage: { input_tokens: 10, output_tokens: 1 } } });
    expect(collectMessage(events).usage).toMatchObject({ input_tokens: 20, output_tokens: 9 });
  });

  test("without usage the estimate stays", () => {
    const text = "twenty characters...";
    const message = messageOf([chunkOf([{ text }, { functionCall: { name: "n" } }], STOP)]);
    expect(message.usage).toMatchObject({ input_tokens: 77, output_tokens: 6 });
  });
});

describe("nothing is written before content that the client sees", () => {
  test.each<[string, unknown[]]>([
    ["usage", [{ response: USAGE }]],
    ["an empty text", [chunkOf([{ text: "" }], {}, USAGE)]],
    ["a signature", [chunkOf([{ text: "", thoughtSignature: "s" }], {}, USAGE)]],
    ["an empty thought", [chunkOf([{ text: "", thought: true }], {}, USAGE)]],
    ["an unknown part", [chunkOf([{ mystery: 1 }], {}, USAGE)]],
  ])("%s", (_name, chunks) => {
    expect(failureOf(chunks)).toEqual(problem("empty"));
  });

  test("a thought that is not shown", () => {
    const thought = { text: "hm", thought: true, thoughtSignature: "s" };
    const chunks = [chunkOf([thought], {}, USAGE), chunkOf([], STOP)];
    expect(failureOf(chunks, CLAUDE, { showThinking: false })).toEqual(problem("empty"));
  });

  test("a call or an image commits like a text", () => {
    for (const part of [
      { functionCall: { name: "n" } },
      { inlineData: { mimeType: "image/png", data: "x" } },
    ]) {
      const { events } = replayChunks([chunkOf([part])], CLAUDE);
      expect(events[0]?.type).toBe("message_start");
    }
  });
});

describe("calls", () => {
  const call = (fields: object) => ({ functionCall: { name: "Bash", ...fields } });

  test("absent arguments are none", () => {
    const parts = [call({ id: "a" }), call({ id: "b", args: null }), call({ id: "c", args: {} })];
    expect(messageOf([chunkOf(parts, STOP, USAGE)]).content).toMatchObject([
      { id: "a", input: {} },
      { id: "b", input: {} },
      { id: "c", input: {} },
    ]);
  });

  test("name and arguments go back to the client's", () => {
    const args = { query: "x", _placeholder: true };
    const parts = [{ functionCall: { name: "mcp_files_search", args } }];
    expect(messageOf([chunkOf(parts, STOP, USAGE)]).content).toMatchObject([
      { name: "mcp/files.search", input: { query: "x" } },
    ]);
  });

  test("an id is the backend's only when it is valid and new", () => {
    const parts = ["ok_1", "ok_1", "known", "not ok", ""].map((id) => call({ id }));
    const isKnownToolId = (id: string) => id === "known";
    const { content } = messageOf([chunkOf(parts, STOP, USAGE)], CLAUDE, { isKnownToolId });
    const ids = content.map((block) => (block.type === "tool_use" ? block.id : ""));
    expect(ids[0]).toBe("ok_1");
    expect(ids.slice(1).every((id) => /^toolu_[A-Za-z0-9]{24}$/.test(id))).toBe(true);
    expect(new Set(ids).size).toBe(5);
  });

  test.each([
    ["arguments that are a text", { args: "{}" }],
    ["arguments that are a list", { args: [] }],
    ["no name", { name: "" }],
  ])("%s make the answer malformed: it would do something else", (_name, fields) => {
    expect(failureOf([chunkOf([call(fields)], STOP, USAGE)])).toEqual(problem("malformed"));
  });

  test("a signature on any call is remembered under the client's id, in either spelling", () => {
    const parts = [
      { ...call({ id: "a" }), thoughtSignature: "s1" },
      { ...call({ id: "b" }), thought_signature: "s2" },
      call({ id: "c" }),
    ];
    const { records } = replayChunks([chunkOf(parts, STOP, USAGE)], GEMINI);
    const record = { kind: "tool_use", name: "Bash", family: "gemini", model: GEMINI };
    expect(records).toEqual([
      { ...record, id: "a", signature: "s1" },
      { ...record, id: "b", signature: "s2" },
    ]);
  });

  test("a whole call outweighs a malformed one behind it", () => {
    const message = messageOf([
      chunkOf([call({})], {}, USAGE),
      chunkOf([], { finishReason: "MALFORMED_FUNCTION_CALL" }),
    ]);
    expect(message.stop_reason).toBe("tool_use");
  });
});

describe("parts without a block of their own", () => {
  test("become Markdown in the text", () => {
    const parts = [
      { text: "Look: " },
      { inlineData: { mimeType: "image/png", data: "iVBO" }, thoughtSignature: "s" },
      { executableCode: { language: "PYTHON", code: "1" } },
      { codeExecutionResult: { output: "1" } },
    ];
    const text = "Look: ![image](data:image/png;base64,iVBO)\n```python\n1\n```\n\n```\n1\n```\n";
    expect(messageOf([chunkOf(parts, STOP, USAGE)], GEMINI).content).toEqual([
      { type: "text", text, citations: null },
    ]);
  });

  test("an image that is a thought is left out", () => {
    const parts = [
      { text: "a" },
      { thought: true, inlineData: { mimeType: "image/png", data: "x" } },
    ];
    const { end } = replayChunks([chunkOf(parts, STOP, USAGE)], GEMINI);
    expect(end).toMatchObject({ unknownParts: 1 });
  });
});

describe("the end", () => {
  test("text without finishReason is whole only behind usage and an empty text", () => {
    const text = chunkOf([{ text: "a" }], {}, USAGE);
    expect(messageOf([text, chunkOf([{ text: "" }], {}, USAGE)]).stop_reason).toBe("end_turn");
    for (const last of [
      [],
      [chunkOf([{ text: "" }])],
      [{ response: USAGE }],
      [chunkOf([{ text: "" }], {}, USAGE), { response: USAGE }],
      [chunkOf([], {}, USAGE)],
    ]) {
      const { end, events, writer } = replayChunks([text, ...last], CLAUDE);
      expect(end).toMatchObject({ failure: { problem: "cut", message: "upstream ended early" } });
      // What was written stays as it is, for the error event to follow.
      expect(events.at(-1)?.type).toBe("content_block_delta");
      expect(writer.committed).toBe("content");
    }
  });

  test("no event at all is an empty answer", () => {
    expect(failureOf([])).toEqual(problem("empty"));
    expect(failureOf([{ response: { candidates: [] } }])).toEqual(problem("empty"));
  });

  test("a blocked prompt is a refusal only without content", () => {
    const blocked = { response: { promptFeedback: { blockReason: "JAILBREAK" }, ...USAGE } };
    expect(messageOf([blocked])).toMatchObject({ stop_reason: "refusal", content: [] });
    expect(messageOf([blocked, chunkOf([{ text: "a" }], STOP)]).stop_reason).toBe("end_turn");
  });

  test("a refusal keeps what came, and wins over calls", () => {
    const message = messageOf([
      chunkOf([{ text: "a" }, { functionCall: { name: "n" } }], {}, USAGE),
      chunkOf([], { finishReason: "SAFETY", finishMessage: "Not this." }),
    ]);
    expect(message).toMatchObject({
      stop_reason: "refusal",
      stop_details: { explanation: "Not this." },
      content: [{ text: "a" }, { type: "tool_use" }],
    });
  });

  test("an answer cut by MAX_TOKENS before its first word says so", () => {
    expect(messageOf([chunkOf([], { finishReason: "MAX_TOKENS" }, USAGE)], GEMINI)).toMatchObject({
      stop_reason: "max_tokens",
      content: [],
    });
  });
});

describe("a canned refusal of this client", () => {
  const TEXT = "This version of Antigravity is no longer supported. Please upgrade.";

  test("is a failure that quotes it, however it comes in pieces", () => {
    const expected = { kind: "answer", problem: "client_gate", message: TEXT };
    expect(failureOf([chunkOf([{ text: TEXT }], STOP)], GEMINI)).toEqual(expected);
    const pieces = TEXT.split("").map((text) => chunkOf([{ text }]));
    expect(failureOf([...pieces, chunkOf([{ text: "" }], STOP)], GEMINI)).toEqual(expected);
    const zeros = { usageMetadata: { promptTokenCount: 0 } };
    expect(failureOf([chunkOf([{ text: TEXT }], STOP, zeros)], GEMINI)).toEqual(expected);
  });

  test("is known in a search and in a request for JSON as well", () => {
    const chunks = [chunkOf([{ text: TEXT }], STOP)];
    expect(failureOf(chunks, GEMINI, { webSearch: true })).toEqual(problem("client_gate"));
    expect(failureOf(chunks, CLAUDE, { jsonOutput: true })).toEqual(problem("client_gate"));
  });

  test.each<[string, unknown[]]>([
    ["usage shows that a model answered", [chunkOf([{ text: TEXT }], STOP, USAGE)]],
    ["usage comes behind it", [chunkOf([{ text: TEXT }]), chunkOf([{ text: "" }], STOP, USAGE)]],
    ["a call follows", [chunkOf([{ text: TEXT }, { functionCall: { name: "n" } }], STOP)]],
    ["a thought goes before", [chunkOf([{ text: "hm", thought: true }, { text: TEXT }], STOP)]],
    ["it is not the whole text", [chunkOf([{ text: `The text is: ${TEXT}` }], STOP)]],
  ])("is an answer when %s", (_name, chunks) => {
    expect(messageOf(chunks, GEMINI).content.some((block) => block.type === "text")).toBe(true);
  });

  test("that begins and goes on otherwise keeps its place", () => {
    const parts = [{ text: "This version" }, { text: "hm", thought: true }, { text: " works." }];
    const { content } = messageOf([...parts.map((part) => chunkOf([part])), chunkOf([], STOP)]);
    expect(content).toMatchObject([
      { text: "This version" },
      { thinking: "hm" },
      { text: " works." },
    ]);
  });

  test("is an answer of a search when a thought goes before", () => {
    const chunk = chunkOf([{ text: "hm", thought: true }, { text: TEXT }], STOP);
    expect(messageOf([chunk], GEMINI, { webSearch: true }).content).toHaveLength(2);
  });

  test("text that can be none is not held", () => {
    const { events } = replayChunks([chunkOf([{ text: "First line\nand more" }])], GEMINI);
    expect(events.at(-1)).toMatchObject({ delta: { text: "First line\nand more" } });
  });
});

describe("structured output", () => {
  const options = { jsonOutput: true };
  const pieces = ['{"a', '":1}'].map((text) => chunkOf([{ text }], {}, USAGE));
  const end = chunkOf([{ text: "" }], STOP, USAGE);

  test("on Claude waits for the end", () => {
    expect(failureOf(pieces, CLAUDE, options)).toEqual(problem("cut"));
    expect(messageOf([...pieces, end], CLAUDE, options).content).toMatchObject([
      { text: '{"a":1}' },
    ]);
  });

  test("on Claude loses its fence, and is a failure when it is no JSON", () => {
    const fenced = chunkOf([{ text: '```json\n{"a":1}\n```' }], STOP, USAGE);
    expect(messageOf([fenced], CLAUDE, options).content).toMatchObject([{ text: '{"a":1}' }]);
    const prose = chunkOf([{ text: "Sure!" }], STOP, USAGE);
    expect(failureOf([prose], CLAUDE, options)).toEqual(problem("not_json"));
  });

  test("on Claude may be cut by the limit or a refusal", () => {
    const cut = chunkOf([{ text: '{"a' }], { finishReason: "MAX_TOKENS" }, USAGE);
    expect(messageOf([cut], CLAUDE, options)).toMatchObject({
      stop_reason: "max_tokens",
      content: [{ text: '{"a' }],
    });
  });

  test("on Claude is one block, behind the thoughts", () => {
    const thought = (text: string) => ({ text, thought: true, thoughtSignature: `sig-${text}` });
    const chunk = chunkOf([thought("a"), { text: "[1" }, thought("b"), { text: "]" }], STOP, USAGE);
    expect(messageOf([chunk], CLAUDE, options).content).toMatchObject([
      { type: "thinking", thinking: "a", signature: "sig-a" },
      { type: "thinking", thinking: "b", signature: "sig-b" },
      { type: "text", text: "[1]" },
    ]);
  });

  test("with a call the text keeps its place before it", () => {
    const chunk = chunkOf([{ text: "I will call." }, { functionCall: { name: "n" } }], STOP, USAGE);
    expect(messageOf([chunk], CLAUDE, options).content).toMatchObject([
      { type: "text", text: "I will call." },
      { type: "tool_use" },
    ]);
  });

  test("on Gemini streams: the backend enforces it", () => {
    const { events } = replayChunks(pieces, GEMINI, options);
    expect(events.filter((event) => event.type === "content_block_delta")).toHaveLength(2);
  });
});

describe("a search", () => {
  const grounding = {
    webSearchQueries: ["q"],
    groundingChunks: [{ web: { uri: "https://a.example", title: "A" } }],
    groundingSupports: [{ segment: { startIndex: 4, endIndex: 7 }, groundingChunkIndices: [0] }],
  };

  test("is written at the end: the sources come behind the text", () => {
    const text = [chunkOf([{ text: "one t" }], {}, USAGE), chunkOf([{ text: "wo" }], {}, USAGE)];
    expect(failureOf(text, GEMINI, { webSearch: true })).toEqual(problem("cut"));
    const end = chunkOf([{ text: "" }], { ...STOP, groundingMetadata: grounding }, USAGE);
    const message = messageOf([...text, end], GEMINI, { webSearch: true });
    expect(message.content).toMatchObject([
      { type: "server_tool_use", input: { query: "q" } },
      { type: "web_search_tool_result", content: [{ url: "https://a.example" }] },
      { type: "text", text: "one ", citations: null },
      { type: "text", text: "two", citations: [{ cited_text: "two" }] },
    ]);
    expect(message.usage.server_tool_use).toEqual({
      web_search_requests: 1,
      web_fetch_requests: 0,
    });
  });

  test("that did not happen is plain text", () => {
    const message = messageOf([chunkOf([{ text: "a" }], STOP, USAGE)], GEMINI, { webSearch: true });
    expect(message.content).toEqual([{ type: "text", text: "a", citations: null }]);
    expect(message.usage.server_tool_use).toBeNull();
  });

  test("metadata of garbage is left out", () => {
    const candidate = {
      ...STOP,
      groundingMetadata: { groundingChunks: 7, groundingSupports: [null] },
    };
    const message = messageOf([chunkOf([{ text: "a" }], candidate, USAGE)], GEMINI, {
      webSearch: true,
    });
    expect(message.content).toHaveLength(1);
  });
});

describe("attempts share one message", () => {
  function attempt(writer: MessageWriter, chunks: readonly object[], out: StreamEvent[]) {
    const translator = new StreamTranslator(writer, optionsFor(CLAUDE));
    for (const chunk of chunks) translator.push(chunk, out);
    return translator.end(out);
  }
  const head = { id: "msg_1", model: CLAUDE, inputTokens: 1 };
  const answer = [chunkOf([{ text: "a" }], STOP, USAGE)];

  test("a silent one is followed by another behind message_start and ping", () => {
    const writer = new MessageWriter(head);
    const out: StreamEvent[] = [];
    writer.ping(out);
    expect(attempt(writer, [], out).kind).toBe("failure");
    expect(attempt(writer, answer, out).kind).toBe("complete");
    expect(checkStreamGrammar(out)).toBeUndefined();
    expect(collectMessage(out).content).toMatchObject([{ text: "a" }]);
  });

  test("one that only thought is followed by another at the next index", () => {
    const writer = new MessageWriter(head);
    const out: StreamEvent[] = [];
    const thought = {
      text: "hm",
      thought: true,
      thoughtSignature: "held back until the block closes",
    };
    const translator = new StreamTranslator(writer, optionsFor(CLAUDE));
    translator.push(chunkOf([thought], {}, USAGE), out);
    expect(writer.committed).toBe("thinking");
    writer.abandonThinking(out);
    expect(attempt(writer, answer, out).kind).toBe("complete");
    expect(checkStreamGrammar(out)).toBeUndefined();
    expect(collectMessage(out).content).toEqual([
      { type: "thinking", thinking: "hm", signature: "" },
      { type: "text", text: "a", citations: null },
    ]);
  });
});
