import { describe, expect, test } from "vitest";
import type { AssistantBlockParam, ServerToolBlockParam } from "../../anthropic/messages.ts";
import type { Part } from "../../google/generate-content.ts";
import { MODELS, refusal, translated } from "../__fixtures__/request-context.ts";

function request(blocks: readonly AssistantBlockParam[]) {
  return {
    messages: [
      { role: "user", content: "Go" },
      { role: "assistant", content: blocks },
      { role: "user", content: "On" },
    ],
  } as const;
}

function modelParts(blocks: readonly AssistantBlockParam[]): Part[] | undefined {
  return translated(request(blocks)).request.contents.find(({ role }) => role === "model")?.parts;
}

describe("blocks of Anthropic's own servers", () => {
  test.each<[string, ServerToolBlockParam[], string]>([
    [
      "a search and its results are one part",
      [
        { type: "server_tool_use", id: "s1", name: "web_search", input: { query: "news" } },
        {
          type: "web_search_tool_result",
          tool_use_id: "s1",
          content: [
            {
              type: "web_search_result",
              title: "A",
              url: "https://a.test",
              encrypted_content: "x",
            },
            { type: "web_search_result", title: "B", url: "https://b.test", page_age: null },
          ],
        },
      ],
      "Web search: news\n- A – https://a.test\n- B – https://b.test",
    ],
    [
      "a search that failed",
      [
        {
          type: "web_search_tool_result",
          tool_use_id: "s1",
          content: { type: "web_search_tool_result_error", error_code: "max_uses_exceeded" },
        },
      ],
      "Web search failed: max_uses_exceeded",
    ],
    [
      "a page that was fetched",
      [
        { type: "server_tool_use", id: "s1", name: "web_fetch", input: { url: "https://a.test" } },
        {
          type: "web_fetch_tool_result",
          tool_use_id: "s1",
          content: {
            type: "web_fetch_result",
            url: "https://a.test",
            content: {
              type: "document",
              title: "A",
              source: { type: "text", media_type: "text/plain", data: "Hello" },
            },
          },
        },
      ],
      "Web fetch: https://a.test\nhttps://a.test\nA\nHello",
    ],
    [
      "a PDF that was fetched loses its data",
      [
        {
          type: "web_fetch_tool_result",
          content: {
            type: "web_fetch_result",
            url: "https://a.test",
            content: { type: "document", source: { type: "base64", data: "JVBERi0=" } },
          },
        },
      ],
      "https://a.test",
    ],
    [
      "code and its output",
      [
        { type: "server_tool_use", name: "code_execution", input: { code: "print(1)" } },
        {
          type: "code_execution_tool_result",
          content: { type: "code_execution_result", stdout: "1\n", stderr: "", return_code: 0 },
        },
      ],
      "Code execution: print(1)\n1\n",
    ],
    [
      "a command with several inputs",
      [{ type: "server_tool_use", name: "bash_code_execution", input: { command: "ls", n: 1 } }],
      'Bash code execution: {"command":"ls","n":1}',
    ],
    [
      "bash output",
      [
        {
          type: "bash_code_execution_tool_result",
          content: { type: "bash_code_execution_result", stdout: "a", stderr: "b" },
        },
      ],
      "a\nb",
    ],
    [
      "an edited file",
      [
        {
          type: "text_editor_code_execution_tool_result",
          content: { type: "text_editor_code_execution_str_replace_result", lines: ["-a", "+b"] },
        },
      ],
      "-a\n+b",
    ],
    [
      "tools that were found",
      [
        {
          type: "tool_search_tool_result",
          content: {
            type: "tool_search_tool_search_result",
            tool_references: [{ type: "tool_reference", tool_name: "Read" }],
          },
        },
      ],
      "Read",
    ],
    [
      "an MCP call",
      [
        { type: "mcp_tool_use", id: "m1", name: "echo", server_name: "s", input: { text: "hi" } },
        { type: "mcp_tool_result", tool_use_id: "m1", content: [{ type: "text", text: "hi" }] },
      ],
      "Echo: hi\nhi",
    ],
    ["a summary", [{ type: "compaction", content: "So far: nothing." }], "So far: nothing."],
    [
      "advice",
      [{ type: "advisor_tool_result", content: { type: "advisor_result", text: "Do it." } }],
      "Do it.",
    ],
  ])("%s", (_name, blocks, text) => {
    expect(modelParts(blocks)).toEqual([{ text }]);
  });

  test("text of the answer stays apart from theirs", () => {
    const search: AssistantBlockParam = {
      type: "server_tool_use",
      name: "web_search",
      input: { query: "a" },
    };
    const text: AssistantBlockParam = { type: "text", text: "b" };
    expect(modelParts([search, text, search])).toEqual([
      { text: "Web search: a" },
      { text: "b" },
      { text: "Web search: a" },
    ]);
  });

  test.each<[string, ServerToolBlockParam]>([
    ["a fall-back", { type: "fallback", from: { model: "a" }, to: { model: "b" } }],
    ["a summary that is null", { type: "compaction", content: null }],
    ["a shape that nobody knows", { type: "mcp_tool_result", content: { a: [1, { b: true }] } }],
  ])("%s leaves no text, and is no failure", (_name, block) => {
    const { request: out, dropped } = translated(request([block]));
    expect(out.contents).toEqual([{ role: "user", parts: [{ text: "Go" }, { text: "On" }] }]);
    expect(dropped).toContainEqual({
      path: "messages[].content[]",
      rule: "server_tool_block",
      count: 1,
    });
    expect(dropped).toContainEqual({ path: "messages[]", rule: "empty_message", count: 1 });
  });
});

describe("redacted_thinking", () => {
  test("is left out and counted", () => {
    const block: AssistantBlockParam = { type: "redacted_thinking", data: "AAAA" };
    const { request: out, dropped } = translated(request([block, { type: "text", text: "a" }]));
    expect(out.contents[1]?.parts).toEqual([{ text: "a" }]);
    expect(dropped).toEqual([
      { path: "messages[].content[]", rule: "redacted_thinking", count: 1 },
    ]);
  });
});

describe("media of the assistant", () => {
  const source = { type: "base64", media_type: "image/png", data: "iVBORw0KGgo=" } as const;

  test("Gemini takes them", () => {
    const out = translated(request([{ type: "image", source }]), MODELS.gemini3);
    expect(out.request.contents[1]?.parts).toEqual([
      { inlineData: { mimeType: "image/png", data: "iVBORw0KGgo=" } },
    ]);
  });

  test("Claude does not", () => {
    expect(refusal(request([{ type: "image", source }]))).toBe(
      "messages.1.content.0: claude-sonnet-4-6 takes no images or files in assistant messages",
    );
  });

  test("a document of text is text", () => {
    const data = { type: "text", media_type: "text/plain", data: "a" } as const;
    expect(modelParts([{ type: "document", source: data }])).toEqual([
      { text: "<document>\na\n</document>" },
    ]);
  });
});
