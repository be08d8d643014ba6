import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PNG } from "./__fixtures__/requests.ts";
import { imageFormat, imageSize } from "./image-size.ts";

const latin1 = (text: string) => [...Buffer.from(text, "latin1")];
const base64 = (...bytes: readonly number[]) => Buffer.from(bytes).toString("base64");
const big = (value: number) => [value >> 8, value & 0xff];
const little = (value: number) => [value & 0xff, value >> 8];
const zeros = (count: number) => Array.from({ length: count }, () => 0);

const png = (width: number, height: number) =>
  base64(
    0x89,
    ...latin1("PNG\r\n\u001a\n"),
    0,
    0,
    0,
    13,
    ...latin1("IHDR"),
    0,
    0,
    ...big(width),
    0,
    0,
    ...big(height),
  );
const gif = (width: number, height: number) =>
  base64(...latin1("GIF89a"), ...little(width), ...little(height));
const webp = (kind: string, ...payload: readonly number[]) =>
  base64(...latin1("RIFF"), 1, 2, 3, 4, ...latin1("WEBP"), ...latin1(kind), 9, 9, 9, 9, ...payload);
const segment = (marker: number, ...payload: readonly number[]) => [
  0xff,
  marker,
  ...big(payload.length + 2),
  ...payload,
];
const jpeg = (...segments: readonly (readonly number[])[]) =>
  base64(0xff, 0xd8, ...segments.flat());
const frame = (marker: number, width: number, height: number) =>
  segment(marker, 8, ...big(height), ...big(width), 3);

describe("imageSize", () => {
  test.each([
    ["a PNG", PNG, { width: 1, height: 1 }],
    ["a large PNG", png(9000, 300), { width: 9000, height: 300 }],
    ["a GIF", gif(640, 481), { width: 640, height: 481 }],
    [
      "a lossy WebP",
      webp("VP8 ", 0, 0, 0, 0x9d, 1, 0x2a, ...little(800), ...little(601)),
      { width: 800, height: 601 },
    ],
    ["a lossless WebP", webp("VP8L", 0x2f, 0x1f, 0xc3, 0x95, 0x00), { width: 800, height: 600 }],
    [
      "an extended WebP",
      webp("VP8X", 0, 0, 0, 0, 0x1f, 3, 0, 0x58, 2, 0),
      { width: 800, height: 601 },
    ],
    ["a JPEG", jpeg(segment(0xe0, 1, 2), frame(0xc0, 300, 200)), { width: 300, height: 200 }],
    ["a progressive JPEG", jpeg(frame(0xc2, 300, 200)), { width: 300, height: 200 }],
    [
      "a JPEG whose thumbnail has a frame",
      jpeg(segment(0xe1, ...frame(0xc0, 16, 16)), frame(0xc0, 300, 200)),
      { width: 300, height: 200 },
    ],
    [
      "a JPEG with its tables first",
      jpeg(segment(0xc4, 0, 0), segment(0xdb, 0), frame(0xc1, 5, 6)),
      { width: 5, height: 6 },
    ],
    ["a JPEG with fill bytes", jpeg([0xff], frame(0xc0, 5, 6)), { width: 5, height: 6 }],
    ["a JPEG cut before its frame", jpeg(segment(0xe0, 1, 2)), undefined],
    ["a JPEG with a segment of no length", jpeg([0xff, 0xe0, 0, 0], zeros(20)), undefined],
    ["a PNG cut in its header", png(1, 1).slice(0, 24), undefined],
    ["a PNG of no pixels", png(0, 10), undefined],
    ["a WebP of unknown kind", webp("VP9 ", ...zeros(20)), undefined],
    ["text", "aGVsbG8=", undefined],
    ["nothing", "", undefined],
  ])("%s", (_what, data, size) => {
    expect(imageSize(data)).toEqual(size);
  });

  test("never fails on what begins like an image", () => {
    const starts = fc.constantFrom(png(1, 1), gif(1, 1), webp("VP8X"), jpeg());
    fc.assert(
      fc.property(starts, fc.uint8Array({ maxLength: 64 }), (start, rest) => {
        const bytes = Buffer.concat([Buffer.from(start, "base64").subarray(0, 16), rest]);
        const size = imageSize(bytes.toString("base64"));
        expect(size === undefined || (size.width > 0 && size.height > 0)).toBe(true);
      }),
    );
  });
});

test.each([
  [PNG, "image/png"],
  [jpeg(segment(0xe0, 1)), "image/jpeg"],
  [Buffer.from([0xff, 0xd8, 0xff, 0xe0]).toString("base64url"), "image/jpeg"],
  [gif(1, 1), "image/gif"],
  [webp("VP8 "), "image/webp"],
  ["UklGRgAAAABXQVZF", undefined],
  ["JVBERi0xLjQK", undefined],
  ["", undefined],
])("imageFormat of %s is %s", (data, format) => {
  expect(imageFormat(data)).toBe(format);
});
