import { byteAt } from "./base64.ts";
import type { ImageMediaType } from "./messages.ts";

export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/** How a file of each format begins, as base64. */
const SIGNATURES = {
  "image/png": /^iVBORw0KGgo/,
  "image/jpeg": /^[/_]9j[/_]/,
  "image/gif": /^R0lGOD/,
  "image/webp": /^UklGR.{6}XRUJQ/,
} as const satisfies Record<ImageMediaType, RegExp>;

/** Most segments of a JPEG that are walked to its frame header: an ordinary file has under ten before it. */
const MAX_JPEG_SEGMENTS = 200;

/** The format that an image's first bytes name, or undefined when they name none of the four. */
export function imageFormat(base64: string): ImageMediaType | undefined {
  // Object.keys loses the key type that `satisfies` just proved.
  const formats = Object.keys(SIGNATURES) as ImageMediaType[];
  return formats.find((format) => SIGNATURES[format].test(base64));
}

/**
 * Width and height in pixels from an image's header, read in place; undefined for what is no image or is cut.
 *
 * Source: PNG §11.2.2 (IHDR), GIF89a §18, WebP container (VP8, VP8L, VP8X), JPEG T.81 §B.2.2 (SOF).
 */
export function imageSize(base64: string): ImageSize | undefined {
  const size = readSize(base64);
  // NaN (a header that ends early) fails both comparisons.
  return size !== undefined && size.width > 0 && size.height > 0 ? size : undefined;
}

function readSize(data: string): ImageSize | undefined {
  switch (imageFormat(data)) {
    case "image/png":
      return { width: bigEndian(data, 16, 4), height: bigEndian(data, 20, 4) };
    case "image/gif":
      return { width: littleEndian(data, 6, 2), height: littleEndian(data, 8, 2) };
    case "image/webp":
      return webpSize(data);
    case "image/jpeg":
      return jpegSize(data);
    default:
      return undefined;
  }
}

function webpSize(data: string): ImageSize | undefined {
  const kind = byteAt(data, 15);
  if (kind === 0x58) {
    return { width: littleEndian(data, 24, 3) + 1, height: littleEndian(data, 27, 3) + 1 };
  }
  if (kind === 0x4c) {
    const bits = littleEndian(data, 21, 4);
    return { width: (bits % 0x4000) + 1, height: (Math.floor(bits / 0x4000) % 0x4000) + 1 };
  }
  if (kind === 0x20) {
    return {
      width: littleEndian(data, 26, 2) % 0x4000,
      height: littleEndian(data, 28, 2) % 0x4000,
    };
  }
  return undefined;
}

/** Walks the marker segments; a thumbnail sits inside one (APP1), so that it is skipped with it. */
function jpegSize(data: string): ImageSize | undefined {
  let offset = 2;
  for (let segment = 0; segment < MAX_JPEG_SEGMENTS; segment++) {
    if (byteAt(data, offset) !== 0xff) return undefined;
    const marker = byteAt(data, offset + 1);
    if (marker === 0xff) {
      offset++;
      continue;
    }
    if (isFrameHeader(marker)) {
      return { width: bigEndian(data, offset + 7, 2), height: bigEndian(data, offset + 5, 2) };
    }
    offset += 2 + bigEndian(data, offset + 2, 2);
  }
  return undefined;
}

/** SOF0 to SOF15; C4, C8 and CC in their middle are tables, not frames. */
function isFrameHeader(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

function bigEndian(data: string, offset: number, length: number): number {
  let value = 0;
  for (let index = 0; index < length; index++) value = value * 256 + byteAt(data, offset + index);
  return value;
}

function littleEndian(data: string, offset: number, length: number): number {
  let value = 0;
  for (let index = length - 1; index >= 0; index--)
    value = value * 256 + byteAt(data, offset + index);
  return value;
}
