import type { JsonObject } from "@agp/core";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  callsOf,
  declare,
  eventsOf,
  partsOf,
  replay,
  TestClient,
  textOf,
  type TestAnswer,
} from "../__fixtures__/test-client.ts";
import { startEmulator, type Emulator } from "../emulator.ts";

const C = "claude-sonnet-4-6";
const PRO = "gemini-3.1-pro-high";
const PIXEL =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";
let emulator: Emulator;
let client: TestClient;

beforeEach(async () => {
  emulator = await startEmulator();
  client = new TestClient(emulator);
});

afterEach(async () => {
  await emulator.close();
});

function ask(model: string, contents: object[], more: object = {}): Promise<TestAnswer> {
  return client.stream(client.envelope(model, { contents, ...more }));
}

const user = (...parts: object[]) => ({ role: "user", parts });

function answerCalls(answer: TestAnswer, result: string): object {
  const parts = callsOf(answer).map(({ functionCall }) => ({
    functionResponse: {
      ...(functionCall?.id && { id: functionCall.id }),
      name: functionCall?.name,
      response: { result },
    },
  }));
  return user(...parts);
}

function finishOf(answer: TestAnswer): unknown {
  return eventsOf(answer).at(-1)?.response?.candidates?.[0]?.finishReason;
}

test("says what it was told, in which turn, and by whom", async () => {
  const answer = await client.say(C, "Hello there");
  expect(textOf(answer)).toBe('You said "Hello there" in turn 1.\n— emulated claude-sonnet-4-6 🙂');
  expect(eventsOf(answer).length).toBeGreaterThan(2);
  expect(textOf(await client.say(C, "Hello there"))).toBe(textOf(answer));
});

test("reminders of the client are not what the user said", async () => {
  const reminder = { text: "<system-reminder>\nBe brief.\n</system-reminder>" };
  const answer = await ask(C, [user(reminder, { text: "Hi" })]);
  expect(textOf(answer)).toMatch(/^You said "Hi"/);
});

test.each([C, PRO, "gpt-oss-120b-medium"])(
  "%s walks a loop of steps, then reports",
  async (model) => {
    const prompt = user({
      text: '[[call Read {"path":"a"}]][[call Read {"path":"b"}]][[then call Bash {"path":"c"}]]',
    });
    const more = declare("Read", "Bash");
    const first = await ask(model, [prompt], more);
    expect(callsOf(first).map((part) => part.functionCall?.args)).toEqual([
      { path: "a" },
      { path: "b" },
    ]);
    const history = [prompt, replay(first), answerCalls(first, "content of a file")];
    const second = await ask(model, history, more);
    expect(callsOf(second).map((part) => part.functionCall?.name)).toEqual(["Bash"]);
    const last = await ask(model, [...history, replay(second), answerCalls(second, "done")], more);
    expect(callsOf(last)).toEqual([]);
    expect(textOf(last)).toContain('Read returned "content of a file".\nRead returned');
    expect(textOf(last)).toContain('Bash returned "done".');
    expect(finishOf(last)).toBe("STOP");
  },
);

test("a directive beside the responses of an interrupted tool begins a new turn", async () => {
  const prompt = user({ text: '[[call Read {"path":"a"}]][[then text never]]' });
  const first = await ask(C, [prompt], declare("Read"));
  const { parts } = answerCalls(first, "interrupted") as { parts: object[] };
  const next = user(
    ...parts,
    { text: "<system-reminder>x</system-reminder>" },
    { text: "[[text other]]" },
  );
  expect(textOf(await ask(C, [prompt, replay(first), next], declare("Read")))).toBe("other");
});

test("Claude's calls come one an event with ids and end with OTHER, Gemini's together without", async () => {
  const text = '[[call Read {"path":"a"}]][[call Read {"path":"b"}]]';
  const claude = await ask(C, [user({ text })], declare("Read"));
  const ids = callsOf(claude).map((part) => part.functionCall?.id);
  expect(new Set(ids).size).toBe(2);
  expect(ids.every((id) => /^toolu_vrtx_01[A-Za-z0-9]{22}$/.test(id ?? ""))).toBe(true);
  expect(eventsOf(claude)).toHaveLength(3);
  expect(finishOf(claude)).toBe("OTHER");
  const gemini = await ask(PRO, [user({ text })], declare("Read"));
  expect(eventsOf(gemini)).toHaveLength(1);
  expect(callsOf(gemini).every((part) => part.functionCall?.id === undefined)).toBe(true);
  expect(finishOf(gemini)).toBe("STOP");
});

