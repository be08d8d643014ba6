import { describe, expect, test } from "vitest";
import type { MessageParam, ToolResultBlockParam } from "../../anthropic/messages.ts";
import type { Part } from "../../google/generate-content.ts";
import { MODELS, refusal, translated } from "../__fixtures__/request-context.ts";

const PNG = { type: "base64", media_type: "image/png", data: "iVBORw0KGgo=" } as const;
const PDF = { type: "base64", media_type: "application/pdf", data: "JVBERi0=" } as const;
const PNG_PART: Part = { inlineData: { mimeType: "image/png", data: "iVBORw0KGgo=" } };
const PDF_PART: Part = { inlineData: { mimeType: "application/pdf", data: "JVBERi0=" } };

function conversation(result: Omit<ToolResultBlockParam, "type" | "tool_use_id">): MessageParam[] {
  return [
    { role: "user", content: "Go" },
    { role: "assistant", content: [{ type: "tool_use", id: "t1", name: "Read", input: {} }] },
    { role: "user", content: [{ type: "tool_result", tool_use_id: "t1", ...result }] },
  ];
}

/** The response and what follows it. */
function answer(result: Omit<ToolResultBlockParam, "type" | "tool_use_id">): unknown[] {
  const { request } = translated({ messages: conversation(result) });
  const [first, ...rest] = request.contents[2]?.parts ?? [];
  return [first?.functionResponse?.response, ...rest];
}

describe("tool_result", () => {
  test.each<[string, Omit<ToolResultBlockParam, "type" | "tool_use_id">, unknown[]]>([
    ["a string", { content: "a" }, [{ result: "a" }]],
    ["a string that looks like JSON", { content: '{"a":1.0}' }, [{ result: '{"a":1.0}' }]],
    ["an empty string", { content: "" }, [{ result: "" }]],
    ["no content", {}, [{ result: "" }]],
    ["an empty list", { content: [] }, [{ result: "" }]],
    ["a failure", { content: "ENOENT", is_error: true }, [{ error: "ENOENT" }]],
    ["no failure", { content: "a", is_error: false }, [{ result: "a" }]],
    [
      "texts",
      {
        content: [
          { type: "text", text: "a" },
          { type: "text", text: "" },
          { type: "text", text: " b " },
        ],
      },
      [{ result: "a\n b " }],
    ],
    [
      "an image alone",
      { content: [{ type: "image", source: PNG }] },
      [{ result: "Image attached" }, PNG_PART],
    ],
    [
      "images alone",
      {
        content: [
          { type: "image", source: PNG },
          { type: "image", source: PNG },
        ],
      },
      [{ result: "2 files attached" }, PNG_PART, PNG_PART],
    ],
    [
      "a failure with an image",
      { content: [{ type: "image", source: PNG }], is_error: true },
      [{ error: "Image attached" }, PNG_PART],
    ],
    [
      "a PDF",
      { content: [{ type: "document", source: PDF }] },
      [{ result: "Document attached" }, PDF_PART],
    ],
    [
      "a PDF with a title",
      { content: [{ type: "document", source: PDF, title: "R" }] },
      [{ result: '<document title="R">Attached.</document>' }, PDF_PART],
    ],
    [
      "a text document",
      {
        content: [
          { type: "text", text: "a" },
          { type: "document", source: { type: "text", media_type: "text/plain", data: "b" } },
        ],
      },
      [{ result: "a\n<document>\nb\n</document>" }],
    ],
    [
      "a search result",
      {
        content: [
          {
            type: "search_result",
            title: "T",
            source: "s",
            content: [{ type: "text", text: "a" }],
          },
        ],
      },
      [{ result: '<search_result title="T" source="s">\na\n</search_result>' }],
    ],
    [
      "a tool that was found",
      { content: [{ type: "tool_reference", tool_name: "mcp/files.search" }] },
      [{ result: "Loaded tool: mcp_files_search" }],
    ],
  ])("%s", (_name, result, expected) => {
    expect(answer(result)).toEqual(expected);
  });

  test("an unknown block in a result is refused, not a crash", () => {
    // The validator lets no such block pass.
    const content = [{ type: "browser_state" }] as unknown as [];
    expect(refusal({ messages: conversation({ content }) })).toBe(
      "messages.2.content.0.content: content block type browser_state is not supported by this backend",
    );
  });

  test("a result of a model that takes no images is refused with its path", () => {
    const messages = conversation({ content: [{ type: "image", source: PNG }] });
    expect(refusal({ messages }, MODELS.gpt)).toContain("messages.2.content.0.source.media_type");
  });
});
