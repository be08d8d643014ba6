import type { ModelInfo } from "../../models/catalogue.ts";
import { refuseBlock } from "../refusal.ts";
import type { TranslationScope } from "../scope.ts";

const CLAUDE_TYPES: readonly string[] = [
  "image/png",
  "image/jpeg",
  "image/gif",
  "image/webp",
  "application/pdf",
  "text/plain",
];

const GEMINI_TYPES: readonly string[] = [
  "image/png",
  "image/jpeg",
  "image/webp",
  "image/heic",
  "image/heif",
  "image/gif",
  "application/pdf",
  "application/json",
  "application/x-javascript",
  "application/x-python",
];
const GEMINI_PREFIXES: readonly string[] = ["text/", "audio/", "video/"];

/** True where the model takes data of this media type. Source: cloud-code §4.1 (MIME types), §11 (GPT: text alone). */
export function takesMediaType(model: ModelInfo, mediaType: string): boolean {
  switch (model.family) {
    case "claude":
      return CLAUDE_TYPES.includes(mediaType);
    case "gemini":
      return (
        GEMINI_TYPES.includes(mediaType) ||
        GEMINI_PREFIXES.some((prefix) => mediaType.startsWith(prefix))
      );
    case "gpt":
      return model.supportsImages && mediaType.startsWith("image/");
  }
}

/** Refuses media that the model cannot take, naming the block. */
export function checkMediaType(scope: TranslationScope, mediaType: string): void {
  if (takesMediaType(scope.model, mediaType)) return;
  refuseBlock(
    scope,
    "source.media_type",
    `media type '${mediaType}' is not supported by ${scope.model.id}`,
  );
}
