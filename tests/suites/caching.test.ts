import { afterAll, beforeAll, expect, test } from "vitest";

import {
  Conversation,
  lastContents,
  resultsOf,
  THINKING,
  WEATHER,
} from "../support/conversation.ts";
import { startWorld, type World } from "../support/world.ts";

const SYSTEM = "You are thorough. ".repeat(500);
const EPHEMERAL = { cache_control: { type: "ephemeral" } };

let world: World;
beforeAll(async () => {
  world = await startWorld();
}, 60_000);
afterAll(() => world.close());

/** Each test's conversation begins with another text, so that it has a cache of its own. */
function begin(model: string): Conversation {
  return new Conversation(world, { ...THINKING, model, system: SYSTEM, tools: [WEATHER] });
}

test.each(["claude-sonnet-4-6", "gemini-3-flash"])(
  "the second turn reads the first from the cache, and is not charged for it twice (%s)",
  async (model) => {
    const conversation = begin(model);
    const first = await conversation.say("What is caching?");
    expect(first.usage.cache_read_input_tokens).toBe(0);
    expect(first.usage.input_tokens).toBeGreaterThan(1000);
    const second = await conversation.say("Go on");
    const { cache_read_input_tokens: cached, input_tokens: fresh } = second.usage;
    expect(cached).toBeGreaterThan(1000);
    expect(fresh).toBeLessThan(first.usage.input_tokens);
  },
);

test.each(["claude-sonnet-4-6", "gemini-3-flash"])(
  "each step of a tool loop reads more from the cache (%s)",
  async (model) => {
    const conversation = begin(model);
    const called = await conversation.say('Loop [[call get_weather {"city":"Oslo"}]]');
    const step = await conversation.say(resultsOf(called, "cold ".repeat(200)));
    const next = await conversation.say("Thanks");
    expect(step.usage.cache_read_input_tokens).toBeGreaterThan(1000);
    expect(next.usage.cache_read_input_tokens).toBeGreaterThan(
      step.usage.cache_read_input_tokens + 100,
    );
  },
);

test("cache_control is taken, does not reach the backend, and may wander", async () => {
  const conversation = begin("claude-sonnet-4-6");
  const marked = (text: string) => [{ type: "text", text, ...EPHEMERAL }];
  const system = [{ type: "text", text: SYSTEM, ...EPHEMERAL }];
  await conversation.say(marked("Mark this"), { system });
  // Claude Code moves the mark to the newest message.
  const [first] = conversation.messages;
  if (first !== undefined) first.content = [{ type: "text", text: "Mark this" }];
  const second = await conversation.say(marked("And this"), { system });
  expect(second.usage.cache_read_input_tokens).toBeGreaterThan(1000);
  expect(JSON.stringify(lastContents(world))).not.toMatch(/cache_?control/i);
});

test("another conversation does not read from the cache of this one", async () => {
  await begin("claude-sonnet-4-6").say("The first conversation");
  const other = await begin("claude-sonnet-4-6").say("The second conversation");
  expect(other.usage.cache_read_input_tokens).toBe(0);
});

test.each(["claude-sonnet-4-6", "gemini-3-flash"])(
  "the cache is hit after a restart of the server too (%s)",
  async (model) => {
    const conversation = begin(model);
    const called = await conversation.say('Before [[call get_weather {"city":"Oslo"}]]');
    const before = await conversation.say(resultsOf(called));
    await world.restart();
    const after = await conversation.say("After");
    expect(after.usage.cache_read_input_tokens).toBeGreaterThanOrEqual(
      before.usage.cache_read_input_tokens,
    );
    expect(after.usage.cache_read_input_tokens).toBeGreaterThan(1000);
  },
);
