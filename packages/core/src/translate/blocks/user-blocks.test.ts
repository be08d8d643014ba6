import { describe, expect, test } from "vitest";
import type { UserBlockParam } from "../../anthropic/messages.ts";
import type { Part } from "../../google/generate-content.ts";
import { MODELS, refusal, translated } from "../__fixtures__/request-context.ts";

const PNG = { type: "base64", media_type: "image/png", data: "iVBORw0KGgo=" } as const;
const PDF = { type: "base64", media_type: "application/pdf", data: "JVBERi0=" } as const;
const PNG_PART: Part = { inlineData: { mimeType: "image/png", data: "iVBORw0KGgo=" } };
const PDF_PART: Part = { inlineData: { mimeType: "application/pdf", data: "JVBERi0=" } };

function message(blocks: readonly UserBlockParam[]) {
  return { messages: [{ role: "user", content: blocks }] } as const;
}

function parts(blocks: readonly UserBlockParam[], model = MODELS.claude): Part[] | undefined {
  return translated(message(blocks), model).request.contents[0]?.parts;
}

describe("text", () => {
  test("keeps its white space, blank ones are left out and counted", () => {
    const blocks = ["  a\n", "", " \t\n", "b"].map((text) => ({ type: "text", text }) as const);
    expect(parts(blocks)).toEqual([{ text: "  a\n" }, { text: "b" }]);
    expect(translated(message(blocks)).dropped).toEqual([
      { path: "messages[].content[].text", rule: "empty_text", count: 2 },
    ]);
  });
});

describe("images", () => {
  test("base64 goes through as it is", () => {
    expect(parts([{ type: "image", source: PNG }])).toEqual([PNG_PART]);
  });

  test.each([
    ["image/gif", MODELS.claude],
    ["image/heic", MODELS.gemini3],
    ["audio/mp3", MODELS.gemini3],
    ["image/png", { ...MODELS.gpt, supportsImages: true }],
  ])("media type %s is taken", (mediaType, model) => {
    const request = message([{ type: "image", source: { ...PNG, media_type: mediaType } }]);
    expect(translated(request, model).request.contents[0]?.parts).toEqual([
      { inlineData: { mimeType: mediaType, data: PNG.data } },
    ]);
  });

  test.each([
    ["image/heic", MODELS.claude],
    ["audio/mp3", MODELS.claude],
    ["image/bmp", MODELS.gemini3],
    ["image/png", MODELS.gpt],
  ])("media type %s is refused", (mediaType, model) => {
    const request = message([{ type: "image", source: { ...PNG, media_type: mediaType } }]);
    expect(refusal(request, model)).toBe(
      `messages.0.content.0.source.media_type: media type '${mediaType}' is not supported by ${model.id}`,
    );
  });

  test.each([
    ["https://example.test/a.png", "image/png"],
    ["https://example.test/a.WEBP?size=2", "image/webp"],
    ["https://example.test/a", "image/jpeg"],
  ])("a URL on Gemini: %s as %s", (url, mimeType) => {
    expect(
      translated(message([{ type: "image", source: { type: "url", url } }]), MODELS.gemini3).request
        .contents[0]?.parts,
    ).toEqual([{ fileData: { mimeType, fileUri: url } }]);
  });

  test.each(["claude", "gpt"] as const)("a URL on %s is refused", (model) => {
    const source = { type: "url", url: "https://example.test/a.png" } as const;
    const blocks = [{ type: "text", text: "a" } as const, { type: "image", source } as const];
    expect(refusal(message(blocks), MODELS[model])).toBe(
      "messages.0.content.1.source: URL sources are not supported for this model; send base64 instead",
    );
  });

  test("an uploaded file is refused", () => {
    const source = { type: "file", file_id: "file_x" } as const;
    expect(refusal(message([{ type: "image", source }]))).toContain(
      "messages.0.content.0.source: file",
    );
  });
});

describe("documents", () => {
  const text = { type: "text", media_type: "text/plain", data: "one\ntwo" } as const;

  test.each<[string, UserBlockParam, Part[]]>([
    ["PDF", { type: "document", source: PDF }, [PDF_PART]],
    [
      "PDF with title",
      { type: "document", source: PDF, title: 'The "R"' },
      [{ text: '<document title="The &quot;R&quot;">' }, PDF_PART, { text: "</document>" }],
    ],
    [
      "text",
      { type: "document", source: text, title: null, context: null },
      [{ text: "<document>\none\ntwo\n</document>" }],
    ],
    [
      "text with title and context",
      { type: "document", source: text, title: "Notes", context: "draft" },
      [{ text: '<document title="Notes" context="draft">\none\ntwo\n</document>' }],
    ],
    [
      "content as a string",
      { type: "document", source: { type: "content", content: "abc" } },
      [{ text: "<document>\nabc\n</document>" }],
    ],
    [
      "content as texts",
      {
        type: "document",
        source: {
          type: "content",
          content: [
            { type: "text", text: "a" },
            { type: "text", text: "b" },
          ],
        },
      },
      [{ text: "<document>\na\nb\n</document>" }],
    ],
    [
      "content with images between texts",
      {
        type: "document",
        title: "T",
        source: {
          type: "content",
          content: [
            { type: "text", text: "a" },
            { type: "image", source: PNG },
            { type: "image", source: PNG },
            { type: "text", text: "b" },
          ],
        },
      },
      [{ text: '<document title="T">\na' }, PNG_PART, PNG_PART, { text: "b\n</document>" }],
    ],
    [
      "content that ends with an image",
      {
        type: "document",
        source: { type: "content", content: [{ type: "image", source: PNG }] },
      },
      [{ text: "<document>" }, PNG_PART, { text: "</document>" }],
    ],
  ])("%s", (_name, block, expected) => {
    expect(parts([block])).toEqual(expected);
  });

  test("a URL on Gemini", () => {
    const block = {
      type: "document",
      source: { type: "url", url: "https://example.test/report" },
    } as const;
    expect(translated(message([block]), MODELS.gemini3).request.contents[0]?.parts).toEqual([
      { fileData: { mimeType: "application/pdf", fileUri: "https://example.test/report" } },
    ]);
    expect(refusal(message([block]))).toContain("messages.0.content.0.source: URL sources");
  });

  test("an uploaded file and a PDF for a model of text are refused", () => {
    const file = { type: "document", source: { type: "file", file_id: "f" } } as const;
    expect(refusal(message([file]))).toContain("messages.0.content.0.source: file sources");
    const pdf = { type: "document", source: PDF } as const;
    expect(refusal(message([pdf]), MODELS.gpt)).toContain("application/pdf");
  });
});

describe("search results", () => {
  test("show title, source and texts", () => {
    const block = {
      type: "search_result",
      title: "Docs",
      source: "https://example.test/docs",
      content: [
        { type: "text", text: "It is 42." },
        { type: "text", text: "Or 43." },
      ],
    } as const;
    expect(parts([block])).toEqual([
      {
        text: '<search_result title="Docs" source="https://example.test/docs">\nIt is 42.\nOr 43.\n</search_result>',
      },
    ]);
  });
});

describe("blocks that are no blocks", () => {
  test("an unknown type that slipped through is refused, not a crash", () => {
    // The validator lets no such block pass.
    const block = { type: "container_upload", file_id: "f" } as unknown as UserBlockParam;
    expect(refusal(message([block]))).toBe(
      "messages.0.content.0: content block type container_upload is not supported by this backend",
    );
  });
});
