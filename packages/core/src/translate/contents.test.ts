import { describe, expect, test } from "vitest";
import type { AssistantBlockParam, MessageParam, UserBlockParam } from "../anthropic/messages.ts";
import type { Content } from "../google/generate-content.ts";
import { MODELS, refusal, signatureStore, translated } from "./__fixtures__/request-context.ts";

const user = (...content: UserBlockParam[]): MessageParam => ({ role: "user", content });
const assistant = (...content: AssistantBlockParam[]): MessageParam => ({
  role: "assistant",
  content,
});
const text = (value: string) => ({ type: "text", text: value }) as const;
const use = (id: string, name = "Read") => ({ type: "tool_use", id, name, input: {} }) as const;
const result = (id: string, content = id) =>
  ({ type: "tool_result", tool_use_id: id, content }) as const;
const image = (data: string) =>
  ({ type: "image", source: { type: "base64", media_type: "image/png", data } }) as const;
const thought = (thinking: string) =>
  ({ type: "thinking", thinking, signature: `signature of ${thinking}` }) as const;
const signatures = signatureStore({ t1: "signature of t1", t2: "signature of t2" });

function contents(messages: readonly MessageParam[], model = MODELS.claude): Content[] {
  return translated({ messages }, model, { signatures }).request.contents;
}

/** `user: Go | model: *t1 call(a) | user: =a on`: thoughts by `*`, responses by `=`, media by `@`. */
function outline(messages: readonly MessageParam[]): string {
  const show = ({ role, parts }: Content): string =>
    `${role}: ${parts
      .map((part) => {
        if (part.functionCall) return `call(${part.functionCall.id})`;
        if (part.functionResponse) return `=${part.functionResponse.id}`;
        if (part.inlineData) return `@${part.inlineData.data}`;
        return part.thought === true ? `*${part.text}` : part.text;
      })
      .join(" ")}`;
  return contents(messages).map(show).join(" | ");
}

describe("turns", () => {
  test.each<[string, MessageParam[], string]>([
    [
      "messages of one role are one content",
      [
        user(text("a")),
        user(text("b")),
        assistant(text("c")),
        assistant(text("d")),
        user(text("e")),
      ],
      "user: a b | model: c d | user: e",
    ],
    [
      "what is left of nothing joins its neighbours",
      [user(text("a")), assistant(thought("unknown")), user(text("b"))],
      "user: a b",
    ],
    [
      "a blank message of the user joins the answers around it",
      [
        user(text("a")),
        assistant(text("b")),
        user(text(" ")),
        assistant(text("c")),
        user(text("d")),
      ],
      "user: a | model: b c | user: d",
    ],
    [
      "responses come first, in the order of the calls",
      [user(text("a")), assistant(use("1"), use("2")), user(text("b"), result("2"), result("1"))],
      "user: a | model: call(1) call(2) | user: =1 =2 b",
    ],
    [
      "media of results come next, in the same order, then the rest as sent",
      [
        user(text("a")),
        assistant(use("1"), use("2")),
        user(
          image("c"),
          { type: "tool_result", tool_use_id: "2", content: [image("r2")] },
          text("d"),
          { type: "tool_result", tool_use_id: "1", content: [image("r1a"), image("r1b")] },
        ),
      ],
      "user: a | model: call(1) call(2) | user: =1 =2 @r1a @r1b @r2 @c d",
    ],
    [
      "results in several messages are one content",
      [user(text("a")), assistant(use("1"), use("2")), user(result("1")), user(result("2"))],
      "user: a | model: call(1) call(2) | user: =1 =2",
    ],
    [
      "calls of several messages are one content",
      [user(text("a")), assistant(use("1")), assistant(use("2")), user(result("2"), result("1"))],
      "user: a | model: call(1) call(2) | user: =1 =2",
    ],
  ])("%s", (_name, messages, expected) => {
    expect(outline(messages)).toBe(expected);
  });

  test("a message that came to nothing is counted", () => {
    const messages = [user(text("a")), assistant(thought("unknown")), user(text("b"))];
    expect(translated({ messages }).dropped).toEqual([
      { path: "messages[].content[]", rule: "unknown_thinking", count: 1 },
      { path: "messages[]", rule: "empty_message", count: 1 },
    ]);
  });
});

describe("the order inside an answer", () => {
  test.each<[string, AssistantBlockParam[], string]>([
    [
      "interleaved thinking stays",
      [thought("t1"), text("a"), thought("t2"), use("1")],
      "*t1 a *t2 call(1)",
    ],
    ["a thought comes first", [text("a"), thought("t1"), use("1")], "*t1 a call(1)"],
    [
      "also when the one before it is lost",
      [thought("unknown"), text("a"), thought("t1"), use("1")],
      "*t1 a call(1)",
    ],
    ["text comes before calls", [use("1"), text("a"), use("2"), text("b")], "a b call(1) call(2)"],
  ])("%s", (_name, blocks, expected) => {
    const results = blocks.flatMap((block) =>
      block.type === "tool_use" ? [result(block.id)] : [],
    );
    expect(outline([user(text("Go")), assistant(...blocks), user(...results)])).toContain(
      `model: ${expected} |`,
    );
  });
});

describe("ids of calls", () => {
  test("are made valid alike in call and response, and stay apart", () => {
    const ids = ["call.1/x", "call_1_x", "call:1:x", "call:weird.id/é 1"];
    const [, model, answer] = contents([
      user(text("a")),
      assistant(...ids.map((id) => use(id))),
      user(...ids.map((id) => result(id))),
    ]);
    const sent = model?.parts.map((part) => part.functionCall?.id);
    expect(sent).toEqual(["call_1_x", "call_1_x_2", "call_1_x_3", "call_weird_id___1"]);
    expect(answer?.parts.map((part) => part.functionResponse?.id)).toEqual(sent);
    expect(answer?.parts.map((part) => part.functionResponse?.response)).toEqual(
      ids.map((id) => ({ result: id })),
    );
  });
});

describe("what cannot be sent is refused", () => {
  const prefill =
    "This model does not support assistant message prefill. The conversation must end with a user message.";

  test.each<[string, MessageParam[], string]>([
    ["nothing left", [user(text(" "))], "messages: at least one message is required"],
    ["no message", [], "messages: at least one message is required"],
    [
      "an answer first",
      [user(text(" ")), assistant(text("a")), user(text("b"))],
      'messages: first message must use the "user" role',
    ],
    ["an answer last", [user(text("a")), assistant(text("b"))], prefill],
    [
      "an answer before what is nothing",
      [user(text("a")), assistant(text("b")), { role: "system", content: [] }],
      prefill,
    ],
    [
      "a call without an answer",
      [user(text("a")), assistant(use("1")), user(text("b"))],
      "messages.1: each `tool_use` needs one `tool_result` in the next message, and no other: 1",
    ],
    [
      "an answer without a call",
      [user(text("a"), result("1"))],
      "messages.0: each `tool_use` needs one `tool_result` in the next message, and no other: 1",
    ],
    [
      "two answers to a call",
      [user(text("a")), assistant(use("1")), user(result("1"), result("1"))],
      "messages.2: each `tool_use` needs one `tool_result` in the next message, and no other: 1",
    ],
    [
      "two calls with one id in a turn",
      [user(text("a")), assistant(use("1"), use("1")), user(result("1"))],
      "messages: `tool_use` ids must be unique",
    ],
  ])("%s", (_name, messages, message) => {
    expect(refusal({ messages })).toBe(message);
  });
});
