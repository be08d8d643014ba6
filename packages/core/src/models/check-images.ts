import { decodedSize } from "../anthropic/base64.ts";
import { invalidRequest } from "../anthropic/errors.ts";
import type { AnthropicError } from "../anthropic/errors.ts";
import { imageSize } from "../anthropic/image-size.ts";
import type { ImageBlockParam, MessageParam, ToolResultBlockParam } from "../anthropic/messages.ts";
import type { ModelInfo } from "./catalogue.ts";

const MAX_IMAGES = 100;
const MAX_IMAGES_LARGE_CONTEXT = 600;
const LARGE_CONTEXT_TOKENS = 1_000_000;
const MAX_IMAGE_BYTES = 5 * 1024 * 1024;
const MAX_SIDE_PIXELS = 8000;
const MAX_SIDE_PIXELS_MANY = 2000;
/** More images than this are "many". */
const FEW_IMAGES = 20;

interface PlacedImage {
  readonly block: ImageBlockParam;
  /** As the SDK's error details name it: `messages.0.content.1.content.0`, without the types of the blocks. */
  readonly path: string;
  /** As messages name it: with `tool_result` between. */
  readonly messagePath: string;
}

/**
 * Checks number, bytes and pixels of a request's images. Bytes and pixels are Claude's limits alone: Gemini scales what
 * it gets. Source: anthropic-messages §3.4.
 */
export function imagesError(
  messages: readonly MessageParam[],
  model: ModelInfo,
): AnthropicError | undefined {
  const images = imagesOf(messages);
  if (images.length === 0) return undefined;
  const most = model.contextTokens >= LARGE_CONTEXT_TOKENS ? MAX_IMAGES_LARGE_CONTEXT : MAX_IMAGES;
  if (images.length > most) {
    return invalidRequest(
      `messages: at most ${most} images are allowed in a request to this model, not ${images.length}`,
    );
  }
  if (model.family !== "claude") return undefined;
  return bytesError(images) ?? pixelsError(images);
}

function bytesError(images: readonly PlacedImage[]): AnthropicError | undefined {
  for (const { block, messagePath } of images) {
    const bytes = block.source.type === "base64" ? decodedSize(block.source.data) : 0;
    if (bytes <= MAX_IMAGE_BYTES) continue;
    return invalidRequest(
      `${messagePath}.image.source.base64: image exceeds 5 MB maximum: ${bytes} bytes > ${MAX_IMAGE_BYTES} bytes`,
    );
  }
  return undefined;
}

function pixelsError(images: readonly PlacedImage[]): AnthropicError | undefined {
  const isMany = images.length > FEW_IMAGES;
  const most = isMany ? MAX_SIDE_PIXELS_MANY : MAX_SIDE_PIXELS;
  const large = images.filter(({ block }) => longestSide(block) > most);
  const first = large[0];
  if (first === undefined) return undefined;
  const limit = isMany ? "max allowed size for many-image requests" : "max allowed size";
  return invalidRequest(
    `${first.messagePath}.image.source.base64: At least one of the image dimensions exceed ${limit}: ${most} pixels`,
    {
      error_code: "image_dimensions_too_large",
      max_side_length_pixels: most,
      paths: large.map(({ path }) => path),
    },
  );
}

function longestSide(block: ImageBlockParam): number {
  const size = block.source.type === "base64" ? imageSize(block.source.data) : undefined;
  return size === undefined ? 0 : Math.max(size.width, size.height);
}

function imagesOf(messages: readonly MessageParam[]): PlacedImage[] {
  const images: PlacedImage[] = [];
  for (const [index, message] of messages.entries()) {
    if (message.role !== "user" || typeof message.content === "string") continue;
    for (const [place, block] of message.content.entries()) {
      // Paths are made for images alone: the other blocks of a conversation are many.
      if (block.type === "image") {
        const path = `messages.${index}.content.${place}`;
        images.push({ block, path, messagePath: path });
      } else if (block.type === "tool_result") {
        collectFromResult(block, `messages.${index}.content.${place}`, images);
      }
    }
  }
  return images;
}

function collectFromResult(
  result: ToolResultBlockParam,
  path: string,
  images: PlacedImage[],
): void {
  if (result.content === undefined || typeof result.content === "string") return;
  for (const [place, block] of result.content.entries()) {
    if (block.type !== "image") continue;
    images.push({
      block,
      path: `${path}.content.${place}`,
      messagePath: `${path}.tool_result.content.${place}`,
    });
  }
}
