import { afterAll, beforeAll, expect, test } from "vitest";

import { post, request } from "../support/client.ts";
import {
  callsOf,
  Conversation,
  lastContents,
  lastParts,
  resultsOf,
  textOf,
  THINKING,
  WEATHER,
} from "../support/conversation.ts";
import { startWorld, type World } from "../support/world.ts";

const TWO_CALLS = '[[call get_weather {"city":"Oslo"}]] [[call get_weather {"city":"Rome"}]]';

let world: World;
beforeAll(async () => {
  world = await startWorld();
}, 60_000);
afterAll(() => world.close());

test.each(["claude-sonnet-4-6", "gemini-3-flash"])(
  "ten turns with a tool call in each (%s)",
  async (model) => {
    const conversation = new Conversation(world, { ...THINKING, model, tools: [WEATHER] });
    for (let turn = 1; turn <= 10; turn += 1) {
      const called = await conversation.say(
        `Turn ${turn} [[call get_weather {"city":"City ${turn}"}]]`,
      );
      expect(callsOf(called).map(({ input }) => input)).toEqual([{ city: `City ${turn}` }]);
      const answer = await conversation.say(resultsOf(called, `${turn} degrees`));
      expect(textOf(answer)).toContain(`"${turn} degrees"`);
    }
    expect(lastParts(world).filter(({ functionCall }) => functionCall !== undefined)).toHaveLength(
      10,
    );
  },
);

test("results out of order still answer the right calls", async () => {
  const conversation = new Conversation(world, { tools: [WEATHER] });
  const called = await conversation.say(TWO_CALLS);
  const [oslo, rome] = callsOf(called);
  await conversation.say([
    { type: "tool_result", tool_use_id: rome?.id, content: "warm" },
    { type: "tool_result", tool_use_id: oslo?.id, content: "cold" },
  ]);
  const calls = lastParts(world).flatMap(({ functionCall }) => functionCall ?? []) as {
    id: string;
    args: { city: string };
  }[];
  const responses = lastParts(world).flatMap(({ functionResponse }) => functionResponse ?? []) as {
    id: string;
    response: { result: string };
  }[];
  const pairs = calls.map(({ id, args }) => [
    args.city,
    responses.find((response) => response.id === id)?.response.result,
  ]);
  expect(pairs).toEqual([
    ["Oslo", "cold"],
    ["Rome", "warm"],
  ]);
});

test("the failure of a tool reaches the model as a failure", async () => {
  const conversation = new Conversation(world, { tools: [WEATHER] });
  const called = await conversation.say('[[call get_weather {"city":"Atlantis"}]]');
  const [result] = resultsOf(called, "No such city");
  const answer = await conversation.say([{ ...result, is_error: true }]);
  expect(textOf(answer)).toContain('get_weather failed with "No such city"');
});

test("a result without its call, and a call without its result, are refused", async () => {
  const result = { type: "tool_result", tool_use_id: "toolu_unknown", content: "18" };
  const orphan = await post(
    world.url,
    request({ tools: [WEATHER], messages: [{ role: "user", content: [result] }] }),
  );
  expect(orphan.status).toBe(400);
  const conversation = new Conversation(world, { tools: [WEATHER] });
  await conversation.say(TWO_CALLS);
  const messages = [...conversation.messages, { role: "user", content: "Never mind" }];
  const open = await post(world.url, request({ tools: [WEATHER], messages }));
  expect(open.status).toBe(400);
  expect((open.body["error"] as { message: string }).message).toContain("tool_result");
});

test("consecutive messages of the user are one turn", async () => {
  const conversation = new Conversation(world);
  conversation.messages.push({ role: "user", content: "First part" });
  const answer = await conversation.say("Second part");
  expect(textOf(answer)).toContain("First part");
  expect(textOf(answer)).toContain("Second part");
  expect(lastContents(world).map(({ role }) => role)).toEqual(["user"]);
});

test("a system message in mid-conversation is a reminder in the user's turn", async () => {
  const conversation = new Conversation(world);
  await conversation.say("Hello");
  conversation.messages.push({ role: "system", content: "The build is red." });
  const answer = await conversation.say("And now? [[text Still here]]");
  expect(textOf(answer)).toBe("Still here");
  const last = lastContents(world).at(-1);
  expect(last?.role).toBe("user");
  expect(JSON.stringify(last?.parts)).toContain("<system-reminder>\\nThe build is red.");
});
