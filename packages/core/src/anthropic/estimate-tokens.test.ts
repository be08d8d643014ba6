import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PNG } from "./__fixtures__/requests.ts";
import { estimateTokens } from "./estimate-tokens.ts";
import type { CountTokensRequest, MessageParam, ToolParam } from "./messages.ts";
import { jsonUnits, textUnits, UNITS_PER_TOKEN } from "./text-tokens.ts";

const text = (value: string) => ({ type: "text", text: value }) as const;
const user = (content: string | readonly ReturnType<typeof text>[]): MessageParam => ({
  role: "user",
  content,
});
const count = (fields: Partial<CountTokensRequest>) =>
  estimateTokens({ model: "m", messages: [], ...fields });
const one = (block: object) =>
  // The tests below give blocks of every type.
  count({ messages: [{ role: "user", content: [block] } as unknown as MessageParam] }) -
  count({ messages: [user([])] });

describe("text", () => {
  test.each([
    ["", 0],
    ["foo", 1],
    ["The quick brown fox jumps over the lazy dog.", 12],
    ["12345678", 4],
    ["吾輩は猫である", 9],
    ["Привет", 4],
    ["😀", 3],
  ])("%j is %i tokens", (value, tokens) => {
    expect(one(text(value))).toBe(tokens);
  });

  test("a string is one text block", () => {
    expect(count({ messages: [user("Hello there")] })).toBe(
      count({ messages: [user([text("Hello there")])] }),
    );
    expect(count({ system: "Hello there" })).toBe(count({ system: [text("Hello there")] }));
  });

  test("a megabyte of prose is a quarter of a million tokens, not more and not less by a fifth", () => {
    const prose = "It was the best of times, it was the worst of times, ".repeat(20_000);
    expect(one(text(prose)) / prose.length).toBeGreaterThan(0.2);
    expect(one(text(prose)) / prose.length).toBeLessThan(0.3);
  });
});

describe("tools", () => {
  const input_schema = { type: "object", properties: { path: { type: "string" } } } as const;
  const read: ToolParam = { name: "Read", description: "Read a file", input_schema };

  test("a deferred tool counts like any other", () => {
    expect(count({ tools: [{ ...read, defer_loading: true }] })).toBe(count({ tools: [read] }));
    expect(count({ tools: [read] })).toBeGreaterThan(20);
  });

  test("the placeholder of tool search counts nothing", () => {
    const placeholder = { ...read, name: "DeferredToolPlaceholder", defer_loading: true };
    expect(count({ tools: [read, placeholder] })).toBe(count({ tools: [read] }));
  });

  test("description, schema and examples each add", () => {
    const bare = count({ tools: [{ name: "Read", input_schema: { type: "object" } }] });
    const schema = count({ tools: [{ name: "Read", input_schema }] });
    const described = count({ tools: [read] });
    const shown = count({ tools: [{ ...read, input_examples: [{ path: "/etc/hosts" }] }] });
    expect([bare, schema, described, shown]).toEqual(
      [bare, schema, described, shown].toSorted((a, b) => a - b),
    );
    expect(new Set([bare, schema, described, shown]).size).toBe(4);
  });

  test("a tool that Anthropic defined has a constant", () => {
    expect(count({ tools: [{ type: "bash_20250124", name: "bash" }] })).toBe(300);
  });

  test("a schema of the answer counts", () => {
    const format = { type: "json_schema", schema: input_schema } as const;
    expect(count({ output_config: { format } })).toBeGreaterThan(0);
    expect(count({ output_format: format })).toBe(count({ output_config: { format } }));
  });
});

describe("media", () => {
  const image = (data: string) => ({
    type: "image",
    source: { type: "base64", media_type: "image/png", data },
  });
  const png = (width: number, height: number) => {
    const bytes = Buffer.from(PNG, "base64");
    bytes.writeUInt32BE(width, 16);
    bytes.writeUInt32BE(height, 20);
    return image(bytes.toString("base64"));
  };
  const pdf = (bytes: number) => ({
    type: "document",
    source: {
      type: "base64",
      media_type: "application/pdf",
      data: Buffer.alloc(bytes).toString("base64"),
    },
  });

  test.each([
    ["a pixel", png(1, 1), 1],
    ["200 × 200", png(200, 200), 54],
    ["1000 × 1000", png(1000, 1000), 1334],
    ["8000 × 100, scaled", png(8000, 100), 41],
    ["8000 × 8000, capped", png(8000, 8000), 1600],
    ["an unreadable one", image("AAAA"), 1600],
    ["a URL", { type: "image", source: { type: "url", url: "https://example.test/a.png" } }, 1600],
    ["a PDF of 1 kB", pdf(1000), 2000],
    ["a PDF of 450 kB", pdf(450_000), 10_000],
    ["a PDF of 20 MB", pdf(20_000_000), 200_000],
    [
      "a PDF by URL",
      { type: "document", source: { type: "url", url: "https://example.test/a" } },
      2000,
    ],
  ])("%s", (_what, block, tokens) => {
    expect(one(block)).toBe(tokens);
  });

  test("documents of text count as their text", () => {
    const source = { type: "text", media_type: "text/plain", data: "Hello there" };
    expect(one({ type: "document", source })).toBe(one(text("Hello there")));
    const content = { type: "content", content: [text("Hello there"), png(1, 1)] };
    expect(one({ type: "document", source: content })).toBe(one(text("Hello there")) + 1);
    expect(one({ type: "document", source: { type: "content", content: "Hello there" } })).toBe(
      one(text("Hello there")),
    );
    expect(one({ type: "document", source, title: "Title", context: "Context" })).toBe(
      one(text("Hello there")) + one(text("Title")) + one(text("Context")),
    );
  });

  test("an image in a tool result counts like one beside it", () => {
    const result = {
      type: "tool_result",
      tool_use_id: "a",
      content: [png(200, 200), text("seen")],
    };
    expect(one(result)).toBe(12 + 54 + one(text("seen")));
  });
});

