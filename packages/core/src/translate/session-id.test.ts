import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { MessageParam, UserBlockParam } from "../anthropic/messages.ts";
import { sha256Hex } from "./__fixtures__/request-context.ts";
import { sessionId } from "./session-id.ts";

const id = (...messages: MessageParam[]): string => sessionId(messages, sha256Hex);
const user = (...content: UserBlockParam[]): MessageParam => ({ role: "user", content });
const text = (value: string) => ({ type: "text", text: value }) as const;

const { sessions } = JSON.parse(
  readFileSync(new URL("__fixtures__/61-names-and-sessions.json", import.meta.url), "utf8"),
) as { sessions: { firstUserText: string; sessionId: string }[] };

describe("sessionId", () => {
  test.each(sessions)("$firstUserText", ({ firstUserText, sessionId: expected }) => {
    expect(id({ role: "user", content: firstUserText })).toBe(expected);
    expect(id(user(text(firstUserText)))).toBe(expected);
  });

  test("takes all text blocks of the first message of the user, and no other message", () => {
    expect(id(user(text("a"), text("b")))).toBe(id({ role: "user", content: "a\nb" }));
    expect(id(user(text("a")), user(text("b")))).toBe(id({ role: "user", content: "a" }));
    expect(id({ role: "system", content: "s" }, user(text("a")))).toBe(id(user(text("a"))));
    expect(id(user(text("a"), text("b")))).not.toBe(id(user(text("a"), text("c"))));
  });

  describe("without text", () => {
    const image = (data: string, more = {}) => ({
      type: "image" as const,
      source: { type: "base64" as const, media_type: "image/png", data },
      ...more,
    });

    test("tells images apart", () => {
      expect(id(user(image("AAAA")))).not.toBe(id(user(image("BBBB"))));
      expect(id(user(image("AAAA"), text(" ")))).not.toBe(id(user(image("BBBB"), text(" "))));
    });

    test("stays the same when the cache mark moves on", () => {
      const marked = user(image("AAAA", { cache_control: { type: "ephemeral" } }));
      expect(id(marked)).toBe(id(user(image("AAAA"))));
    });
  });

  test("is at most 128 characters and needs no message", () => {
    for (const content of ["a", "b", "c", "d"]) {
      expect(id({ role: "user", content })).toMatch(/^-\d{1,19}$/);
    }
    expect(id()).toMatch(/^-\d+$/);
  });
});
