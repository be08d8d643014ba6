import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { byteAt, decodedSize, isBase64 } from "./base64.ts";

describe("isBase64", () => {
  test.each([
    ["AA==", true],
    ["AAA=", true],
    ["AAAA", true],
    ["AA", true],
    ["AAA", true],
    ["-_-_", true],
    ["+/+/", true],
    ["", false],
    ["=", false],
    ["==", false],
    ["A", false],
    ["AAAAA", false],
    ["AA=", false],
    ["A===", false],
    ["AAAA=", false],
    ["AAAA====", false],
    ["AA==AA==", false],
    ["AAAA\n", false],
    ["AA\r\nAA", false],
    [" AAAA", false],
    ["data:image/png;base64,AAAA", false],
    ["ÄÄÄÄ", false],
    ["AAA😀", false],
  ])("%j: %s", (text, valid) => {
    expect(isBase64(text)).toBe(valid);
  });

  test("one foreign character at the end of 20 MB is found", () => {
    const large = "iVBORw0K".repeat(2_500_000);
    expect(isBase64(large)).toBe(true);
    expect(isBase64(`${large}AAA!`)).toBe(false);
  });

  test("whatever Buffer encodes is valid, in both alphabets", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), (bytes) => {
        const buffer = Buffer.from(bytes);
        expect(isBase64(buffer.toString("base64"))).toBe(true);
        expect(isBase64(buffer.toString("base64url"))).toBe(true);
      }),
    );
  });
});

test("size and bytes are those of the decoded data", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 50 }), (bytes) => {
      for (const text of [
        Buffer.from(bytes).toString("base64"),
        Buffer.from(bytes).toString("base64url"),
      ]) {
        expect(decodedSize(text)).toBe(bytes.length);
        expect(Array.from(bytes, (_, offset) => byteAt(text, offset))).toEqual([...bytes]);
        expect(byteAt(text, bytes.length)).toBeNaN();
      }
    }),
  );
});
