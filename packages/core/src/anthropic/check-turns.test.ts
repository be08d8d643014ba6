import { describe, expect, test } from "vitest";
import { messageOf, OLD, request } from "./__fixtures__/requests.ts";
import { validateCountTokensRequest } from "./validate-request.ts";

const PREFILL =
  "This model does not support assistant message prefill. The conversation must end with a user message.";

const user = (content: unknown) => ({ role: "user", content });
const assistant = (content: unknown) => ({ role: "assistant", content });
const system = (content: unknown) => ({ role: "system", content });
const call = (...ids: string[]) =>
  assistant(ids.map((id) => ({ type: "tool_use", id, name: "Read", input: {} })));
const result = (...ids: string[]) =>
  user(ids.map((id) => ({ type: "tool_result", tool_use_id: id, content: "x" })));
const text = (value: string) => [{ type: "text", text: value }];

function unanswered(index: number, ids: string): string {
  return (
    `messages.${index}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${ids}. ` +
    "Each `tool_use` block must have a corresponding `tool_result` block in the next message."
  );
}

function orphan(path: string, id: string): string {
  return (
    `messages.${path}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${id}. ` +
    "Each `tool_result` block must have a corresponding `tool_use` block in the previous message."
  );
}

type Row = readonly [string, readonly unknown[], string];

describe("messages", () => {
  test.each<[string, unknown, string]>([
    ["absent", undefined, "messages: Field required"],
    ["null", null, "messages: Input should be a valid list"],
    ["a string", "hi", "messages: Input should be a valid list"],
    ["none", [], "messages: at least one message is required"],
    ["a string in the list", ["hi"], "messages.0: Input should be a valid dictionary"],
    ["no role", [{ content: "a" }], "messages.0.role: Field required"],
    [
      "an unknown role",
      [user("a"), { role: "tool", content: "a" }],
      "messages.1.role: Input should be 'user', 'assistant' or 'system'",
    ],
    [
      "a role of Object.prototype",
      [{ role: "constructor", content: "a" }],
      "messages.0.role: Input should be 'user', 'assistant' or 'system'",
    ],
    ["no content", [{ role: "user" }], "messages.0.content: Field required"],
    ["content of null", [user(null)], "messages.0.content: Input should be a valid list"],
    [
      "content of an object",
      [user({ type: "text", text: "a" })],
      "messages.0.content: Input should be a valid list",
    ],
    ["an empty user message", [user("")], "messages.0: user messages must have non-empty content"],
    [
      "a user message of no blocks",
      [user("a"), assistant("b"), user([])],
      "messages.2: user messages must have non-empty content",
    ],
    [
      "an empty assistant message in the middle",
      [user("a"), assistant([]), user("b")],
      "messages.1: all messages must have non-empty content except for the optional final assistant message",
    ],
    [
      "an image in a system message",
      [user("a"), system([{ type: "image", source: {} }])],
      "messages.1.content.0: Input tag 'image' found using 'type' does not match any of the expected tags: 'text', 'tool_addition', 'tool_removal'",
    ],
    [
      "100,001 messages",
      Array.from({ length: 100_001 }, () => user("a")),
      "messages: List should have at most 100000 items after validation, not 100001",
    ],
  ])("%s", (_what, messages, message) => {
    expect(messageOf(request({ messages }))).toBe(message);
  });
});

describe("who begins and who ends", () => {
  test.each<Row>([
    ["one user", [user("a")], "valid"],
    ["two users in a row", [user("a"), user("b")], "valid"],
    [
      "a system message at the end, as Claude Code's first request",
      [user("a"), system("env")],
      "valid",
    ],
    ["a system message at the start", [system("env"), user("a")], "valid"],
    [
      "an empty system message, as after /compact",
      [user("a"), system([]), assistant("b"), user("c")],
      "valid",
    ],
    [
      "nothing but an empty system message",
      [system([])],
      "messages: at least one message is required",
    ],
    [
      "nothing but blanks",
      [user("  \n"), user(text(" "))],
      "messages: at least one message is required",
    ],
    [
      "the assistant first",
      [assistant("a"), user("b")],
      'messages: first message must use the "user" role',
    ],
    [
      "the assistant first but for blanks",
      [user(" "), assistant("a"), user("b")],
      'messages: first message must use the "user" role',
    ],
    ["prefill", [user("a"), assistant("b")], PREFILL],
    ["prefill of blocks", [user("a"), assistant(text("b"))], PREFILL],
    ["prefill of blanks", [user("a"), assistant(" ")], PREFILL],
    [
      "prefill behind which a system message says nothing",
      [user("a"), assistant("b"), system([])],
      PREFILL,
    ],
    ["prefill behind which the user says nothing", [user("a"), assistant("b"), user(" ")], PREFILL],
    ["an empty last assistant message", [user("a"), assistant("")], "valid"],
    [
      "an empty last assistant message behind another",
      [user("a"), assistant("b"), assistant([])],
      PREFILL,
    ],
  ])("%s", (_what, messages, message) => {
    expect(messageOf(request({ messages }))).toBe(message);
  });

  test("count_tokens lets the assistant have the last word", () => {
    const body = request({ max_tokens: undefined, messages: [user("a"), assistant("b")] });
    expect(validateCountTokensRequest(body, OLD).kind).toBe("valid");
  });
});

