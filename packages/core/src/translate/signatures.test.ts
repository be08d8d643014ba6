import { describe, expect, test } from "vitest";
import type { AssistantBlockParam, MessageParam } from "../anthropic/messages.ts";
import type { ModelInfo } from "../models/catalogue.ts";
import { MODELS, signatureStore, translated } from "./__fixtures__/request-context.ts";
import type { SignatureReader, TranslationContext } from "./context.ts";
import { LOST_SIGNATURE } from "./signatures.ts";

const STORE = signatureStore(
  { Hmm: "claude-signature", Ah: "claude-signature-2" },
  {
    g1: { family: "gemini", signature: "gemini-signature" },
    g2: { family: "gemini", signature: "gemini-signature-2" },
    c1: { family: "claude", signature: "claude-signature" },
    o1: { family: "gpt", signature: "gpt-signature" },
  },
);
const thinking = (text: string, signature: string) =>
  ({ type: "thinking", thinking: text, signature }) as const;
const use = (id: string) => ({ type: "tool_use", id, name: "Read", input: {} }) as const;

/** A conversation whose answers are these; calls are answered, and the last message is the user's. */
function conversation(...answers: AssistantBlockParam[][]): MessageParam[] {
  const messages: MessageParam[] = [{ role: "user", content: "Go" }];
  for (const content of answers) {
    messages.push({ role: "assistant", content });
    const results = content.flatMap((block) =>
      block.type === "tool_use"
        ? [{ type: "tool_result", tool_use_id: block.id, content: "r" } as const]
        : [],
    );
    messages.push({ role: "user", content: results.length > 0 ? results : "On" });
  }
  return messages;
}

function replay(
  messages: MessageParam[],
  model: ModelInfo,
  overrides: Partial<TranslationContext> = {},
) {
  const request = {
    messages,
    max_tokens: 16_000,
    thinking: { type: "enabled", budget_tokens: 8000 },
  } as const;
  return translated(request, model, { signatures: STORE, ...overrides });
}

describe("thinking on its way back to Claude", () => {
  const said: AssistantBlockParam = { type: "text", text: "a" };

  test.each<[string, string, string, { text: string; signature: string } | undefined]>([
    ["known", "Hmm", "claude-signature", { text: "Hmm", signature: "claude-signature" }],
    ["its text omitted", "", "claude-signature", { text: "Hmm", signature: "claude-signature" }],
    ["its signature lost", "Hmm", "", { text: "Hmm", signature: "claude-signature" }],
    ["a foreign signature", "Hmm", "EpkB…", { text: "Hmm", signature: "claude-signature" }],
    ["a marker of ours", "Hmm", "proxy-gemini:1", { text: "Hmm", signature: "claude-signature" }],
    ["its text changed", "Hmm!", "claude-signature", undefined],
    ["its text trimmed", "Hmm ", "claude-signature", undefined],
    ["unknown altogether", "Oh", "EpkB…", undefined],
    ["neither text nor signature", "", "", undefined],
    [
      "the signature of another text",
      "Ah",
      "claude-signature",
      { text: "Ah", signature: "claude-signature-2" },
    ],
  ])("%s", (_name, text, signature, expected) => {
    const { request } = replay(conversation([thinking(text, signature), said]), MODELS.claude);
    expect(request.contents[1]?.parts).toEqual([
      ...(expected === undefined
        ? []
        : [{ thought: true, text: expected.text, thoughtSignature: expected.signature }]),
      { text: "a" },
    ]);
  });

  test("a signature that the store knows as another family's is never sent", () => {
    const signatures: SignatureReader = {
      ...STORE,
      origin: () => ({ family: "gemini", thinking: "Hmm" }),
    };
    const { request } = replay(conversation([thinking("Hmm", "g"), said]), MODELS.claude, {
      signatures,
    });
    expect(request.contents[1]?.parts).toEqual([{ text: "a" }]);
  });

  test("calls carry no signature", () => {
    const { request } = replay(
      conversation([thinking("Hmm", "claude-signature"), use("g1"), use("c1")]),
      MODELS.claude,
    );
    const calls = request.contents[1]?.parts.slice(1) ?? [];
    expect(calls.map((part) => Object.keys(part))).toEqual([["functionCall"], ["functionCall"]]);
  });
});

describe("a Claude tool loop needs its thinking", () => {
  const genuine = thinking("Hmm", "claude-signature");
  const lost = thinking("Oh", "EpkB…");

  test.each<[string, MessageParam[], boolean]>([
    ["no loop", conversation([{ type: "text", text: "a" }]), true],
    ["a loop with it", conversation([genuine, use("1")]), true],
    ["a loop without", conversation([lost, use("1")]), false],
    ["redacted", conversation([{ type: "redacted_thinking", data: "A" }, use("1")]), false],
    ["only the first step counts: with", conversation([genuine, use("1")], [lost, use("2")]), true],
    [
      "only the first step counts: without",
      conversation([lost, use("1")], [genuine, use("2")]),
      false,
    ],
    [
      "a loop that is over",
      [
        ...conversation([lost, use("1")]),
        { role: "assistant", content: "a" },
        { role: "user", content: "b" },
      ],
      true,
    ],
    [
      "text beside the results does not end it",
      [...conversation([lost, use("1")]), { role: "user", content: "Go on." }],
      false,
    ],
    [
      "nor does a reminder",
      [...conversation([lost, use("1")]), { role: "system", content: "Be brief." }],
      false,
    ],
    [
      "a message of the user before the loop begins it anew",
      conversation([lost, use("1")], [{ type: "text", text: "a" }], [genuine, use("2")]),
      true,
    ],
  ])("%s", (_name, messages, thinks) => {
    const { request, dropped, showThinking } = replay(messages, MODELS.claude);
    expect(request.generationConfig?.thinkingConfig !== undefined).toBe(thinks);
    expect(dropped.some(({ rule }) => rule === "thinking_in_open_tool_loop")).toBe(!thinks);
    expect(showThinking).toBe(true);
  });
});

