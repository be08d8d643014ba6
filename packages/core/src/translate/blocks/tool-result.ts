import type { ToolResultBlockParam, ToolResultContent } from "../../anthropic/messages.ts";
import type { Part } from "../../google/generate-content.ts";
import type { ContentsBuilder } from "../contents-builder.ts";
import type { PartSink } from "../part-sink.ts";
import { refuseBlock } from "../refusal.ts";
import type { TranslationScope } from "../scope.ts";
import { translateDocument } from "./document.ts";
import { translateImage } from "./image.ts";
import { translateSearchResult } from "./search-result.ts";

const NO_MEDIA: readonly Part[] = [];

/**
 * Answers a call: the texts as one string under `result`, or `error` where the tool failed; images and documents follow the
 * responses as parts of their own. A text that looks like JSON stays a text, since parsing would change it.
 *
 * Source: cloud-code §4.3 (`tool_result`).
 */
export function translateToolResult(
  block: ToolResultBlockParam,
  scope: TranslationScope,
  builder: ContentsBuilder,
): void {
  const { content } = block;
  const media: Part[] = [];
  const text = typeof content === "string" ? content : resultText(content ?? [], media, scope);
  const response = block.is_error === true ? { error: text } : { result: text };
  builder.respond(block.tool_use_id, response, media.length === 0 ? NO_MEDIA : media);
}

function resultText(
  content: readonly ToolResultContent[],
  media: Part[],
  scope: TranslationScope,
): string {
  const texts: string[] = [];
  const sink: PartSink = {
    text: (text) => texts.push(text),
    media: (part) => media.push(part),
    inline: false,
  };
  for (const item of content) addItem(item, scope, sink);
  if (texts.length === 0 && media.length > 0) return attachmentNote(media);
  return texts.join("\n");
}

function addItem(item: ToolResultContent, scope: TranslationScope, sink: PartSink): void {
  switch (item.type) {
    case "text":
      if (item.text !== "") sink.text(item.text);
      return;
    case "image":
      return translateImage(item, scope, sink);
    case "document":
      return translateDocument(item, scope, sink);
    case "search_result":
      return translateSearchResult(item, sink);
    case "tool_reference":
      // The name that the model can call it by.
      return sink.text(`Loaded tool: ${scope.toolNames.toUpstream(item.tool_name)}`);
    default:
      return refuseUnknown(item, scope);
  }
}

function refuseUnknown(item: never, scope: TranslationScope): never {
  // Not validated, so that the type is what JSON gave.
  const { type } = item as { type?: unknown };
  const message = `content block type ${String(type)} is not supported by this backend`;
  return refuseBlock(scope, "content", message);
}

/** A result may not be empty beside its image: the model would take the tool for one that gave nothing. */
function attachmentNote(media: readonly Part[]): string {
  const areImages = media.every(
    ({ inlineData, fileData }) => (inlineData ?? fileData)?.mimeType?.startsWith("image/") === true,
  );
  const noun = areImages ? "Image" : "Document";
  return media.length === 1 ? `${noun} attached` : `${media.length} files attached`;
}
