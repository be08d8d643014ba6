import { describe, expect, test } from "vitest";
import {
  assistantBlocks,
  droppedOf,
  messageOf,
  NEW,
  OLD,
  PNG,
  request,
  userBlocks,
} from "./__fixtures__/requests.ts";
import { SERVER_TOOL_BLOCKS } from "./check-block.ts";

const PDF = "JVBERi0xLjQKJSBleGFtcGxlCiUlRU9GCg==";
const png = (data: unknown = PNG, mediaType: unknown = "image/png") => ({
  type: "image",
  source: { type: "base64", media_type: mediaType, data },
});
const document = (source: unknown, fields: object = {}) => ({
  type: "document",
  source,
  ...fields,
});
const AT = "messages.0.content.0";

type Row = readonly [string, unknown, string];

describe("blocks of a user message", () => {
  test.each<Row>([
    ["text", { type: "text", text: "a" }, "valid"],
    [
      "text with everything ignored",
      { type: "text", text: "a", cache_control: {}, citations: null },
      "valid",
    ],
    ["no text", { type: "text" }, `${AT}.text.text: Field required`],
    [
      "text of a number",
      { type: "text", text: 1 },
      `${AT}.text.text: Input should be a valid string`,
    ],
    ["a string in the list", "hello", `${AT}: Input should be a valid dictionary`],
    ["null in the list", null, `${AT}: Input should be a valid dictionary`],
    ["no type", { text: "a" }, `${AT}.type: Field required`],
    ["a type of null", { type: null }, `${AT}.type: Input should be a valid string`],
    [
      "an unknown type",
      { type: "mystery" },
      `${AT}: Input tag 'mystery' found using 'type' does not match any of the expected tags: ` +
        "'text', 'image', 'document', 'search_result', 'tool_result', " +
        SERVER_TOOL_BLOCKS.map((type) => `'${type}'`).join(", "),
    ],
    [
      "tool_use",
      { type: "tool_use", id: "a", name: "b", input: {} },
      `${AT}: \`tool_use\` blocks can only be in \`assistant\` messages`,
    ],
    [
      "thinking",
      { type: "thinking", thinking: "a", signature: "b" },
      `${AT}: \`thinking\` blocks can only be in \`assistant\` messages`,
    ],
    [
      "container_upload",
      { type: "container_upload", file_id: "f" },
      `${AT}: content block type 'container_upload' is not supported by this backend`,
    ],
    [
      "browser_state",
      { type: "browser_state" },
      `${AT}: content block type 'browser_state' is not supported by this backend`,
    ],
  ])("%s", (_what, block, message) => {
    expect(messageOf(userBlocks(block))).toBe(message);
  });

  test.each(["toString", "__proto__", "constructor"])("a type named %s is unknown", (type) => {
    expect(messageOf(userBlocks({ type }))).toContain(`Input tag '${type}' found using 'type'`);
  });

  test("a type of 100,000 characters and control characters is cut and cleaned", () => {
    const message = messageOf(userBlocks({ type: `\u001b[31m${"x".repeat(100_000)}` }));
    expect(message.length).toBeLessThan(1000);
    expect(message).not.toContain("\u001b");
  });
});

describe("images", () => {
  const source = `${AT}.image.source`;

  test.each<Row>([
    ["base64", png(), "valid"],
    ["base64 without padding", png(PNG.slice(0, -2)), "valid"],
    ["data that begins like no image", png("aGVsbG8="), "valid"],
    ["no source", { type: "image" }, `${source}: Field required`],
    [
      "a source that is a string",
      { type: "image", source: PNG },
      `${source}: Input should be a valid dictionary`,
    ],
    ["a source without type", { type: "image", source: {} }, `${source}.type: Field required`],
    [
      "a source of unknown type",
      { type: "image", source: { type: "ftp" } },
      `${source}: Input tag 'ftp' found using 'type' does not match any of the expected tags: 'base64', 'url', 'file'`,
    ],
    [
      "no data",
      png(undefined).source && {
        type: "image",
        source: { type: "base64", media_type: "image/png" },
      },
      `${source}.base64.data: Field required`,
    ],
    [
      "no media type",
      { type: "image", source: { type: "base64", data: PNG } },
      `${source}.base64.media_type: Field required`,
    ],
    [
      "another media type",
      png(PNG, "image/tiff"),
      `${source}.base64.media_type: Input should be 'image/jpeg', 'image/png', 'image/gif' or 'image/webp'`,
    ],
    ["data of a number", png(5), `${source}.base64.data: Input should be a valid string`],
    ["no bytes", png(""), `${source}.base64: image cannot be empty`],
    [
      "line breaks",
      png(`${PNG.slice(0, 20)}\n${PNG.slice(20)}`),
      `${source}.base64: invalid base64 data`,
    ],
    [
      "a data: prefix",
      png(`data:image/png;base64,${PNG}`),
      `${source}.base64: invalid base64 data`,
    ],
    [
      "a PNG that is called JPEG",
      png(PNG, "image/jpeg"),
      `${source}.base64: Image does not match the provided media type image/jpeg; its data is image/png`,
    ],
    [
      "a URL",
      { type: "image", source: { type: "url", url: "https://example.test/a.png" } },
      "valid",
    ],
    ["no URL", { type: "image", source: { type: "url" } }, `${source}.url.url: Field required`],
    [
      "a file: URL",
      { type: "image", source: { type: "url", url: "file:///etc/passwd" } },
      `${source}.url.url: Only HTTP and HTTPS URLs are supported`,
    ],
    [
      "a file id",
      { type: "image", source: { type: "file", file_id: "f" } },
      `${source}.file: file sources are not supported: this server has no Files API, send base64`,
    ],
  ])("%s", (_what, block, message) => {
    expect(messageOf(userBlocks(block))).toBe(message);
  });
});

