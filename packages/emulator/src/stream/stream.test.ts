import { once } from "node:events";
import { readFileSync } from "node:fs";
import { request as httpRequest, type ClientRequest, type IncomingMessage } from "node:http";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  eventsOf,
  partsOf,
  TestClient,
  textOf,
  type TestAnswer,
} from "../__fixtures__/test-client.ts";
import { startEmulator, type Emulator } from "../emulator.ts";
import { FAULTS, type FaultName } from "../scenario/faults.ts";
import { HTTP_ERRORS } from "../scenario/http-errors.ts";

const C = "claude-sonnet-4-6";
const LONG = { answer: [{ text: "lo — 你好 🙂 ".repeat(30) }] };
let emulator: Emulator;
let client: TestClient;

beforeEach(async () => {
  emulator = await startEmulator();
  client = new TestClient(emulator);
});

afterEach(async () => {
  await emulator.close();
});

function withFault(fault: FaultName, model = C): Promise<TestAnswer> {
  emulator.enqueue({ fault, times: 1 });
  return client.say(model, "Hi");
}

/** Opens a stream and gives the hand on it, for calls that never end by themselves. */
async function open(text: string): Promise<{ call: ClientRequest; response: IncomingMessage }> {
  const contents = [{ role: "user", parts: [{ text }] }];
  const call = httpRequest(`${emulator.url}/v1internal:streamGenerateContent?alt=sse`, {
    method: "POST",
    agent: false,
    headers: { authorization: `Bearer ${client.token}`, "content-type": "application/json" },
  });
  call.on("error", () => undefined);
  call.end(JSON.stringify(client.envelope(C, { contents })));
  const [response] = (await once(call, "response")) as [IncomingMessage];
  return { call, response };
}

test("frames end in CRLF and come one by one", async () => {
  const answer = await client.say(C, "[[text one two three four five six seven]]");
  expect(answer.headers["content-type"]).toBe("text/event-stream");
  expect(answer.headers["x-cloudaicompanion-trace-id"]).toMatch(/^[0-9a-f]{16}$/);
  expect(answer.text.replaceAll("\r\n", "")).not.toContain("\n");
  expect(answer.pieces.length).toBeGreaterThan(1);
  expect(eventsOf(answer).length).toBe(3);
});

test("without alt=sse the answer is one JSON array, with generateContent one object", async () => {
  const contents = [{ role: "user", parts: [{ text: "[[text one two three four five six]]" }] }];
  const array = await client.call("streamGenerateContent", client.envelope(C, { contents }));
  expect(array.headers["content-type"]).toContain("application/json");
  expect(array.json).toHaveLength(3);
  const one = await client.call("generateContent", client.envelope(C, { contents }));
  expect(one.json.response.candidates).toEqual([
    {
      content: { role: "model", parts: [{ text: "one two three four five six" }] },
      finishReason: "STOP",
    },
  ]);
  expect(one.json.response.usageMetadata.candidatesTokenCount).toBeGreaterThan(5);
});

test("generateContent has no thoughts for Claude, and has them for Gemini", async () => {
  const generationConfig = {
    maxOutputTokens: 9000,
    thinkingConfig: { includeThoughts: true, thinkingBudget: 2000 },
  };
  const contents = [{ role: "user", parts: [{ text: "Hi" }] }];
  for (const [model, count] of [
    [C, 0],
    ["gemini-3-flash", 1],
  ] as const) {
    const body = client.envelope(model, { contents, generationConfig });
    const answer = await client.call("generateContent", body);
    const parts = answer.json.response.candidates[0].content.parts as { thought?: boolean }[];
    expect(parts.filter((part) => part.thought)).toHaveLength(count);
  }
});

test.each(["bytes:1", "bytes:7", "bytes:1000", "events:3", "random:5"] as const)(
  "cut in %s the bytes are the same",
  async (cuts) => {
    const whole = await client.say(C, "[[long 300]]");
    emulator.enqueue({ transport: { cuts } });
    const cut = await client.say(C, "[[long 300]]");
    expect(textOf(cut)).toBe(textOf(whole));
    expect(new Set(cut.pieces)).not.toEqual(new Set(whole.pieces));
  },
);

test("gzip is honoured, flushed for each event", async () => {
  const contents = [{ role: "user", parts: [{ text: "[[long 300]]" }] }];
  const answer = await client.stream(client.envelope(C, { contents }), {
    "accept-encoding": "gzip",
  });
  expect(answer.headers["content-encoding"]).toBe("gzip");
  expect(answer.pieces.length).toBeGreaterThan(5);
  expect(textOf(answer)).toMatch(/^word1 /);
});