test("a tool that is not declared, or may not be used, is not called", async () => {
  const text = '[[call Write {"path":"a"}]]';
  expect(textOf(await ask(C, [user({ text })], declare("Read")))).toMatch(/^I cannot call Write/);
  const none = { ...declare("Write"), toolConfig: { functionCallingConfig: { mode: "NONE" } } };
  const answer = await ask(C, [user({ text })], none);
  expect(callsOf(answer)).toEqual([]);
});

test("a directive that cannot be read is quoted in the answer", async () => {
  const answer = await client.say(C, "[[call Read {]]");
  expect(textOf(answer)).toBe('I cannot read the directive "call Read {".');
});

test("a forced tool is called with the least arguments that its schema allows", async () => {
  const parameters = {
    type: "object",
    properties: {
      kind: { type: "string", enum: ["x", "y"] },
      count: { type: "integer" },
      tags: { type: "array", items: { type: "string" } },
      extra: { type: "boolean" },
    },
    required: ["kind", "count", "tags"],
  };
  const tools = [
    {
      functionDeclarations: [
        { name: "Other", parameters },
        { name: "Out", parameters },
      ],
    },
  ];
  const functionCallingConfig = { mode: "ANY", allowedFunctionNames: ["Out"] };
  const answer = await ask(C, [user({ text: "Hi" })], {
    tools,
    toolConfig: { functionCallingConfig },
  });
  expect(callsOf(answer)[0]?.functionCall).toMatchObject({
    name: "Out",
    args: { kind: "x", count: 1, tags: ["Emulated tags"] },
  });
});

test("Claude fills in the placeholder of an empty tool, Gemini has none", async () => {
  const placeholder = {
    type: "object",
    properties: { _placeholder: { type: "boolean" } },
    required: ["_placeholder"],
  };
  const declaration = { name: "Ping", parameters: placeholder };
  const answer = await ask(C, [user({ text: "[[call Ping]]" })], {
    tools: [{ functionDeclarations: [declaration] }],
    toolConfig: { functionCallingConfig: { mode: "VALIDATED" } },
  });
  expect(callsOf(answer)[0]?.functionCall?.args).toEqual({ _placeholder: true });
});

test("JSON output satisfies the schema", async () => {
  const responseSchema = {
    type: "object",
    properties: { title: { type: "string" }, count: { type: "integer" } },
    required: ["title"],
  };
  const generationConfig = { responseMimeType: "application/json", responseSchema };
  const answer = await ask("gemini-3-flash", [user({ text: "[[text no]]" })], { generationConfig });
  expect(JSON.parse(textOf(answer))).toEqual({ title: "Emulated title" });
});

test("search gives a grounded answer", async () => {
  const answer = await ask(
    "gemini-2.5-flash",
    [user({ text: "Perform a web search for the query: node 24" })],
    { tools: [{ googleSearch: {} }] },
  );
  const metadata = eventsOf(answer).at(-1)?.response?.candidates?.[0]?.groundingMetadata;
  expect(metadata?.webSearchQueries).toEqual(["node 24"]);
  expect(metadata?.groundingChunks?.[0]?.web?.uri).toMatch(/^https:\/\/vertexaisearch/);
});

test("images and documents are seen with type and size, also those of tool results", async () => {
  const image = { inlineData: { mimeType: "image/png", data: PIXEL } };
  const pdf = { inlineData: { mimeType: "application/pdf", data: "JVBERi0xLjQK" } };
  const answer = await ask(C, [user({ text: "What is this?" }, image, pdf)]);
  expect(textOf(answer)).toContain("I see 1 image image/png, 70 bytes.");
  expect(textOf(answer)).toContain("I see 1 document application/pdf, 9 bytes.");
  const prompt = user({ text: '[[call Read {"path":"b.png"}]]' });
  const called = await ask(C, [prompt], declare("Read"));
  const { parts } = answerCalls(called, "Image attached") as { parts: object[] };
  const contents = [prompt, replay(called), user(...parts, image)];
  expect(textOf(await ask(C, contents, declare("Read")))).toContain("I see 1 image image/png");
});