describe("documents and search results", () => {
  const source = `${AT}.document.source`;
  const content = (value: unknown) => document({ type: "content", content: value });
  const result = (fields: object) => ({
    type: "search_result",
    source: "s",
    title: "t",
    ...fields,
  });

  test.each<Row>([
    ["PDF", document({ type: "base64", media_type: "application/pdf", data: PDF }), "valid"],
    ["text", document({ type: "text", media_type: "text/plain", data: "" }), "valid"],
    [
      "null title and context",
      document(
        { type: "text", media_type: "text/plain", data: "a" },
        { title: null, context: null },
      ),
      "valid",
    ],
    ["content as string", content("a"), "valid"],
    ["content as blocks", content([{ type: "text", text: "a" }, png()]), "valid"],
    ["URL", document({ type: "url", url: "http://example.test/a.pdf" }), "valid"],
    ["no content", document({ type: "content" }), `${source}.content.content: Field required`],
    ["content of null", content(null), `${source}.content.content: Input should be a valid list`],
    [
      "a document inside",
      content([document({ type: "text", media_type: "text/plain", data: "a" })]),
      `${source}.content.content.0: Input tag 'document' found using 'type' does not match any of the expected tags: 'text', 'image'`,
    ],
    [
      "a bad image inside",
      content(["a", png("?")].slice(1)),
      `${source}.content.content.0.image.source.base64: invalid base64 data`,
    ],
    [
      "a Word file",
      document({ type: "base64", media_type: "application/msword", data: PDF }),
      `${source}.base64.media_type: Input should be 'application/pdf'`,
    ],
    [
      "text of HTML",
      document({ type: "text", media_type: "text/html", data: "a" }),
      `${source}.text.media_type: Input should be 'text/plain'`,
    ],
    [
      "no PDF data",
      document({ type: "base64", media_type: "application/pdf", data: "" }),
      `${source}.base64: document cannot be empty`,
    ],
    [
      "a file id",
      document({ type: "file", file_id: "f" }),
      `${source}.file: file sources are not supported: this server has no Files API, send base64`,
    ],
    [
      "a title of a number",
      document({ type: "text", media_type: "text/plain", data: "a" }, { title: 1 }),
      `${AT}.document.title: Input should be a valid string`,
    ],
    ["a search result", result({ content: [{ type: "text", text: "a" }] }), "valid"],
    ["without content", result({}), `${AT}.search_result.content: Field required`],
    [
      "with a string",
      result({ content: "a" }),
      `${AT}.search_result.content: Input should be a valid list`,
    ],
    [
      "with a nameless text",
      result({ content: [{ type: "text" }] }),
      `${AT}.search_result.content.0.text.text: Field required`,
    ],
    [
      "without title",
      { type: "search_result", source: "s", content: [] },
      `${AT}.search_result.title: Field required`,
    ],
  ])("%s", (_what, block, message) => {
    expect(messageOf(userBlocks(block))).toBe(message);
  });
});

