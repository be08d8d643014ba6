import { collectMessage } from "@agp/core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { message, request, stream } from "../support/client.ts";
import { THINKING, WEATHER } from "../support/conversation.ts";
import { startWorld, type World } from "../support/world.ts";

const SAID =
  '[[think Let me see.]] [[text Two cities.]] [[call get_weather {"city":"Oslo"}]] [[call get_weather {"city":"Rome"}]]';

let world: World;
beforeAll(async () => {
  world = await startWorld();
}, 60_000);
afterAll(() => world.close());

function asking(content: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  const messages = [{ role: "user", content }];
  return request({ ...THINKING, tools: [WEATHER], messages, ...more });
}

function open(content: string, signal: AbortSignal): Promise<Response> {
  return fetch(`${world.url}/v1/messages`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(asking(content, { stream: true })),
    signal,
  });
}

/** The call to the backend that waits at a gate. */
async function callAtGate(name: string): Promise<number> {
  const event = await world.emulator.waitFor(
    (candidate) => candidate.type === "gate" && candidate.name === name,
    AbortSignal.timeout(10_000),
  );
  return event.request.number;
}

/** Reads until the text was seen; what was read so far. */
async function readUntil(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  text: string,
): Promise<string> {
  const decoder = new TextDecoder();
  let seen = "";
  while (!seen.includes(text)) {
    const { done, value } = await reader.read();
    if (done) throw new Error(`the stream ended before ${JSON.stringify(text)}: ${seen}`);
    seen += decoder.decode(value, { stream: true });
  }
  return seen;
}

test("every event is one frame of an event line and a data line, and no ping is among them", async () => {
  const response = await open("[[long 2000]]", AbortSignal.timeout(15_000));
  expect(response.headers.get("content-type")).toMatch(/^text\/event-stream/);
  expect(response.headers.get("request-id")).toMatch(/^req_/);
  const frames = (await response.text()).split("\n\n");
  expect(frames.pop()).toBe("");
  const types = frames.map((frame) => {
    const [, name, data = ""] = /^event: (\w+)\ndata: (\{[^\n]*\})$/.exec(frame) ?? [];
    expect((JSON.parse(data) as { type: string }).type).toBe(name);
    return name;
  });
  expect(types[0]).toBe("message_start");
  expect(types.at(-1)).toBe("message_stop");
  expect(types).not.toContain("ping");
});

test.each(["claude-sonnet-4-6", "gemini-3-flash", "gpt-oss-120b-medium"])(
  "a whole message is the collected stream (%s)",
  async (model) => {
    const events = await stream(world.url, asking(SAID, { model }));
    const streamed = collectMessage(events);
    const whole = await message(world.url, asking(SAID, { model }));
    expect(streamed.content.filter(({ type }) => type === "tool_use")).toHaveLength(2);
    expect(comparable(streamed)).toEqual(comparable(whole));
  },
);

/** Ids and signatures are new ones in each answer, and what is cached grows. */
function comparable(answer: ReturnType<typeof collectMessage>) {
  const content = answer.content.map((block) =>
    JSON.stringify(block, (key, value: unknown) =>
      key === "id" || key === "signature" ? typeof value : value,
    ),
  );
  return { content, stop_reason: answer.stop_reason, output: answer.usage.output_tokens };
}

test("what the backend said is passed on before it goes on", async () => {
  const response = await open(
    "[[think Hm.]] [[text Early words]] [[gate stream-early]] [[text Late words]]",
    AbortSignal.timeout(15_000),
  );
  const reader = response.body?.getReader();
  if (reader === undefined) throw new Error("no body");
  await callAtGate("stream-early");
  expect(await readUntil(reader, "words")).not.toContain("Late");
  world.emulator.openGate("stream-early");
  expect(await readUntil(reader, "message_stop")).toContain("Late");
});

test("a client that goes in mid-stream ends the call to the backend", async () => {
  const leaving = new AbortController();
  const response = await open("[[text Begin]] [[gate stream-stop]] [[text End]]", leaving.signal);
  const number = await callAtGate("stream-stop");
  leaving.abort();
  await expect(response.text()).rejects.toThrow(/abort/i);
  await world.emulator.waitFor(
    (event) => event.type === "aborted" && event.request.number === number,
    AbortSignal.timeout(2000),
  );
});

test("a failure in mid-stream is an error event, and no message_stop follows", async () => {
  const response = await open("[[fault error-in-stream times=9]]", AbortSignal.timeout(15_000));
  const text = await response.text();
  expect(response.status).toBe(200);
  expect(text).toMatch(/event: error\ndata: \{"type":"error","error":\{"type":"\w+"/);
  expect(text).not.toContain("message_stop");
});
