import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { loadConfig, startServer } from "@agp/server";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";

import { message, post, request, stream } from "../support/client.ts";
import { startWorld, type World } from "../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await startWorld({ accounts: 2 });
});
afterAll(() => world.close());

const generates = () =>
  world.emulator.requests.filter(({ rpc }) => rpc === "streamGenerateContent");

const THINKING = { thinking: { type: "enabled", budget_tokens: 2000 }, max_tokens: 8000 };
const WEATHER = {
  name: "get_weather",
  description: "The weather in a city",
  input_schema: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
};
const CALLS = 'Compare. [[call get_weather {"city":"Paris"}]] [[call get_weather {"city":"Rome"}]]';

test("P1: accepts Messages API requests and answers a message", async () => {
  const answer = await post(world.url, request());
  expect(answer.status).toBe(200);
  expect(answer.body).toMatchObject({
    type: "message",
    role: "assistant",
    model: "claude-sonnet-4-6",
    stop_reason: "end_turn",
  });
  expect(answer.headers.get("request-id")).toMatch(/^req_[0-9A-Za-z]{24}$/);
});

test("P2: the backend sees the account's own bearer token", async () => {
  await message(world.url, request());
  const last = generates().at(-1);
  expect(last?.email).toMatch(/^user\d@example\.test$/);
});

test("P3: the backend accepts the envelope: project, model, request", async () => {
  await message(world.url, request({ system: "Be brief." }));
  expect(generates().at(-1)?.body).toMatchObject({
    project: expect.any(String),
    model: "claude-sonnet-4-6",
    requestType: "agent",
    request: { systemInstruction: { parts: [{ text: "Be brief." }] } },
  });
});

test("P4: the first generate call goes to the daily endpoint", async () => {
  await message(world.url, request());
  expect(generates()[0]?.endpoint).toBe("daily");
});

