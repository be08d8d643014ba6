import fc from "fast-check";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  droppedOf,
  errorOf,
  messageOf,
  NEW,
  OLD,
  PNG,
  request,
  tool,
  userBlocks,
} from "./__fixtures__/requests.ts";
import { IGNORED_FIELDS } from "./ignored-fields.ts";
import { MAX_JSON_DEPTH } from "./nesting.ts";
import { validateCountTokensRequest, validateMessagesRequest } from "./validate-request.ts";

interface RejectedCase {
  readonly why: string;
  readonly anthropic: unknown;
  readonly status: number;
  readonly type: string;
  readonly message: string;
}

const rejected: readonly RejectedCase[] = JSON.parse(
  readFileSync(new URL("__fixtures__/13-rejected-requests.json", import.meta.url), "utf8"),
);
/** Rows that need to know the model, checked by `validateForModel` and `resolveModel`. */
const OF_THE_MODEL = new Set(["forced tool with enabled thinking", "sampling", "unknown model"]);

/** "(free wording, names the block)" is no text to compare with. */
const isFree = ({ message }: RejectedCase) => message.startsWith("(");
const own = rejected.filter(({ why }) => !OF_THE_MODEL.has(why));

describe("requests of the fixture", () => {
  test.each(own.filter((row) => !isFree(row)))("$why", ({ anthropic, status, type, message }) => {
    expect(errorOf(anthropic)).toEqual({ status, type, message });
  });

  test.each(own.filter(isFree))("$why, in our words", ({ anthropic, status, type }) => {
    const message = expect.stringMatching(
      /^messages\.0\.content\.0\.image|^tools\.0: tool type 'code_execution_20250825'/,
    );
    expect(errorOf(anthropic)).toEqual({ status, type, message });
  });

  test.each(rejected.filter(({ why }) => OF_THE_MODEL.has(why)))(
    "$why is not its business",
    (row) => {
      expect(errorOf(row.anthropic)).toBe("valid");
    },
  );
});

test("a valid request comes back as the same object, unchanged", () => {
  const body = request({
    tools: [tool("A", { strict: true })],
    system: [{ type: "text", text: "" }],
    odd: 1,
  });
  const before = structuredClone(body);
  const result = validateMessagesRequest(body, OLD);
  expect(result.kind === "valid" && result.request).toBe(body);
  expect(body).toEqual(before);
});

test("what Claude Code sends first is valid", () => {
  const body = {
    model: "claude-opus-5-5",
    messages: [
      {
        role: "user",
        content: [
          { type: "text", text: "<system-reminder>…" },
          { type: "text", text: "say hello" },
        ],
      },
      {
        role: "system",
        content: [{ type: "text", text: "# Environment", cache_control: { type: "ephemeral" } }],
        output_config: { effort: "medium" },
      },
    ],
    system: [{ type: "text", text: "x-anthropic-billing-header: cc_version=2.1.330.abc;" }],
    tools: [tool("Agent"), tool("DeferredToolPlaceholder", { defer_loading: true })],
    metadata: { user_id: '{"device_id":"0","account_uuid":"","session_id":"0"}' },
    max_tokens: 128_000,
    thinking: { type: "adaptive", display: "omitted" },
    context_management: { edits: [{ type: "clear_thinking_20251015", keep: "all" }] },
    output_config: { effort: "medium" },
    safeguards: [{ type: "dangerous_tool_use" }],
    stream: true,
  };
  expect(droppedOf(body)).toEqual([
    { path: "messages[].content[].cache_control", rule: "cache_control", count: 1 },
    { path: "metadata", rule: "metadata", count: 1 },
    { path: "context_management", rule: "context_management", count: 1 },
    { path: "safeguards", rule: "safeguards", count: 1 },
  ]);
});

