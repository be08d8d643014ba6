import { decodedSize } from "./base64.ts";
import { imageSize } from "./image-size.ts";
import type {
  CountTokensRequest,
  DocumentBlockParam,
  ImageBlockParam,
  JsonValue,
  MessageParam,
  SearchResultBlockParam,
  ToolParam,
  ToolResultBlockParam,
} from "./messages.ts";
import { jsonUnits, textUnits, unitsToTokens } from "./text-tokens.ts";
import { DEFERRED_TOOL_PLACEHOLDER, toolKindOf } from "./tool-kind.ts";

/** Role and separators of one message. */
const MESSAGE_TOKENS = 4;
/** What surrounds a declared function, a call or a result. */
const TOOL_TOKENS = 12;
/** A tool that Anthropic defined: its schema is written here, not in the request. */
const DEFINED_TOOL_TOKENS = 300;

/** Anthropic's published rule: width × height / 750, after scaling the longer side to 1568. */
const PIXELS_PER_TOKEN = 750;
const MAX_SIDE_PIXELS = 1568;
/** An image of unknown size counts as the largest. */
const MAX_IMAGE_TOKENS = 1600;

/** Published range: 1500 to 3000 a page. Pages are guessed from the file's size: counting them would mean to decode it. */
const PDF_PAGE_TOKENS = 2000;
const PDF_PAGE_BYTES = 100_000;
const MAX_PDF_PAGES = 100;

/** Parts of server tool blocks that are no text for the model. */
const OPAQUE_KEYS: ReadonlySet<string> = new Set([
  "type",
  "encrypted_content",
  "encrypted_index",
  "encrypted_stdout",
  "signature",
  "data",
]);

/**
 * Estimates the input tokens of a valid request, for `count_tokens` and `message_start`, without asking anybody: 2 ms for
 * a body of 1 MB.
 *
 * The estimate is a sum over the system's blocks, the tools and the messages' blocks, each rounded up by itself and none
 * influenced by another: exactly additive, so that differences of counts mean something, and never smaller for more
 * content. Signatures and redacted thinking count nothing, deferred tools count, the placeholder of tool search does not.
 *
 * Source: anthropic-messages §9.
 */
export function estimateTokens(request: CountTokensRequest): number {
  let tokens = 0;
  if (typeof request.system === "string") tokens += textTokens(request.system);
  else for (const block of request.system ?? []) tokens += textTokens(block.text);
  for (const tool of request.tools ?? []) tokens += toolTokens(tool);
  for (const message of request.messages) tokens += messageTokens(message);
  const format = request.output_config?.format ?? request.output_format ?? undefined;
  return format === undefined ? tokens : tokens + unitsToTokens(jsonUnits(format.schema));
}

function textTokens(text: string): number {
  return unitsToTokens(textUnits(text));
}

function toolTokens(tool: ToolParam): number {
  if (tool.name === DEFERRED_TOOL_PLACEHOLDER) return 0;
  if (toolKindOf(tool.type) !== "custom") return DEFINED_TOOL_TOKENS;
  const examples = (tool.input_examples ?? []).map((example) => jsonUnits(example));
  const units =
    textUnits(tool.name) + textUnits(tool.description ?? "") + jsonUnits(tool.input_schema);
  return TOOL_TOKENS + unitsToTokens(examples.reduce((sum, each) => sum + each, units));
}

function messageTokens(message: MessageParam): number {
  if (typeof message.content === "string") return MESSAGE_TOKENS + textTokens(message.content);
  let tokens = MESSAGE_TOKENS;
  for (const block of message.content) tokens += blockTokens(block);
  return tokens;
}

type Block = Exclude<MessageParam["content"], string>[number];

function blockTokens(block: Block): number {
  switch (block.type) {
    case "text":
      return textTokens(block.text);
    case "image":
      return imageTokens(block);
    case "document":
      return documentTokens(block);
    case "search_result":
      return searchResultTokens(block);
    case "tool_use":
      return TOOL_TOKENS + unitsToTokens(textUnits(block.name) + jsonUnits(block.input));
    case "tool_result":
      return TOOL_TOKENS + toolResultTokens(block);
    case "thinking":
      return textTokens(block.thinking);
    case "redacted_thinking":
    case "tool_addition":
    case "tool_removal":
      return 0;
    default:
      // A server tool's block came out of JSON, whatever its fields are.
      return unitsToTokens(jsonUnits(block as unknown as JsonValue, OPAQUE_KEYS));
  }
}

function toolResultTokens({ content }: ToolResultBlockParam): number {
  if (content === undefined) return 0;
  if (typeof content === "string") return textTokens(content);
  let tokens = 0;
  for (const block of content) {
    tokens +=
      block.type === "tool_reference"
        ? TOOL_TOKENS + textTokens(block.tool_name)
        : blockTokens(block);
  }
  return tokens;
}

function searchResultTokens(block: SearchResultBlockParam): number {
  let tokens = textTokens(block.title) + textTokens(block.source);
  for (const text of block.content) tokens += textTokens(text.text);
  return tokens;
}

function imageTokens({ source }: ImageBlockParam): number {
  const size = source.type === "base64" ? imageSize(source.data) : undefined;
  if (size === undefined) return MAX_IMAGE_TOKENS;
  const scale = Math.min(1, MAX_SIDE_PIXELS / Math.max(size.width, size.height));
  const pixels = size.width * size.height * scale * scale;
  return Math.min(MAX_IMAGE_TOKENS, Math.ceil(pixels / PIXELS_PER_TOKEN));
}

function documentTokens(block: DocumentBlockParam): number {
  return (
    textTokens(block.title ?? "") + textTokens(block.context ?? "") + sourceTokens(block.source)
  );
}

function sourceTokens(source: DocumentBlockParam["source"]): number {
  switch (source.type) {
    case "text":
      return textTokens(source.data);
    case "content": {
      if (typeof source.content === "string") return textTokens(source.content);
      return source.content.reduce((sum, block) => sum + blockTokens(block), 0);
    }
    case "base64": {
      const pages = Math.ceil(decodedSize(source.data) / PDF_PAGE_BYTES);
      return Math.min(pages, MAX_PDF_PAGES) * PDF_PAGE_TOKENS;
    }
    default:
      return PDF_PAGE_TOKENS;
  }
}
