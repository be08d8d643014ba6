import Anthropic, {
  APIUserAbortError,
  AuthenticationError,
  BadRequestError,
  NotFoundError,
} from "@anthropic-ai/sdk";
import { betaTool } from "@anthropic-ai/sdk/helpers/beta/json-schema";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { runAgp } from "../support/agp.ts";
import { startWorld, type World } from "../support/world.ts";

const MODEL = "claude-sonnet-4-6";
const THINKING = { type: "enabled", budget_tokens: 2000 } as const;
const WEATHER: Anthropic.Tool = {
  name: "get_weather",
  description: "The weather in a city",
  input_schema: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
};
const CALLS = 'Compare. [[call get_weather {"city":"Paris"}]] [[call get_weather {"city":"Rome"}]]';

let world: World;
let client: Anthropic;
beforeAll(async () => {
  world = await startWorld();
  client = clientOf(world);
}, 60_000);
afterAll(() => world.close());

/** Retries are the server's part; here they would only hide an error. */
function clientOf({ url }: World, apiKey = "test"): Anthropic {
  return new Anthropic({ baseURL: url, apiKey, maxRetries: 0 });
}

function hello(content: string): Anthropic.MessageCreateParamsNonStreaming {
  return { model: MODEL, max_tokens: 8000, messages: [{ role: "user", content }] };
}

const generates = () =>
  world.emulator.requests.filter(({ rpc }) => rpc === "streamGenerateContent");

describe("messages", () => {
  test("create answers a message with text, usage and the request's id", async () => {
    const answer = await client.messages.create(hello("Say [[text Good day]]"));
    expect(answer).toMatchObject({
      type: "message",
      role: "assistant",
      model: MODEL,
      stop_reason: "end_turn",
      content: [{ type: "text", text: "Good day" }],
    });
    expect(answer.usage.input_tokens).toBeGreaterThan(0);
    expect(answer.usage.output_tokens).toBeGreaterThan(0);
    expect(answer._request_id).toMatch(/^req_/);
  });

  test.each([MODEL, "gemini-3-flash"])(
    "the final message of a stream is what its events tell (%s)",
    async (model) => {
      const stream = client.messages.stream({ ...hello("[[long 3000]]"), model });
      let told = "";
      stream.on("text", (delta) => (told += delta));
      const final = await stream.finalMessage();
      expect(told).toContain("word100 ");
      expect(final.content.find((block) => block.type === "text")?.text).toBe(told);
      expect(final.stop_reason).toBe("end_turn");
    },
  );

  test("a stream and a whole answer say the same", async () => {
    const params = { ...hello("[[think Hm.]] [[text Yes]]"), thinking: THINKING };
    const streamed = await client.messages.stream(params).finalMessage();
    const whole = await client.messages.create(params);
    // A signature is a new one with each answer.
    const said = ({ content }: Anthropic.Message) =>
      content.map((block) => (block.type === "thinking" ? block.thinking : block));
    expect(said(streamed)).toEqual(said(whole));
    expect(said(whole)).toHaveLength(2);
  });

  test("create with stream: true is iterated", async () => {
    const types: string[] = [];
    for await (const event of await client.messages.create({ ...hello("Hi"), stream: true })) {
      types.push(event.type);
    }
    expect(types[0]).toBe("message_start");
    expect(types.at(-1)).toBe("message_stop");
  });

  test("thinking comes as a signed block before the text, and goes back", async () => {
    const first = hello("[[think I weigh it.]] [[text So be it]]");
    const answer = await client.messages.stream({ ...first, thinking: THINKING }).finalMessage();
    expect(answer.content).toMatchObject([
      { type: "thinking", thinking: "I weigh it.", signature: expect.stringMatching(/^.{20,}$/) },
      { type: "text", text: "So be it" },
    ]);
    const messages = [
      ...first.messages,
      { role: "assistant", content: answer.content } as const,
      { role: "user", content: "Go on" } as const,
    ];
    const next = await client.messages.create({ ...first, thinking: THINKING, messages });
    expect(next.stop_reason).toBe("end_turn");
  });

  test("parallel calls, and a second turn with their results", async () => {
    const params = { ...hello(CALLS), tools: [WEATHER], thinking: THINKING };
    const answer = await client.messages.stream(params).finalMessage();
    const calls = answer.content.filter((block) => block.type === "tool_use");
    expect(answer.stop_reason).toBe("tool_use");
    expect(calls.map(({ input }) => input)).toEqual([{ city: "Paris" }, { city: "Rome" }]);
    const results = calls.map(({ id }, index) => ({
      type: "tool_result" as const,
      tool_use_id: id,
      content: `${index + 18} degrees`,
    }));
    const last = await client.messages.create({
      ...params,
      messages: [
        ...params.messages,
        { role: "assistant", content: answer.content },
        { role: "user", content: results },
      ],
    });
    const text = last.content.find((block) => block.type === "text")?.text;
    expect(text).toContain('"18 degrees"');
    expect(text).toContain('"19 degrees"');
  });

  test("count_tokens grows with the request", async () => {
    const count = async (content: string) =>
      (await client.messages.countTokens({ model: MODEL, messages: [{ role: "user", content }] }))
        .input_tokens;
    expect(await count("foo ".repeat(100))).toBeGreaterThan(await count("foo"));
  });
});