describe("the body", () => {
  test.each([[null], [[]], ["text"], [5], [undefined]])("%j is no request", (body) => {
    expect(messageOf(body)).toBe("The request body: Input should be a valid dictionary");
  });

  test("the deepest that is accepted, and one more", () => {
    const nested = (levels: number): unknown => (levels === 0 ? 1 : { a: nested(levels - 1) });
    const body = (levels: number) =>
      request({ messages: [{ role: "user", content: "go" }], extra: nested(levels) });
    expect(messageOf(body(MAX_JSON_DEPTH - 1))).toBe("valid");
    expect(messageOf(body(MAX_JSON_DEPTH))).toBe(
      "extra.a.a.a.a.a.a.a: JSON is nested deeper than 200 levels",
    );
  });

  test("a million levels end in a 400, not in the stack", () => {
    const deep: unknown = JSON.parse(`${"[".repeat(1_000_000)}${"]".repeat(1_000_000)}`);
    expect(messageOf(request({ messages: deep }))).toBe(
      "messages.0.0.0.0.0.0.0: JSON is nested deeper than 200 levels",
    );
    expect(messageOf(userBlocks({ type: "text", text: "a", odd: { deep } }))).toMatch(
      /^messages\.0\.content\.0\.odd\.deep\.0\.0: JSON is nested/,
    );
  });
});

describe("features that must not be ignored", () => {
  test.each([{ type: "create" }, { type: "continue", previous_message_id: "msg_1" }])(
    "thread %j",
    (thread) => {
      // Nothing else of the body counts: a `continue` comes without tools and history.
      expect(errorOf({ thread })).toEqual({
        status: 400,
        type: "invalid_request_error",
        message: "thread: threads are not supported by this server",
        details: { error_code: "thread_unsupported_request", unsupported: [] },
      });
    },
  );

  test.each([
    [{ container: "c_1" }, /^container: /],
    [{ container: { skills: [] } }, /^container: /],
    [{ compaction: { type: "summarize" } }, /^compaction: /],
    [{ mcp_servers: [{ type: "url", url: "https://example.test" }] }, /^mcp_servers: /],
  ])("%j", (fields, message) => {
    expect(messageOf(request(fields))).toMatch(message);
  });

  test("null and empty ones ask for nothing", () => {
    const fields = { thread: null, container: null, compaction: null, mcp_servers: [] };
    expect(messageOf(request(fields))).toBe("valid");
  });
});

describe("dropped fields", () => {
  test("each has its path and rule, and equal ones are counted", () => {
    const source = { type: "base64", media_type: "image/png", data: PNG, detail: "high" };
    const body = {
      ...userBlocks(
        { type: "text", text: "a", cache_control: { type: "ephemeral" } },
        { type: "text", text: "b", cache_control: { type: "ephemeral" } },
        { type: "image", source, transformations: {} },
      ),
      tools: [tool("A", { strict: true, cache_control: {}, shiny: 1 })],
      tool_choice: { type: "auto", odd: 1 },
      thinking: { type: "adaptive", block_binding: "x" },
      output_config: { task_budget: { type: "tokens", total: 1 } },
      service_tier: "auto",
      metadata: { user_id: "u" },
      brand_new: { a: 1 },
    };
    expect(droppedOf(body)).toEqual([
      { path: "thinking.block_binding", rule: "block_binding", count: 1 },
      { path: "output_config.task_budget", rule: "task_budget", count: 1 },
      { path: "tools[].strict", rule: "strict", count: 1 },
      { path: "tools[].cache_control", rule: "cache_control", count: 1 },
      { path: "tools[].shiny", rule: "unknown_field", count: 1 },
      { path: "tool_choice.odd", rule: "unknown_field", count: 1 },
      { path: "messages[].content[].cache_control", rule: "cache_control", count: 2 },
      { path: "messages[].content[].source.detail", rule: "unknown_field", count: 1 },
      { path: "messages[].content[].transformations", rule: "transformations", count: 1 },
      { path: "service_tier", rule: "service_tier", count: 1 },
      { path: "metadata", rule: "metadata", count: 1 },
      { path: "brand_new", rule: "unknown_field", count: 1 },
    ]);
  });

  test("ten thousand unknown names make a report of at most 101 lines", () => {
    const odd = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`f${index}`, 1]));
    const dropped = droppedOf(request(odd));
    expect(dropped).toHaveLength(101);
    expect(dropped.at(-1)).toEqual({ path: "*", rule: "unknown_field", count: 9900 });
  });

  test("names of Object.prototype are names", () => {
    const body: unknown = JSON.parse(
      '{"model":"m","max_tokens":1,"messages":[{"role":"user","content":"a","toString":1}],"__proto__":{"a":1}}',
    );
    expect(droppedOf(body)).toEqual([
      { path: "messages[].toString", rule: "unknown_field", count: 1 },
      { path: "__proto__", rule: "unknown_field", count: 1 },
    ]);
  });
});