test("an image model answers with an image", async () => {
  const answer = await client.say("gemini-3-pro-image", "A tree");
  expect(partsOf(answer)[0]?.inlineData).toEqual({ mimeType: "image/png", data: PIXEL });
});

const budget = (
  maxOutputTokens: number,
  thinkingConfig: JsonObject = { includeThoughts: true, thinkingBudget: 2000 },
) => ({
  generationConfig: { maxOutputTokens, thinkingConfig },
});

test.each<[string, object, boolean]>([
  [C, budget(9000), true],
  [C, { generationConfig: { maxOutputTokens: 9000 } }, false],
  [PRO, budget(9000), true],
  [PRO, budget(9000, { includeThoughts: false, thinkingBudget: 128 }), false],
  ["gemini-2.5-flash", budget(9000, { thinkingBudget: 0 }), false],
])("%s shows thoughts when it thinks and is asked to (%j)", async (model, more, shows) => {
  const answer = await ask(model, [user({ text: "Why?" })], more);
  expect(partsOf(answer).some((part) => part.thought)).toBe(shows);
  const usage = eventsOf(answer).at(-1)?.response?.usageMetadata;
  const countsThoughts = model === PRO;
  expect((usage?.thoughtsTokenCount ?? 0) !== 0).toBe(countsThoughts);
});

test("max_tokens cuts the answer, calls included", async () => {
  const answer = await ask(C, [user({ text: "[[long 400]]" })], {
    generationConfig: { maxOutputTokens: 10 },
  });
  expect(textOf(answer)).toHaveLength(40);
  expect(finishOf(answer)).toBe("MAX_TOKENS");
  const called = await ask(C, [user({ text: '[[call Read {"path":"a long argument"}]]' })], {
    ...declare("Read"),
    generationConfig: { maxOutputTokens: 2 },
  });
  expect([callsOf(called).length, finishOf(called)]).toEqual([0, "MAX_TOKENS"]);
});

test("a thought that is cut short has no signature", async () => {
  const answer = await ask(
    C,
    [user({ text: `[[think ${"t".repeat(6000)}]]` })],
    budget(1100, { includeThoughts: true, thinkingBudget: 1024 }),
  );
  expect(partsOf(answer).some((part) => part.thoughtSignature)).toBe(false);
  expect(finishOf(answer)).toBe("MAX_TOKENS");
});

test("a stop sequence ends the text before it", async () => {
  const answer = await ask(C, [user({ text: "[[text one STOP two]]" })], {
    generationConfig: { stopSequences: ["STOP"] },
  });
  expect([textOf(answer), finishOf(answer)]).toEqual(["one ", "STOP"]);
});

test("[[finish …]] and [[think …]] in the order of the text", async () => {
  const text = "[[think First.]][[text So:]][[think Second.]][[text End.]][[finish RECITATION]]";
  const answer = await ask(C, [user({ text })], budget(9000));
  const kinds = partsOf(answer)
    .filter((part) => part.text !== "")
    .map((part) => (part.thought ? "thought" : "text"));
  expect(kinds).toEqual(["thought", "text", "thought", "text"]);
  expect(finishOf(answer)).toBe("RECITATION");
});

test("a request to summarise the conversation gets one, without asking for calls again", async () => {
  const contents = [
    user({ text: 'Do [[call Read {"path":"a"}]]' }),
    { role: "model", parts: [{ text: "Done." }] },
    user({ text: "Your task is to create a detailed summary of the conversation so far" }),
  ];
  const text = textOf(await ask(C, contents, declare("Read")));
  expect(text).toMatch(/^<summary>/);
  expect(text).toContain("1. The user said");
  expect(text).not.toContain("[[");
});

test("[[delay]] and eventDelayMs wait between events", async () => {
  const slow = await startEmulator({ eventDelayMs: 1 });
  try {
    const answer = await new TestClient(slow).say(C, "[[text a text of several events, cut]]");
    expect(textOf(answer)).toBe("a text of several events, cut");
  } finally {
    await slow.close();
  }
  expect(textOf(await client.say(C, "[[delay 1]][[text a b c]]"))).toBe("a b c");
});
