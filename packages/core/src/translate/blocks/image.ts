import type { ImageBlockParam } from "../../anthropic/messages.ts";
import { assertNever } from "../../assert-never.ts";
import type { PartSink } from "../part-sink.ts";
import type { TranslationScope } from "../scope.ts";
import { checkMediaType } from "./media-types.ts";
import { fileDataFromUrl, refuseFileSource } from "./remote-source.ts";

/** Adds an image. Its data is handed on as it is, never decoded. Source: cloud-code §4.3 (`image`). */
export function translateImage(
  block: ImageBlockParam,
  scope: TranslationScope,
  sink: PartSink,
): void {
  const { source } = block;
  switch (source.type) {
    case "base64":
      checkMediaType(scope, source.media_type);
      return sink.media({ inlineData: { mimeType: source.media_type, data: source.data } });
    case "url":
      return sink.media(fileDataFromUrl(source.url, "image/jpeg", scope));
    case "file":
      return refuseFileSource(scope);
    default:
      return assertNever(source);
  }
}
