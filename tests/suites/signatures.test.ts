import { afterAll, beforeAll, expect, test } from "vitest";

import {
  Conversation,
  lastParts,
  resultsOf,
  textOf,
  THINKING,
  WEATHER,
} from "../support/conversation.ts";
import { startWorld, type World } from "../support/world.ts";

const CALL = '[[think I look.]] [[call get_weather {"city":"Oslo"}]] [[then text Cold]]';
/** Google's own, for a call without a genuine signature. */
const STAND_IN = "skip_thought_signature_validator";
const PARAMS = { ...THINKING, tools: [WEATHER] };

let world: World;
beforeAll(async () => {
  world = await startWorld();
}, 60_000);
afterAll(() => world.close());

/** What the client was given as the signature of the last answer's thinking. */
function givenSignature(conversation: Conversation): string {
  const blocks = conversation.messages.at(-1)?.content as { type: string; signature?: string }[];
  return blocks.find(({ type }) => type === "thinking")?.signature ?? "";
}

/** The client forgets fields of its thinking blocks. */
function alterThinking(conversation: Conversation, change: Record<string, unknown>): void {
  for (const message of conversation.messages) {
    if (message.role !== "assistant") continue;
    const blocks = message.content as { type: string }[];
    message.content = blocks.map((block) =>
      block.type === "thinking" ? { ...block, ...change } : block,
    );
  }
}

const generates = () =>
  world.emulator.requests.filter(({ rpc }) => rpc === "streamGenerateContent");
const thoughts = () => lastParts(world).filter(({ thought }) => thought === true);
const signatures = () => thoughts().flatMap(({ thoughtSignature }) => thoughtSignature ?? []);
const callSignature = () =>
  lastParts(world).find(({ functionCall }) => functionCall !== undefined)?.["thoughtSignature"];

async function loopOverRestart(model: string): Promise<string> {
  const conversation = new Conversation(world, { ...PARAMS, model });
  const called = await conversation.say(CALL);
  await world.restart();
  return textOf(await conversation.say(resultsOf(called)));
}

test("a tool loop of Claude goes on after a restart, with its signed thought", async () => {
  expect(await loopOverRestart("claude-sonnet-4-6")).toBe("Cold");
  expect(thoughts()).toMatchObject([
    { text: "I look.", thoughtSignature: expect.stringMatching(/^.{20,}$/) },
  ]);
});

test("a tool loop of Gemini goes on after a restart, with the call's own signature", async () => {
  expect(await loopOverRestart("gemini-3-flash")).toBe("Cold");
  expect(callSignature()).toMatch(/^.{20,}$/);
  expect(callSignature()).not.toBe(STAND_IN);
});

test("a signature that the client lost comes back from the store", async () => {
  const conversation = new Conversation(world, PARAMS);
  const called = await conversation.say(CALL);
  const genuine = givenSignature(conversation);
  alterThinking(conversation, { signature: "" });
  expect(textOf(await conversation.say(resultsOf(called)))).toBe("Cold");
  expect(signatures()).toEqual([genuine]);
});

test("a made-up signature never reaches the backend, and the conversation goes on", async () => {
  const conversation = new Conversation(world, PARAMS);
  const called = await conversation.say(CALL);
  alterThinking(conversation, { thinking: "Never thought", signature: "bm90IGdlbnVpbmU=" });
  expect(textOf(await conversation.say(resultsOf(called)))).toBe("Cold");
  expect(thoughts()).toEqual([]);
});

test.each(["400-claude-signature", "400-gemini-signature"])(
  "history that the backend refuses (%s) is repaired and sent again",
  async (fault) => {
    const model = fault.includes("claude") ? "claude-sonnet-4-6" : "gemini-3-flash";
    const conversation = new Conversation(world, { ...PARAMS, model });
    const called = await conversation.say(CALL);
    await conversation.say(resultsOf(called));
    const before = generates().length;
    const answer = await conversation.say(`Go on [[fault ${fault}]] [[text Repaired]]`);
    expect(textOf(answer)).toBe("Repaired");
    expect(generates()).toHaveLength(before + 2);
    expect(signatures()).toEqual([]);
    expect(callSignature()).toBe(model.startsWith("gemini") ? STAND_IN : undefined);
  },
);

test("a loop changes from Claude to Gemini and back", async () => {
  const conversation = new Conversation(world, PARAMS);
  const called = await conversation.say(
    '[[call get_weather {"city":"Oslo"}]] [[then call get_weather {"city":"Rome"}]] [[then text Both]]',
  );
  const again = await conversation.say(resultsOf(called), { model: "gemini-3-flash" });
  // The backend checks this step: Claude's signature on a Gemini call would be refused.
  expect(again.stop_reason).toBe("tool_use");
  expect(thoughts()).toEqual([]);
  const last = await conversation.say(resultsOf(again));
  expect(textOf(last)).toBe("Both");
});

test('thinking with display "omitted" comes without text and goes back with it', async () => {
  const params = { ...PARAMS, thinking: { ...THINKING.thinking, display: "omitted" } };
  const conversation = new Conversation(world, params);
  const called = await conversation.say(CALL);
  expect(called.content[0]).toMatchObject({ type: "thinking", thinking: "" });
  const genuine = givenSignature(conversation);
  expect(genuine).not.toBe("");
  expect(textOf(await conversation.say(resultsOf(called)))).toBe("Cold");
  expect(thoughts()).toMatchObject([{ text: "I look.", thoughtSignature: genuine }]);
});