describe("blocks of history", () => {
  test.each([
    ["signatures", { type: "thinking", thinking: "", signature: "x".repeat(1000) }, 0],
    ["redacted thinking", { type: "redacted_thinking", data: "x".repeat(1000) }, 0],
    ["tool changes", { type: "tool_addition", tool: { name: "x".repeat(1000) } }, 0],
    ["an empty result", { type: "tool_result", tool_use_id: "a" }, 12],
    [
      "a reference",
      {
        type: "tool_result",
        tool_use_id: "a",
        content: [{ type: "tool_reference", tool_name: "foo" }],
      },
      25,
    ],
  ])("%s", (_what, block, tokens) => {
    expect(one(block)).toBe(tokens);
  });

  test("thinking counts its text", () => {
    expect(one({ type: "thinking", thinking: "Hello there", signature: "s" })).toBe(
      one(text("Hello there")),
    );
  });

  test("of a server tool's block the encrypted part counts nothing", () => {
    const result = { type: "web_search_result", url: "https://example.test", title: "News" };
    const block = { type: "web_search_tool_result", tool_use_id: "s", content: [result] };
    const encrypted = { ...result, encrypted_content: "x".repeat(10_000), encrypted_index: "y" };
    expect(one({ ...block, content: [encrypted] })).toBe(one(block));
    expect(one(block)).toBeGreaterThan(5);
  });

  test("a search result counts title, source and texts", () => {
    const block = {
      type: "search_result",
      title: "Docs",
      source: "https://example.test",
      content: [text("It is 42.")],
    };
    expect(one(block)).toBe(
      one(text("Docs")) + one(text("https://example.test")) + one(text("It is 42.")),
    );
  });
});

describe("properties", () => {
  const message = fc.oneof(
    fc.string().map((value) => user(value)),
    fc.array(fc.string().map(text)).map((blocks) => user(blocks)),
    fc.jsonValue().map((input): MessageParam => ({
      role: "assistant",
      // fast-check's JSON has undefined nowhere.
      content: [{ type: "tool_use", id: "a", name: "b", input: { input } as never }],
    })),
  );
  const tool = fc
    .record({ name: fc.string({ minLength: 1 }), description: fc.string() })
    .map((fields): ToolParam => ({ ...fields, input_schema: { type: "object" } }));
  const request = fc.record({
    system: fc.array(fc.string().map(text)),
    tools: fc.array(tool),
    messages: fc.array(message),
  });

  test("the count of two requests' parts together is the sum of their counts", () => {
    fc.assert(
      fc.property(request, request, (a, b) => {
        const both = {
          system: [...a.system, ...b.system],
          tools: [...a.tools, ...b.tools],
          messages: [...a.messages, ...b.messages],
        };
        expect(count(both)).toBe(count(a) + count(b));
      }),
    );
  });

  test("more text never counts less", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (a, b) => {
        expect(one(text(a + b))).toBeGreaterThanOrEqual(one(text(a)));
        expect(textUnits(a + b)).toBe(textUnits(a) + textUnits(b));
      }),
    );
  });

  test("a JSON value weighs at least as much as its strings", () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (list) => {
        const strings = list.reduce((sum, each) => sum + textUnits(each), 0);
        expect(jsonUnits(list)).toBeGreaterThan(strings);
        expect(jsonUnits({ list })).toBeGreaterThan(jsonUnits(list));
      }),
    );
    expect([jsonUnits(null), jsonUnits(true), jsonUnits(undefined)]).toEqual([
      UNITS_PER_TOKEN,
      UNITS_PER_TOKEN,
      UNITS_PER_TOKEN,
    ]);
    expect(jsonUnits(-12.5)).toBe(50);
  });
});