test("the User-Agent names this project, and nothing else", async () => {
  await message(world.url, request());
  expect(generates().at(-1)?.headers["user-agent"]).toMatch(/^antigravity-claude-proxy\//);
});

test("P5: a stream with thinking and tools obeys the grammar and ends in tool_use", async () => {
  const events = await stream(
    world.url,
    request({ ...THINKING, tools: [WEATHER], messages: [{ role: "user", content: CALLS }] }),
  );
  const starts = events.filter((event) => event.type === "content_block_start");
  const kinds = starts.map(({ content_block }) => content_block.type);
  expect(kinds[0]).toBe("thinking");
  expect(kinds.filter((kind) => kind === "tool_use")).toHaveLength(2);
  const signatures = events.filter(
    (event) => event.type === "content_block_delta" && event.delta.type === "signature_delta",
  );
  expect(signatures).toHaveLength(1);
  expect(events.find((event) => event.type === "message_delta")?.delta.stop_reason).toBe(
    "tool_use",
  );
});

test.each(["claude-sonnet-4-6", "gemini-3-flash", "gemini-2.5-pro"])(
  "P34: a tool loop of several steps with thinking goes through the strict backend (%s)",
  async (model) => {
    const messages: unknown[] = [{ role: "user", content: CALLS }];
    const base = request({ ...THINKING, model, tools: [WEATHER] });
    for (let step = 0; step < 2; step += 1) {
      const answer = await message(world.url, { ...base, messages });
      const calls = answer.content.filter((block) => block.type === "tool_use");
      messages.push({ role: "assistant", content: answer.content });
      if (calls.length === 0) break;
      messages.push({
        role: "user",
        content: calls.map(({ id }) => ({
          type: "tool_result",
          tool_use_id: id,
          content: "18 degrees",
        })),
      });
    }
    const last = await message(world.url, {
      ...base,
      messages: [
        ...messages,
        ...(messages.length % 2 === 0 ? [{ role: "user", content: "Thanks" }] : []),
      ],
    });
    expect(last.stop_reason).toBe("end_turn");
  },
);

test("a conversation changes from Claude to Gemini and back", async () => {
  const messages: unknown[] = [{ role: "user", content: CALLS }];
  for (const model of ["claude-sonnet-4-6", "gemini-3-flash", "claude-opus-4-6-thinking"]) {
    const answer = await message(
      world.url,
      request({ ...THINKING, model, tools: [WEATHER], messages }),
    );
    messages.push({ role: "assistant", content: answer.content });
    const calls = answer.content.filter((block) => block.type === "tool_use");
    messages.push({
      role: "user",
      content:
        calls.length === 0
          ? "And now?"
          : calls.map(({ id }) => ({
              type: "tool_result",
              tool_use_id: id,
              content: "18 degrees",
            })),
    });
  }
  const served = generates()
    .slice(-3)
    .map((call) => call.model);
  expect(served).toEqual(["claude-sonnet-4-6", "gemini-3-flash", "claude-opus-4-6-thinking"]);
});

test("P35: a conversation stays on its account, also after a restart", async () => {
  const messages = [{ role: "user", content: "Stay with me, please" }];
  await message(world.url, request({ messages }));
  const account = generates().at(-1)?.email;
  const more = [
    ...messages,
    { role: "assistant", content: "Yes." },
    { role: "user", content: "And again" },
  ];
  await message(world.url, request({ messages: more }));
  await world.restart();
  await message(world.url, request({ messages: more }));
  expect(
    generates()
      .slice(-3)
      .map((call) => call.email),
  ).toEqual([account, account, account]);
});

test("P39: the second turn of a conversation reads from the prompt cache", async () => {
  const system = "You are thorough. ".repeat(500);
  const messages: unknown[] = [{ role: "user", content: "A long conversation" }];
  const first = await message(world.url, request({ system, messages }));
  messages.push({ role: "assistant", content: first.content }, { role: "user", content: "Go on" });
  const second = await message(world.url, request({ system, messages }));
  expect(
    new Set(
      generates()
        .slice(-2)
        .map((call) => call.email),
    ).size,
  ).toBe(1);
  expect(second.usage.cache_read_input_tokens).toBeGreaterThan(1000);
});

test("P40: a copy of the data directory serves the same accounts", async () => {
  const copy = mkdtempSync(join(tmpdir(), "agp-copy-"));
  cpSync(world.dataDir, copy, { recursive: true });
  const config = loadConfig({ env: { ...world.emulator.environment, PORT: "0" }, dataDir: copy });
  const server = await startServer({ config, logger: pino({ level: "silent" }) });
  try {
    expect((await message(server.url, request())).type).toBe("message");
  } finally {
    await server.stop(0);
    rmSync(copy, { recursive: true, force: true });
  }
});

test("an unknown model is a 404 that names the nearest known ones", async () => {
  const answer = await post(world.url, request({ model: "gemini-9-flush" }));
  expect(answer.status).toBe(404);
  expect((answer.body["error"] as { message: string }).message).toMatch(
    /^model: gemini-9-flush.*gemini-/s,
  );
});

test("count_tokens is answered locally and grows with the request", async () => {
  const count = async (messages: unknown[]) => {
    const response = await fetch(`${world.url}/v1/messages/count_tokens?beta=true`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model: "claude-sonnet-4-6", messages }),
    });
    return ((await response.json()) as { input_tokens: number }).input_tokens;
  };
  const before = generates().length;
  const short = await count([{ role: "user", content: "foo" }]);
  const long = await count([{ role: "user", content: "foo ".repeat(100) }]);
  expect(long).toBeGreaterThan(short);
  expect(generates()).toHaveLength(before);
});

test("the log has one line per request, with figures and without content", async () => {
  await message(
    world.url,
    request({ messages: [{ role: "user", content: "a very private sentence" }] }),
  );
  const lines = world.log.filter(({ msg }) => msg === "request");
  expect(lines.at(-1)).toMatchObject({
    status: 200,
    model: "claude-sonnet-4-6",
    output: expect.any(Number),
  });
  expect(JSON.stringify(world.log)).not.toContain("private sentence");
});
