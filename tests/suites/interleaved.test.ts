import type { Message } from "@agp/core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { post, request, stream } from "../support/client.ts";
import {
  lastContents,
  lastParts,
  resultsOf,
  textOf,
  THINKING,
  WEATHER,
} from "../support/conversation.ts";
import { startWorld, type World } from "../support/world.ts";

const BETA = { "anthropic-beta": "interleaved-thinking-2025-05-14" };
const STEPS = [
  '[[think First Oslo.]] [[call get_weather {"city":"Oslo"}]]',
  '[[then think Now Rome.]] [[call get_weather {"city":"Rome"}]]',
  "[[then think Enough.]] [[text Rome is warmer]]",
].join(" ");

let world: World;
beforeAll(async () => {
  world = await startWorld();
}, 60_000);
afterAll(() => world.close());

async function send(more: Record<string, unknown>): Promise<Message> {
  const answer = await post(world.url, request({ ...THINKING, tools: [WEATHER], ...more }), BETA);
  expect(answer.body).toMatchObject({ type: "message" });
  // Checked by the line above.
  return answer.body as unknown as Message;
}

const typesOf = ({ content }: Message) => content.map(({ type }) => type);

test.each(["claude-sonnet-4-6", "claude-opus-4-6-thinking"])(
  "the model thinks before each call and after the last, and all of it goes back (%s)",
  async (model) => {
    const messages: unknown[] = [{ role: "user", content: STEPS }];
    const types: string[][] = [];
    let answer = await send({ model, messages });
    types.push(typesOf(answer));
    while (answer.stop_reason === "tool_use") {
      messages.push({ role: "assistant", content: answer.content });
      messages.push({ role: "user", content: resultsOf(answer) });
      answer = await send({ model, messages });
      types.push(typesOf(answer));
    }
    expect(types).toEqual([
      ["thinking", "tool_use"],
      ["thinking", "tool_use"],
      ["thinking", "text"],
    ]);
    expect(textOf(answer)).toBe("Rome is warmer");
    const thoughts = lastParts(world).filter(({ thought }) => thought === true);
    expect(thoughts.map(({ text }) => text)).toEqual(["First Oslo.", "Now Rome."]);
    expect(thoughts.every(({ thoughtSignature }) => thoughtSignature !== undefined)).toBe(true);
  },
);

test("thinking between two texts of one answer are blocks of their own, in the order of the model", async () => {
  const content = "[[think One.]] [[text A]] [[think Two.]] [[text B]]";
  const messages = [{ role: "user", content }];
  const answer = await send({ messages });
  expect(typesOf(answer)).toEqual(["thinking", "text", "thinking", "text"]);
  const next = await send({
    messages: [
      ...messages,
      { role: "assistant", content: answer.content },
      { role: "user", content: "Go on" },
    ],
  });
  expect(next.stop_reason).toBe("end_turn");
  const model = lastContents(world).find(({ role }) => role === "model");
  expect(model?.parts.map(({ text }) => text)).toEqual(["One.", "A", "Two.", "B"]);
});

test("a stream signs each thinking block before its end", async () => {
  const content = "[[think One.]] [[text A]] [[think Two.]] [[text B]]";
  const events = await stream(
    world.url,
    request({ ...THINKING, messages: [{ role: "user", content }] }),
    BETA,
  );
  const signed = events.flatMap((event) =>
    event.type === "content_block_delta" && event.delta.type === "signature_delta"
      ? event.index
      : [],
  );
  expect(signed).toEqual([0, 2]);
});

test("with the beta the budget may exceed max_tokens, without it not", async () => {
  const body = request({
    max_tokens: 3000,
    thinking: { type: "enabled", budget_tokens: 6000 },
    tools: [WEATHER],
  });
  expect((await post(world.url, body, BETA)).status).toBe(200);
  const refused = await post(world.url, body);
  expect(refused.status).toBe(400);
  expect((refused.body["error"] as { message: string }).message).toContain("budget_tokens");
});