test.each<[FaultName, RegExp]>([
  ["reset-after-headers", /^$/],
  ["reset-between-events", /\r\n\r\n$/],
  ["reset-mid-event", /[^\n]$/],
  ["close-mid-event", /[^\n]$/],
])("%s breaks the connection", async (fault, end) => {
  emulator.enqueue({ ...LONG, fault });
  const answer = await client.say(C, "Hi");
  expect(answer.status).toBe(200);
  expect(answer.broken).toBeDefined();
  expect(answer.text).toMatch(end);
});

test("reset-before-headers gives no status at all", async () => {
  const answer = await withFault("reset-before-headers");
  expect(answer.status).toBe(0);
  expect(answer.broken).toMatch(/ECONNRESET|hang up/);
});

test("reset-mid-utf8 stops inside of a character", async () => {
  const answer = await withFault("reset-mid-utf8");
  expect(answer.broken).toBeDefined();
  expect(answer.bytes.at(-1)).toBeGreaterThan(0x7f);
  expect(answer.text.at(-1)).toBe("\ufffd");
});

test("truncated-json ends cleanly in the middle of an event", async () => {
  emulator.enqueue({ ...LONG, fault: "truncated-json" });
  const answer = await client.say(C, "Hi");
  expect(answer.broken).toBeUndefined();
  expect(answer.text).toMatch(/[^\n]$/);
});

test("an answer can be cut after a number of bytes", async () => {
  emulator.enqueue({ ...LONG, transport: { cut: { afterBytes: 1000, ending: "reset" } } });
  const answer = await client.say(C, "Hi");
  expect(answer.bytes.length).toBe(1000);
  expect(answer.broken).toBeDefined();
});

test.each<[FaultName, number]>([
  ["stall", 1],
  ["stall-after-headers", 0],
])("%s stays silent until the client goes, and the journal sees it go", async (fault, events) => {
  emulator.enqueue({ fault });
  const { call, response } = await open("Hi");
  if (events > 0) await once(response, "data");
  call.destroy();
  const event = await emulator.waitFor((candidate) => candidate.type === "aborted");
  expect(event.request.rpc).toBe("streamGenerateContent");
});

test("a client that goes away in mid-stream is seen as aborted", async () => {
  const { call, response } = await open("[[long 100]][[gate middle]][[text end]]");
  await once(response, "data");
  await emulator.waitFor((event) => event.type === "gate" && event.name === "middle");
  call.destroy();
  const event = await emulator.waitFor((candidate) => candidate.type === "aborted");
  expect(event.request.status).toBe(200);
});

test("a gate holds the stream until it is opened", async () => {
  const { response } = await open("[[text before]][[gate here]][[text after]]");
  let text = "";
  response.on("data", (chunk: Buffer) => {
    text += chunk.toString();
  });
  await emulator.waitFor((event) => event.type === "gate");
  expect(text).not.toContain("after");
  emulator.openGate("here");
  await once(response, "end");
  expect(text).toContain("after");
});

test("waiting for an event that never comes ends with the signal", async () => {
  const controller = new AbortController();
  const waiting = emulator.waitFor(() => false, controller.signal);
  controller.abort(new Error("enough"));
  await expect(waiting).rejects.toThrow("enough");
});