describe("signatures of calls", () => {
  const history = conversation([use("g1"), use("g2"), use("x")]);

  function signed(model: ModelInfo, messages: MessageParam[], repairSignatures = false) {
    const { request } = replay(messages, model, { repairSignatures });
    return request.contents.flatMap(({ parts }) =>
      parts.flatMap((part) => (part.functionCall ? [part.thoughtSignature ?? "-"] : [])),
    );
  }

  test.each<[string, ModelInfo, MessageParam[], string[]]>([
    [
      "Gemini 3 gets its own where they were",
      MODELS.gemini3,
      history,
      ["gemini-signature", "gemini-signature-2", "-"],
    ],
    [
      "and the stand-in where the first is lost",
      MODELS.gemini3,
      conversation([use("x"), use("g1")]),
      [LOST_SIGNATURE, "gemini-signature"],
    ],
    ["never one of Claude", MODELS.gemini3, conversation([use("c1")]), [LOST_SIGNATURE]],
    [
      "older turns keep the stand-in, for the sake of the cache",
      MODELS.gemini3,
      conversation([use("x")], [{ type: "text", text: "a" }], [use("g1")]),
      [LOST_SIGNATURE, "gemini-signature"],
    ],
    [
      "Gemini 2.5 gets its own, and no stand-in",
      MODELS.gemini25Pro,
      history,
      ["gemini-signature", "gemini-signature-2", "-"],
    ],
    ["Gemini 2.5 gets none of Claude", MODELS.gemini25Pro, conversation([use("c1")]), ["-"]],
    ["GPT gets its own", MODELS.gpt, conversation([use("o1"), use("g1")]), ["gpt-signature", "-"]],
    ["Claude gets none", MODELS.claude, history, ["-", "-", "-"]],
  ])("%s", (_name, model, messages, expected) => {
    expect(signed(model, messages)).toEqual(expected);
  });

  test("one stand-in for calls that come from two messages", () => {
    const messages: MessageParam[] = [
      { role: "user", content: "Go" },
      { role: "assistant", content: [use("x")] },
      { role: "assistant", content: [use("y")] },
      {
        role: "user",
        content: ["x", "y"].map((id) => ({ type: "tool_result", tool_use_id: id }) as const),
      },
    ];
    expect(signed(MODELS.gemini3, messages)).toEqual([LOST_SIGNATURE, "-"]);
  });

  test("thinking is not sent to other models, and counted", () => {
    const messages = conversation([thinking("Hmm", "claude-signature"), use("g1")]);
    for (const model of [MODELS.gemini3, MODELS.gemini25Flash, MODELS.gpt]) {
      const { request, dropped } = replay(messages, model);
      expect(request.contents[1]?.parts).toHaveLength(1);
      expect(dropped).toContainEqual({
        path: "messages[].content[]",
        rule: "thinking_of_claude_only",
        count: 1,
      });
    }
  });

  describe("after the backend refused one", () => {
    test("Gemini 3 gets stand-ins alone", () => {
      expect(signed(MODELS.gemini3, history, true)).toEqual([LOST_SIGNATURE, "-", "-"]);
    });

    test("Gemini 2.5 gets none", () => {
      expect(signed(MODELS.gemini25Pro, history, true)).toEqual(["-", "-", "-"]);
    });

    test("Claude gets no thoughts, and does not think in a loop", () => {
      const step = [thinking("Hmm", "claude-signature"), use("1")];
      const { request, dropped } = replay(conversation(step), MODELS.claude, {
        repairSignatures: true,
      });
      expect(request.contents[1]?.parts.map((part) => part.thought)).toEqual([undefined]);
      expect(request.generationConfig?.thinkingConfig).toBeUndefined();
      expect(dropped.map(({ rule }) => rule)).toEqual([
        "thinking_after_refused_signature",
        "thinking_in_open_tool_loop",
      ]);
    });

    test("Claude thinks again where no loop is open", () => {
      const messages = conversation([
        thinking("Hmm", "claude-signature"),
        { type: "text", text: "a" },
      ]);
      const { request } = replay(messages, MODELS.claude, { repairSignatures: true });
      expect(request.contents[1]?.parts).toEqual([{ text: "a" }]);
      expect(request.generationConfig?.thinkingConfig).toBeDefined();
    });
  });
});
