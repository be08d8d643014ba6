import type {
  DocumentBlockParam,
  ImageBlockParam,
  TextBlockParam,
} from "../../anthropic/messages.ts";
import { assertNever } from "../../assert-never.ts";
import type { Part } from "../../google/generate-content.ts";
import type { PartSink } from "../part-sink.ts";
import type { TranslationScope } from "../scope.ts";
import { translateImage } from "./image.ts";
import { checkMediaType } from "./media-types.ts";
import { fileDataFromUrl, refuseFileSource } from "./remote-source.ts";
import { openingTag } from "./tagged-text.ts";

const CLOSING_TAG = "</document>";

/**
 * Adds a document: a PDF as data, text as text. Title and context become attributes of a `<document>` tag around it.
 *
 * Source: cloud-code §4.3 (`document`).
 */
export function translateDocument(
  block: DocumentBlockParam,
  scope: TranslationScope,
  sink: PartSink,
): void {
  const { source } = block;
  switch (source.type) {
    case "base64":
      checkMediaType(scope, source.media_type);
      return addFile(
        block,
        { inlineData: { mimeType: source.media_type, data: source.data } },
        sink,
      );
    case "text":
      return addText(block, source.data, sink);
    case "content":
      return addContent(block, source.content, scope, sink);
    case "url":
      return addFile(block, fileDataFromUrl(source.url, "application/pdf", scope), sink);
    case "file":
      return refuseFileSource(scope);
    default:
      return assertNever(source);
  }
}

function tagOf(block: DocumentBlockParam): string {
  return openingTag("document", [
    ["title", block.title],
    ["context", block.context],
  ]);
}

function addText(block: DocumentBlockParam, text: string, sink: PartSink): void {
  sink.text(`${tagOf(block)}\n${text}\n${CLOSING_TAG}`);
}

function addFile(block: DocumentBlockParam, file: Part, sink: PartSink): void {
  if (!block.title && !block.context) return sink.media(file);
  if (!sink.inline) {
    sink.text(`${tagOf(block)}Attached.${CLOSING_TAG}`);
    return sink.media(file);
  }
  sink.text(tagOf(block));
  sink.media(file);
  sink.text(CLOSING_TAG);
}

function addContent(
  block: DocumentBlockParam,
  content: string | readonly (TextBlockParam | ImageBlockParam)[],
  scope: TranslationScope,
  sink: PartSink,
): void {
  if (typeof content === "string") return addText(block, content, sink);
  // Text in a row goes into one part, with the tag before it and the closing tag behind it.
  let text = tagOf(block);
  for (const item of content) {
    if (item.type === "text") {
      text += text === "" ? item.text : `\n${item.text}`;
      continue;
    }
    if (text !== "") sink.text(text);
    text = "";
    translateImage(item, scope, sink);
  }
  sink.text(text === "" ? CLOSING_TAG : `${text}\n${CLOSING_TAG}`);
}
