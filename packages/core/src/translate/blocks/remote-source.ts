import type { Part } from "../../google/generate-content.ts";
import { refuseBlock } from "../refusal.ts";
import type { TranslationScope } from "../scope.ts";

const MEDIA_TYPE_OF_EXTENSION: ReadonlyMap<string, string> = new Map([
  ["png", "image/png"],
  ["jpg", "image/jpeg"],
  ["jpeg", "image/jpeg"],
  ["webp", "image/webp"],
  ["gif", "image/gif"],
  ["heic", "image/heic"],
  ["heif", "image/heif"],
  ["pdf", "application/pdf"],
]);

/**
 * A part that names a URL, for Gemini alone; other families get a 400. Nothing is fetched here. The media type is read from
 * the path's ending, `otherwise` where that says nothing. Source: cloud-code §4.1 (`fileData`), §4.3.
 */
export function fileDataFromUrl(url: string, otherwise: string, scope: TranslationScope): Part {
  if (scope.model.family !== "gemini") {
    refuseBlock(
      scope,
      "source",
      "URL sources are not supported for this model; send base64 instead",
    );
  }
  const extension = /\.([a-z0-9]+)(?:[?#]|$)/i.exec(url)?.[1]?.toLowerCase() ?? "";
  const mimeType = MEDIA_TYPE_OF_EXTENSION.get(extension) ?? otherwise;
  return { fileData: { mimeType, fileUri: url } };
}

/** Refuses an uploaded file. Source: cloud-code §4.3 (`file`). */
export function refuseFileSource(scope: TranslationScope): never {
  return refuseBlock(
    scope,
    "source",
    "file sources are not supported, since the Files API does not exist here; send base64 instead",
  );
}