test("framing-noise is fixture 30, byte for byte in its kinds of lines", async () => {
  const answer = await withFault("framing-noise");
  const fixture = readFileSync(
    new URL("../__fixtures__/30-framing-noise.sse", import.meta.url),
    "utf8",
  );
  const kinds = (text: string): string[] =>
    text.split(/(?<=\n)/).map((line) => line.replace(/^(data:\s*)[{"}\] ].*?(\r?\n|$)/s, "$1…$2"));
  expect(new Set(kinds(answer.text))).toEqual(new Set(kinds(fixture)));
  expect(answer.text.endsWith("}")).toBe(true);
});

test("empty answers: no events, no candidates, an empty text", async () => {
  expect((await withFault("no-events")).text).toBe("");
  expect(eventsOf(await withFault("no-candidates"))[0]?.response?.candidates).toEqual([]);
  expect(partsOf(await withFault("empty"))).toEqual([{ text: "" }]);
});

test("error-first is an error object as the only event of a 200", async () => {
  const answer = await withFault("error-first");
  expect(answer.status).toBe(200);
  expect(eventsOf(answer)).toEqual([
    { error: expect.objectContaining({ code: 503, status: "UNAVAILABLE" }) },
  ]);
});

test("the client gate is the whole text, without usage", async () => {
  const [event] = eventsOf(await withFault("client-gate"));
  expect(event?.response).not.toHaveProperty("usageMetadata");
  expect(event?.response?.candidates?.[0]?.content?.parts?.[0]?.text).toMatch(
    /^This version of Antigravity is no longer supported/,
  );
});

test("unknown parts and fields stand between known ones", async () => {
  const answer = await withFault("unknown-parts");
  expect(textOf(answer)).toBe("Known text with more");
  expect(answer.text).toContain('"hologram"');
});

test.each(Object.keys(FAULTS).filter((name) => !name.startsWith("stall")))(
  "fault %s leaves a server that answers the next call",
  async (name) => {
    // Names of the table.
    emulator.enqueue({ fault: name as FaultName, times: 1 });
    await client.say(C, "Hi");
    expect((await client.say(C, "Hi")).status).toBe(200);
  },
);

test.each(Object.keys(HTTP_ERRORS))("HTTP error %s can be asked for in the text", async (name) => {
  const status = Number(name.slice(0, 3));
  const first = await client.say(C, `[[fault ${name}]] and then answer`);
  expect(first.status).toBe(status);
  const second = await client.say(C, `[[fault ${name}]] and then answer`);
  expect(second.status).toBe(200);
});

test("[[fault … times=2]] serves two calls", async () => {
  const statuses: number[] = [];
  for (let count = 0; count < 3; count += 1) {
    statuses.push((await client.say(C, "[[fault 503-unavailable times=2]]")).status);
  }
  expect(statuses).toEqual([503, 503, 200]);
});

test("scenarios match by model, endpoint, account, text and count", async () => {
  const say = async (model: string, text: string): Promise<string> =>
    textOf(await client.say(model, text));
  emulator.enqueue(
    { when: { model: "gemini-3-flash" }, answer: [{ text: "flash" }] },
    { when: { endpoint: "prod" }, answer: [{ text: "prod" }] },
    { when: { account: "nobody@x.y" }, answer: [{ text: "nobody" }] },
    { when: { lastUserTextIncludes: "second", nth: 2 }, answer: [{ text: "twice" }] },
    { answer: [{ text: "once" }], times: 1 },
  );
  expect(await say("gemini-3-flash", "Hi")).toBe("flash");
  expect(await say(C, "a second")).toBe("once");
  expect(await say(C, "a second")).toBe("twice");
  expect(await say(C, "a second")).toMatch(/^You said/);
  emulator.reset();
  expect(await say("gemini-3-flash", "Hi")).toMatch(/^You said/);
});

test("a scenario may change how the default brain answers", async () => {
  emulator.enqueue({ chunkChars: 3, finishReason: "MAX_TOKENS", usage: null });
  const answer = await client.say(C, "[[text abcdef]]");
  expect(partsOf(answer).map((part) => part.text)).toEqual(["abc", "def", ""]);
  expect(answer.text).toContain('"finishReason":"MAX_TOKENS"');
  expect(answer.text).not.toContain("usageMetadata");
});

test("a bench order streams as many events of about 210 bytes, unchecked", async () => {
  const answer = await client.stream(`{"no envelope": "[[bench events=50 perWrite=8]]"}`);
  const events = eventsOf(answer);
  expect(events).toHaveLength(50);
  expect(events.at(-1)?.response?.candidates?.[0]?.finishReason).toBe("STOP");
  const eventBytes = answer.text.indexOf("\r\n\r\n") + 4;
  expect(eventBytes).toBeGreaterThan(195);
  expect(eventBytes).toBeLessThan(225);
});

test("a body over the limit is a 413, as the front end gives it", async () => {
  const small = await startEmulator({ maxBodyBytes: 1000 });
  try {
    const answer = await new TestClient(small).say(C, "x".repeat(2000));
    expect([answer.status, answer.text]).toEqual([413, "<html><title>413</title></html>"]);
  } finally {
    await small.close();
  }
});

test("the journal keeps the last calls only", async () => {
  const small = await startEmulator({ keepRequests: 10 });
  try {
    const caller = new TestClient(small);
    for (let count = 0; count < 15; count += 1) await caller.call("loadCodeAssist", {});
    expect(small.requests.length).toBeLessThanOrEqual(11);
    expect(small.requests.at(-1)?.number).toBe(15);
  } finally {
    await small.close();
  }
});