describe("count_tokens", () => {
  test("needs no max_tokens, and checks the rest", () => {
    const body = request({
      max_tokens: undefined,
      thinking: { type: "enabled", budget_tokens: 31_999 },
    });
    expect(validateCountTokensRequest(body, OLD)).toMatchObject({ kind: "valid", request: body });
    expect(validateCountTokensRequest({ ...body, messages: [] }, OLD)).toMatchObject({
      kind: "refused",
      error: { status: 400, message: "messages: at least one message is required" },
    });
  });
});

describe("properties", () => {
  const PATH =
    /^(?:[a-z_]+(?:\.[^.:]+)*: .|`max_tokens` must|This model does not|Tool '.*' not found|The request body: )/s;

  /** JSON that looks like a request as far as its names and tags go. */
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.constantFrom(
        null,
        true,
        0,
        1,
        -1,
        1.5,
        "",
        " ",
        "a",
        "text",
        "user",
        "assistant",
        "system",
      ),
      fc.constantFrom(
        "tool_use",
        "tool_result",
        "image",
        "base64",
        "enabled",
        "auto",
        "json_schema",
      ),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(
        fc.constantFrom(
          ..."type role content text id name input tool_use_id source media_type data thinking signature".split(
            " ",
          ),
          ..."model max_tokens messages system tools tool_choice output_config format schema effort".split(
            " ",
          ),
          ..."stop_sequences temperature metadata user_id thread toString constructor".split(" "),
        ),
        tie("value"),
        { maxKeys: 5 },
      ),
    ),
  }));

  /** What a result breaks of the promise: a valid request or a 400 that names a path, and the body untouched. */
  const faults = (body: unknown): string[] =>
    [OLD, NEW].flatMap((options) => {
      const before = JSON.stringify(body);
      const result = validateMessagesRequest(body, options);
      const changed = JSON.stringify(body) === before ? [] : ["the body was changed"];
      if (result.kind === "refused") {
        const { status, message } = result.error;
        return status === 400 && PATH.test(message) ? changed : [...changed, message];
      }
      const rules = result.dropped.map(({ rule }) => rule);
      return [...changed, ...rules.filter((rule) => !Object.hasOwn(IGNORED_FIELDS, rule))];
    });

  test("any JSON is accepted or refused with a path", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (body) => {
        expect(faults(body)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test("any JSON of a request's words is accepted or refused with a path", () => {
    fc.assert(
      fc.property(value, (body) => {
        expect(faults(body)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test("any JSON in the place of one field is accepted or refused with a path", () => {
    const fields = fc.constantFrom(
      "messages",
      "system",
      "tools",
      "tool_choice",
      "thinking",
      "output_config",
    );
    fc.assert(
      fc.property(fields, value, (field, json) => {
        expect(faults(request({ tools: [tool("A")], [field]: json ?? null }))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test("any JSON as a block is accepted or refused with a path", () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 3 }), (blocks) => {
        expect(faults(userBlocks(...blocks))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});