test("the tool runner offers a thread, is refused, and goes on without", async () => {
  const bodies: Record<string, unknown>[] = [];
  const statuses: number[] = [];
  const cities: string[] = [];
  const watched = new Anthropic({
    baseURL: world.url,
    apiKey: "test",
    maxRetries: 0,
    fetch: async (input, init) => {
      if (typeof init?.body === "string") bodies.push(JSON.parse(init.body));
      const response = await fetch(input, init);
      statuses.push(response.status);
      return response;
    },
  });
  const weather = betaTool({
    name: "get_weather",
    description: "The weather in a city",
    inputSchema: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
    run: ({ city }) => {
      cities.push(city);
      return `${city}: 18 degrees`;
    },
  });
  const final = await watched.beta.messages.toolRunner({ ...hello(CALLS), tools: [weather] });
  expect(cities.toSorted()).toEqual(["Paris", "Rome"]);
  expect(final.content.at(-1)).toMatchObject({ text: expect.stringContaining("Rome: 18 degrees") });
  expect(bodies[0]).toHaveProperty("thread");
  expect(statuses).toEqual([400, 200, 200]);
  expect(bodies.slice(1).some((body) => "thread" in body)).toBe(false);
});

describe("models", () => {
  test("the list is iterated over its pages", async () => {
    const ids: string[] = [];
    for await (const { id } of client.models.list({ limit: 4 })) ids.push(id);
    const page = await client.models.list({ limit: 1000 });
    expect(ids).toEqual(page.data.map(({ id }) => id));
    expect(ids.length).toBeGreaterThan(4);
    expect(ids).toContain(MODEL);
  });

  test("one model is retrieved; an unknown one is a NotFoundError", async () => {
    expect(await client.models.retrieve(MODEL)).toMatchObject({ type: "model", id: MODEL });
    await expect(client.models.retrieve("gpt-9")).rejects.toThrow(NotFoundError);
  });
});

describe("errors", () => {
  test("an unknown model is a NotFoundError with the server's own id", async () => {
    const error: unknown = await client.messages
      .create({ ...hello("Hi"), model: "gpt-9" })
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(NotFoundError);
    expect(error).toMatchObject({ type: "not_found_error", status: 404 });
    expect((error as NotFoundError).requestID).toMatch(/^req_/);
  });

  test.each([false, true])("a bad request is a BadRequestError (stream: %s)", async (isStream) => {
    const params = { ...hello("Hi"), max_tokens: -1 };
    const call = isStream
      ? client.messages.stream(params).finalMessage()
      : client.messages.create(params);
    const error: unknown = await call.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(BadRequestError);
    expect(error).toMatchObject({ type: "invalid_request_error" });
    expect((error as BadRequestError).message).toContain("max_tokens");
    expect((error as BadRequestError).requestID).toMatch(/^req_/);
  });

  test("a wrong key is an AuthenticationError once there are users", async () => {
    const closed = await startWorld();
    try {
      const created = await runAgp(["users", "create", "ann"], { dataDir: closed.dataDir });
      const key = /sk-proxy-\S+/.exec(created.out)?.[0];
      expect(key).toBeDefined();
      const answer = await clientOf(closed, key).messages.create(hello("Hi"));
      expect(answer.stop_reason).toBe("end_turn");
      await expect(clientOf(closed, "sk-proxy-wrong").messages.create(hello("Hi"))).rejects.toThrow(
        AuthenticationError,
      );
    } finally {
      await closed.close();
    }
  }, 60_000);
});

test("abort of a stream ends the call to the backend", async () => {
  const stream = client.messages.stream(hello("[[text Begin]] [[gate sdk-abort]] [[text End]]"));
  const failure = stream.finalMessage().catch((reason: unknown) => reason);
  await world.emulator.waitFor(
    (event) => event.type === "gate" && event.name === "sdk-abort",
    AbortSignal.timeout(10_000),
  );
  const number = generates().at(-1)?.number;
  stream.abort();
  expect(await failure).toBeInstanceOf(APIUserAbortError);
  await world.emulator.waitFor(
    (event) => event.type === "aborted" && event.request.number === number,
    AbortSignal.timeout(2000),
  );
});
