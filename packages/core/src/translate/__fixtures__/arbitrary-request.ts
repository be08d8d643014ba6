import fc from "fast-check";
import type {
  AssistantBlockParam,
  Effort,
  MessageParam,
  MessagesRequest,
  ThinkingConfigParam,
  ToolChoice,
  ToolResultContent,
  UserBlockParam,
} from "../../anthropic/messages.ts";
import type { SignatureReader } from "../context.ts";

/**
 * A store that can tell from a text what it knows: thoughts that begin with `known` were signed by Claude, signatures say
 * where they come from, and so do the ids of calls.
 */
export const STORE: SignatureReader = {
  toolUse: (id) => {
    if (id.endsWith("-g")) return { family: "gemini", signature: `gemini:${id}` };
    return id.endsWith("-c") ? { family: "claude", signature: `claude:${id}` } : undefined;
  },
  claudeSignatureOf: (thinking) =>
    thinking.startsWith("known") ? `claude:${thinking}` : undefined,
  origin: (signature) => {
    const [, family, thinking = ""] = /^(claude|gemini):(.*)$/s.exec(signature) ?? [];
    return family === "claude" || family === "gemini" ? { family, thinking } : undefined;
  },
};

const words = fc.constantFrom("a", "b c", " d ", "é✓😀", '"quoted"\n', "\\ud800", "\ud800");
const text = fc.oneof(
  { weight: 8, arbitrary: words },
  { weight: 1, arbitrary: fc.constantFrom("", " ", "\n\t") },
);
const textBlock = text.map((value) => ({ type: "text" as const, text: value }));
const imageBlock = fc
  .constantFrom("AAAA", "iVBORw0KGgo=", "_-8=")
  .map((data) => ({
    type: "image" as const,
    source: { type: "base64" as const, media_type: "image/png", data },
  }));
const documentBlock = fc.record({
  type: fc.constant("document" as const),
  title: fc.constantFrom(null, "T"),
  source: fc.constantFrom(
    { type: "text" as const, media_type: "text/plain", data: "a" },
    { type: "base64" as const, media_type: "application/pdf", data: "JVBERi0=" },
    { type: "content" as const, content: [{ type: "text" as const, text: "a" }] },
  ),
});
const searchBlock = fc.constant({
  type: "search_result" as const,
  title: "T",
  source: "s",
  content: [{ type: "text" as const, text: "a" }],
});

const thoughtText = fc.constantFrom("known a", "known b", "unknown c", "");
const thinkingBlock = fc
  .tuple(thoughtText, fc.constantFrom("", "claude:", "gemini:", "proxy-gemini:", "Epkb"), fc.nat(9))
  .map(([thinking, kind, odd]) => ({
    type: "thinking" as const,
    thinking,
    // Now and then the signature of another text.
    signature: `${kind}${odd === 0 ? "known z" : thinking}`,
  }));
const thoughtBlock = fc.oneof(
  { weight: 9, arbitrary: thinkingBlock },
  { weight: 1, arbitrary: fc.constant({ type: "redacted_thinking" as const, data: "AAAA" }) },
);
const serverBlock = fc.constantFrom<AssistantBlockParam>(
  { type: "server_tool_use", id: "s", name: "web_search", input: { query: "a" } },
  { type: "web_search_tool_result", tool_use_id: "s", content: [{ title: "A", url: "u" }] },
  { type: "fallback" },
);

const TOOL_NAMES = ["Read", "Bash", "mcp__x__y", "mcp/files.search", "2fast", "Gone.Tool", "é"];
const callId = fc
  .tuple(fc.constantFrom("toolu_", "call:", "é ", "x.y"), fc.constantFrom("", "-g", "-c"))
  .map(([start, end]) => ({ start, end }));
const call = fc.record({
  id: callId,
  name: fc.constantFrom(...TOOL_NAMES),
  input: fc.constantFrom({}, { a: 1 }, { "größe cm": [true] }, { _placeholder: true }),
});

