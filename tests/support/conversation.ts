import type { Message } from "@agp/core";

import { message, request } from "./client.ts";
import type { World } from "./world.ts";

export const THINKING = {
  thinking: { type: "enabled", budget_tokens: 2000 },
  max_tokens: 8000,
} as const;

export const WEATHER = {
  name: "get_weather",
  description: "The weather in a city",
  input_schema: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
};

/** A conversation as a client keeps it: every request carries the whole history. */
export class Conversation {
  readonly messages: { role: string; content: unknown }[] = [];
  readonly #world: World;
  readonly #params: Record<string, unknown>;

  constructor(world: World, params: Record<string, unknown> = {}) {
    this.#world = world;
    this.#params = params;
  }

  /** Sends what the user says and keeps the answer; `more` overrides the parameters for this request. */
  async say(content: unknown, more: Record<string, unknown> = {}): Promise<Message> {
    this.messages.push({ role: "user", content });
    const answer = await message(
      this.#world.url,
      request({ ...this.#params, ...more, messages: this.messages }),
    );
    this.messages.push({ role: "assistant", content: answer.content });
    return answer;
  }
}

/** Results for the calls of an answer, in their order. */
export function resultsOf(answer: Message, content: unknown = "18 degrees") {
  return callsOf(answer).map(({ id }) => ({ type: "tool_result", tool_use_id: id, content }));
}

export function callsOf(answer: Message) {
  return answer.content.filter((block) => block.type === "tool_use");
}

/** All texts of an answer. */
export function textOf(answer: Message): string {
  return answer.content.map((block) => (block.type === "text" ? block.text : "")).join("");
}

/** Parts of the last generate request that reached the backend, content by content. */
export function lastContents(world: World): { role: string; parts: Record<string, unknown>[] }[] {
  const call = world.emulator.requests.findLast(({ rpc }) => rpc === "streamGenerateContent");
  if (call === undefined) throw new Error("no generate request reached the backend");
  // The emulator has checked the body against the wire's message before it answered.
  const body = call.body as { request: { contents: ReturnType<typeof lastContents> } };
  return body.request.contents;
}

/** Parts of all contents, in order. */
export function lastParts(world: World): Record<string, unknown>[] {
  return lastContents(world).flatMap(({ parts }) => parts);
}