describe("tool_use and tool_result", () => {
  test.each<Row>([
    ["a pair", [user("a"), call("1"), result("1")], "valid"],
    ["results in another order", [user("a"), call("1", "2"), result("2", "1")], "valid"],
    [
      "results in two messages of one turn",
      [user("a"), call("1", "2"), result("2"), result("1"), user("b")],
      "valid",
    ],
    [
      "calls in two messages of one turn",
      [user("a"), call("1"), call("2"), result("1", "2")],
      "valid",
    ],
    ["text before the result", [user("a"), call("1"), user(text("b")), result("1")], "valid"],
    ["a system message between", [user("a"), call("1"), system("new tools"), result("1")], "valid"],
    ["an empty system message between", [user("a"), call("1"), system([]), result("1")], "valid"],
    [
      "ids of any form",
      [user("a"), call("call:weird.id/é 1"), result("call:weird.id/é 1")],
      "valid",
    ],
    [
      "ids of Object.prototype",
      [user("a"), call("__proto__", "toString"), result("toString", "__proto__")],
      "valid",
    ],
    ["two rounds", [user("a"), call("1"), result("1"), call("2"), result("2")], "valid"],
    [
      "server tools need no result",
      [user("a"), assistant([{ type: "server_tool_use", id: "s" }]), user("b")],
      "valid",
    ],
    ["no result", [user("a"), call("1"), user("b")], unanswered(1, "1")],
    ["no turn after it", [user("a"), call("1")], unanswered(1, "1")],
    [
      "one of two",
      [user("a"), call("1", "2", "3"), result("2"), assistant("b"), user("c")],
      unanswered(1, "1, 3"),
    ],
    [
      "the call's own message is named",
      [user("a"), assistant("b"), call("1"), user("c")],
      unanswered(2, "1"),
    ],
    [
      "a system message does not answer",
      [user("a"), call("1"), system("b"), assistant("c"), user("d")],
      unanswered(1, "1"),
    ],
    [
      "an empty system message makes no turn",
      [user("a"), call("1"), system([]), assistant("b"), result("1")],
      "valid",
    ],
    ["a result without a call", [result("1")], orphan("0.content.0", "1")],
    [
      "a result of another id",
      [user("a"), call("1"), result("1", "2")],
      orphan("2.content.1", "2"),
    ],
    [
      "a result that is late",
      [user("a"), call("1"), result("1"), assistant("b"), result("1")],
      orphan("4.content.0", "1"),
    ],
    [
      "two results of one call",
      [user("a"), call("1"), result("1", "1")],
      "messages.2.content.1: each tool_use must have a single result. Found multiple `tool_result` blocks with id: 1",
    ],
    [
      "one id twice in a turn",
      [user("a"), call("1", "1"), result("1")],
      "messages: `tool_use` ids must be unique",
    ],
    [
      "one id twice in a conversation",
      [user("a"), call("1"), result("1"), call("1"), result("1")],
      "messages: `tool_use` ids must be unique",
    ],
  ])("%s", (_what, messages, message) => {
    expect(messageOf(request({ messages }))).toBe(message);
  });

  test("a thousand unanswered calls make a short message", () => {
    const ids = Array.from({ length: 1000 }, (_, index) => `${index}-${"x".repeat(1000)}`);
    const message = messageOf(request({ messages: [user("a"), call(...ids), user("b")] }));
    expect(message).toMatch(/^messages\.1: `tool_use` ids were found without/);
    expect(message.length).toBeLessThan(6000);
  });
});