const resultContent = fc.oneof(
  fc.constant(undefined),
  text,
  fc.array(
    fc.oneof<fc.Arbitrary<ToolResultContent>[]>(
      textBlock,
      imageBlock,
      documentBlock,
      searchBlock,
      fc.constant({ type: "tool_reference", tool_name: "Bash" }),
    ),
    { maxLength: 3 },
  ),
);

const reminder = fc.oneof(
  text.map((content): MessageParam => ({ role: "system", content })),
  fc.array(textBlock, { maxLength: 2 }).map((content): MessageParam => ({
    role: "system",
    content,
    output_config: { effort: "low" },
  })),
);

const userBlock = fc.oneof(
  { weight: 6, arbitrary: textBlock },
  { weight: 1, arbitrary: imageBlock },
  { weight: 1, arbitrary: documentBlock },
  { weight: 1, arbitrary: searchBlock },
);

/** Messages of the user; the first part is never blank, so that a conversation can begin with it. */
const userMessages = fc
  .tuple(
    fc.array(userBlock, { maxLength: 3 }),
    fc.array(fc.oneof(reminder, textBlock.map(asUser)), { maxLength: 2 }),
  )
  .map(([blocks, more]): MessageParam[] => [
    { role: "user", content: [{ type: "text", text: "Go" }, ...blocks] },
    ...more,
  ]);

function asUser(block: UserBlockParam): MessageParam {
  return { role: "user", content: [block] };
}

interface Step {
  readonly messages: (nextId: () => number) => MessageParam[];
}

/** An answer with calls, and their results in any order, at times in two messages. */
const toolStep: fc.Arbitrary<Step> = fc
  .record({
    before: fc.array(fc.oneof<fc.Arbitrary<AssistantBlockParam>[]>(thoughtBlock, textBlock), {
      maxLength: 3,
    }),
    calls: fc.array(call, { minLength: 1, maxLength: 3 }),
    between: fc.array(fc.oneof<fc.Arbitrary<AssistantBlockParam>[]>(thoughtBlock, textBlock), {
      maxLength: 1,
    }),
    isReversed: fc.boolean(),
    isSplit: fc.boolean(),
    results: fc.array(fc.tuple(resultContent, fc.boolean()), { minLength: 3, maxLength: 3 }),
    after: fc.array(userBlock, { maxLength: 2 }),
    reminders: fc.array(reminder, { maxLength: 1 }),
  })
  .map((step) => ({
    messages: (nextId) => {
      const uses = step.calls.map(({ id, name, input }) => ({
        type: "tool_use" as const,
        id: `${id.start}${nextId()}${id.end}`,
        name,
        input,
      }));
      const results = uses.map(({ id }, index): UserBlockParam => {
        const [content, isError] = step.results[index] ?? [undefined, false];
        return {
          type: "tool_result",
          tool_use_id: id,
          is_error: isError,
          ...(content === undefined ? {} : { content }),
        };
      });
      if (step.isReversed) results.reverse();
      const [first, ...rest] = uses;
      const content = [...step.before, ...(first ? [first] : []), ...step.between, ...rest];
      const cut = step.isSplit && results.length > 1 ? 1 : results.length;
      const messages: MessageParam[] = [
        { role: "assistant", content },
        { role: "user", content: results.slice(0, cut) },
        { role: "user", content: [...results.slice(cut), ...step.after] },
        ...step.reminders,
      ];
      return messages.filter((message) => message.role === "system" || message.content.length > 0);
    },
  }));

const closingAnswer = fc.oneof(
  text.filter((value) => value !== "").map((content): MessageParam => ({ role: "assistant", content })),
  fc
    .array(fc.oneof<fc.Arbitrary<AssistantBlockParam>[]>(thoughtBlock, textBlock, serverBlock), {
      minLength: 1,
      maxLength: 4,
    })
    .map((content): MessageParam => ({ role: "assistant", content })),
);

