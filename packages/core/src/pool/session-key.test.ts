import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { sessionKey, type SessionKeyInput, type SessionRequest } from "./session-key.ts";

const sha256Hex = (text: string) => createHash("sha256").update(text).digest("hex");
const sessionId = "0b7c2f0e-5a1d-4a49-9d0e-1f0c6f5f3a11";
const deviceId = "ab".repeat(32);
const request: SessionRequest = {
  system: "You are concise.",
  messages: [{ role: "user", content: "Hello" }],
};
const key = (more: Partial<SessionKeyInput> = {}) =>
  sessionKey({ headers: {}, request, sha256Hex, ...more });
const withUserId = (userId: string) => ({ request: { ...request, metadata: { user_id: userId } } });

describe("Claude Code's session", () => {
  const byHeader = key({ headers: { "x-claude-code-session-id": sessionId } });

  test.each([
    [
      "metadata as JSON",
      withUserId(JSON.stringify({ device_id: deviceId, account_uuid: "", session_id: sessionId })),
    ],
    ["metadata, older", withUserId(`user_${deviceId}_account_${sessionId}_session_${sessionId}`)],
    ["metadata, older, no account", withUserId(`user_${deviceId}_account__session_${sessionId}`)],
    [
      "header before metadata",
      {
        ...withUserId(`user_${deviceId}_account__session_other`),
        headers: { "x-claude-code-session-id": sessionId },
      },
    ],
    [
      "another conversation in the same session",
      {
        headers: { "x-claude-code-session-id": sessionId },
        request: { messages: [{ role: "user", content: "Bye" }] },
      },
    ],
  ])("%s: the same key", (_name, more) => {
    expect(key(more)).toBe(byHeader);
  });

  test.each([
    ["another session", { headers: { "x-claude-code-session-id": `${sessionId}0` } }],
    [
      "a subagent",
      {
        headers: {
          "x-claude-code-session-id": sessionId,
          "x-claude-code-agent-id": "a0123456789abcdef",
        },
      },
    ],
    ["another user", { headers: { "x-claude-code-session-id": sessionId }, userId: "u1" }],
    ["no session", {}],
  ])("%s: another key", (_name, more) => {
    expect(key(more)).not.toBe(byHeader);
  });
});

describe("other clients", () => {
  const turn = (...messages: SessionRequest["messages"]) => ({ request: { ...request, messages } });
  const hello = { role: "user", content: [{ type: "text", text: "Hello" }] };

  test("the key stays through the conversation", () => {
    const answer = { role: "assistant", content: "Hi" };
    const next = { role: "user", content: "And now?" };
    expect(key(turn(hello, answer, next))).toBe(key(turn(hello)));
  });

  test("a cache mark that moves on does not matter", () => {
    const marked = {
      role: "user",
      content: [{ type: "text", text: "Hello", cache_control: { type: "ephemeral" } }],
    };
    expect(key(turn(marked))).toBe(key(turn(hello)));
  });

  test.each([
    ["another beginning", turn({ role: "user", content: "Bye" })],
    ["another system prompt", { request: { ...request, system: "You are terse." } }],
    ["another user", { userId: "u1" }],
  ])("%s: another key", (_name, more) => {
    expect(key(more)).not.toBe(key());
  });

  test.each([
    ["a user_id of another form", withUserId("customer-7")],
    ["a user_id that is JSON of another form", withUserId('{"session_id":7}')],
    ["a user_id of null", { request: { ...request, metadata: { user_id: null } } }],
    ["a very long one", withUserId(`{"session_id":"x","pad":"${"a".repeat(5000)}"}`)],
    ["a header that is no id", { headers: { "x-claude-code-session-id": "a b\n" } }],
    ["an empty header", { headers: { "x-claude-code-session-id": "" } }],
    ["an agent id alone", { headers: { "x-claude-code-agent-id": "a0123456789abcdef" } }],
  ])("%s is no session", (_name, more) => {
    expect(key(more)).toBe(key());
  });

  test("a conversation without a user's turn has a key too", () => {
    expect(key(turn())).toMatch(/^[0-9a-f]{64}$/);
    expect(key(turn({ role: "system", content: "x" }, hello))).toBe(key(turn(hello)));
  });
});