describe("blocks of an assistant message", () => {
  const at = "messages.1.content.0";

  test.each<Row>([
    ["thinking", { type: "thinking", thinking: "", signature: "" }, "valid"],
    [
      "thinking without signature",
      { type: "thinking", thinking: "a" },
      `${at}.thinking.signature: Field required`,
    ],
    [
      "thinking without text",
      { type: "thinking", signature: "a" },
      `${at}.thinking.thinking: Field required`,
    ],
    ["redacted thinking", { type: "redacted_thinking", data: "AAAA" }, "valid"],
    [
      "redacted thinking without data",
      { type: "redacted_thinking" },
      `${at}.redacted_thinking.data: Field required`,
    ],
    [
      "tool_use without id",
      { type: "tool_use", name: "a", input: {} },
      `${at}.tool_use.id: Field required`,
    ],
    [
      "tool_use with an empty id",
      { type: "tool_use", id: "", name: "a", input: {} },
      `${at}.tool_use.id: String should have at least 1 character`,
    ],
    [
      "tool_use without name",
      { type: "tool_use", id: "a", input: {} },
      `${at}.tool_use.name: Field required`,
    ],
    [
      "tool_use without input",
      { type: "tool_use", id: "a", name: "b" },
      `${at}.tool_use.input: Field required`,
    ],
    [
      "tool_use with a text",
      { type: "tool_use", id: "a", name: "b", input: "{}" },
      `${at}.tool_use.input: Input should be a valid dictionary`,
    ],
    [
      "tool_use with a list",
      { type: "tool_use", id: "a", name: "b", input: [] },
      `${at}.tool_use.input: Input should be a valid dictionary`,
    ],
    [
      "tool_result",
      { type: "tool_result", tool_use_id: "a" },
      `${at}: \`tool_result\` blocks can only be in \`user\` messages`,
    ],
  ])("%s", (_what, block, message) => {
    expect(messageOf(assistantBlocks(block))).toBe(message);
  });

  test.each(SERVER_TOOL_BLOCKS)(
    "%s of a resumed history is accepted, whatever it holds",
    (type) => {
      const block = { type, content: [{ odd: [1, null] }], input: "x" };
      expect(messageOf(assistantBlocks(block, { type: "text", text: "a" }))).toBe("valid");
      expect(droppedOf(assistantBlocks(block))).toEqual([]);
    },
  );
});

describe("tool results", () => {
  const withResult = (fields: object) =>
    request({
      messages: [
        { role: "user", content: "go" },
        { role: "assistant", content: [{ type: "tool_use", id: "a", name: "b", input: {} }] },
        { role: "user", content: [{ tool_use_id: "a", type: "tool_result", ...fields }] },
      ],
    });
  const at = "messages.2.content.0.tool_result";

  test.each<readonly [string, object, string]>([
    ["no content", {}, "valid"],
    ["a string", { content: "", is_error: true }, "valid"],
    ["no blocks", { content: [] }, "valid"],
    [
      "every block",
      {
        content: [
          { type: "text", text: "a" },
          png(),
          document({ type: "base64", media_type: "application/pdf", data: PDF }),
          { type: "search_result", source: "s", title: "t", content: [] },
          { type: "tool_reference", tool_name: "WebFetch" },
        ],
      },
      "valid",
    ],
    ["content of null", { content: null }, `${at}.content: Input should be a valid list`],
    [
      "content of a block",
      { content: { type: "text", text: "a" } },
      `${at}.content: Input should be a valid list`,
    ],
    ["is_error as text", { is_error: "no" }, `${at}.is_error: Input should be a valid boolean`],
    ["an id of a number", { tool_use_id: 1 }, `${at}.tool_use_id: Input should be a valid string`],
    [
      "a nameless reference",
      { content: [{ type: "tool_reference" }] },
      `${at}.content.0.tool_reference.tool_name: Field required`,
    ],
    [
      "a bad image",
      { content: [{ type: "text", text: "a" }, png("a b")] },
      `${at}.content.1.image.source.base64: invalid base64 data`,
    ],
    [
      "a browser state",
      { content: [{ type: "browser_state" }] },
      `${at}.content.0: content block type 'browser_state' is not supported by this backend`,
    ],
    [
      "a call",
      { content: [{ type: "tool_use" }] },
      `${at}.content.0: Input tag 'tool_use' found using 'type' does not match any of the expected tags: 'text', 'image', 'document', 'search_result', 'tool_reference'`,
    ],
  ])("%s", (_what, fields, message) => {
    expect(messageOf(withResult(fields))).toBe(message);
  });
});

describe("anthropic-version", () => {
  const cited = { type: "text", text: "a", citations: [{ cited_text: "b" }] };
  const plain = document({ type: "text", media_type: "text/plain", data: "a" });

  test("a document in an assistant message belongs to the older one", () => {
    expect(messageOf(assistantBlocks(plain), OLD)).toBe("valid");
    expect(messageOf(assistantBlocks(plain), NEW)).toBe(
      "messages.1.content.0: `document` blocks can only be in `user` messages",
    );
    expect(messageOf(userBlocks(plain), NEW)).toBe("valid");
  });

  test("citations in a user's text belong to the older one, in an assistant's to both", () => {
    const message = `${AT}.text.citations: Extra inputs are not permitted`;
    expect(messageOf(userBlocks(cited), OLD)).toBe("valid");
    expect(messageOf(userBlocks(cited), NEW)).toBe(message);
    expect(messageOf(userBlocks({ ...cited, citations: [] }), NEW)).toBe("valid");
    expect(messageOf(assistantBlocks(cited), NEW)).toBe("valid");
  });

  test("citations in a search result belong to the older one", () => {
    const block = { type: "search_result", source: "s", title: "t", content: [cited] };
    expect(messageOf(userBlocks(block), OLD)).toBe("valid");
    expect(messageOf(userBlocks(block), NEW)).toBe(
      `${AT}.search_result.content.0.text.citations: Extra inputs are not permitted`,
    );
  });
});