const turn = fc.record({
  asked: userMessages,
  steps: fc.array(toolStep, { maxLength: 3 }),
  answer: closingAnswer,
});

/** Valid messages: they begin and end with the user, calls are answered, ids are new. */
export const conversation: fc.Arbitrary<MessageParam[]> = fc
  .record({
    turns: fc.array(turn, { maxLength: 3 }),
    last: userMessages,
    openSteps: fc.array(toolStep, { maxLength: 3 }),
  })
  .map(({ turns, last, openSteps }) => {
    let id = 0;
    const nextId = (): number => ++id;
    const closed = turns.flatMap(({ asked, steps, answer }) => [
      ...asked,
      ...steps.flatMap((step) => step.messages(nextId)),
      answer,
    ]);
    return [...closed, ...last, ...openSteps.flatMap((step) => step.messages(nextId))];
  });

const efforts = fc.constantFrom<Effort | null>("low", "medium", "high", "xhigh", "max", null);
const thinking = fc.constantFrom<ThinkingConfigParam | undefined>(
  undefined,
  { type: "disabled" },
  { type: "between_tools" },
  { type: "adaptive" },
  { type: "adaptive", display: "omitted" },
  { type: "enabled", budget_tokens: 1024 },
  { type: "enabled", budget_tokens: 31_999 },
  { type: "enabled", budget_tokens: 100_000, display: "updates" },
);
const tools = fc.subarray(TOOL_NAMES.filter((name) => name !== "Gone.Tool")).map((names) =>
  names.map((name) => ({
    name,
    description: "d",
    input_schema: {
      type: "object",
      ...(name === "Bash" ? { properties: { "größe cm": { type: ["string", "null"] } } } : {}),
    },
  })),
);
const choiceKind = fc.constantFrom<ToolChoice["type"] | undefined>(
  undefined,
  "auto",
  "any",
  "tool",
  "none",
);
/** Mostly absent: much of what is given beside thinking is refused. */
const share = fc.constantFrom(undefined, undefined, undefined, undefined, 1, 1, 0.97, 0.5, 0);

/** Any valid request; what a family refuses is left to `validateForModel`. */
export const anyRequest: fc.Arbitrary<MessagesRequest> = fc
  .record({
    messages: conversation,
    max_tokens: fc.constantFrom(1, 500, 1500, 4096, 32_000, 128_000),
    system: fc.constantFrom(undefined, "", "Be kind.", [
      { type: "text" as const, text: "a" },
      { type: "text" as const, text: " " },
    ]),
    thinking,
    effort: efforts,
    tools,
    choiceKind,
    isSingle: fc.boolean(),
    temperature: share,
    top_p: share,
    top_k: fc.constantFrom(undefined, undefined, undefined, 0, 64, 1000),
    stop_sequences: fc.constantFrom(undefined, [], ["END"], ["a", "b", "c", "d", "e"]),
    hasFormat: fc.nat(5).map((n) => n === 0),
  })
  .map((fields) => {
    const { effort, choiceKind: kind, isSingle, hasFormat, tools: list, ...rest } = fields;
    const [first] = list;
    const choice = first === undefined || kind === undefined ? undefined : choiceOf(kind, first.name, isSingle);
    const format = { type: "json_schema", schema: { type: "object", properties: { a: {} } } };
    // The client's JSON has no undefined values.
    return JSON.parse(
      JSON.stringify({
        model: "any",
        ...rest,
        tools: list.length === 0 ? undefined : list,
        tool_choice: choice,
        output_config: { effort, ...(hasFormat ? { format } : {}) },
      }),
    ) as MessagesRequest;
  });

function choiceOf(kind: ToolChoice["type"], name: string, isSingle: boolean): ToolChoice {
  if (kind === "none") return { type: "none" };
  if (kind === "tool") return { type: "tool", name, disable_parallel_tool_use: isSingle };
  return { type: kind, disable_parallel_tool_use: isSingle };
}
