import fc from "fast-check";
import { expect, test } from "vitest";
import { utf8Position } from "./utf8-position.ts";

test.each([
  ["né!", 3, 2],
  ["né!", 2, 1],
  ["€", 1, 0],
  ["🙂x", 4, 2],
  ["🙂x", 3, 0],
  ["ab", 99, 2],
  ["ab", -1, 0],
  ["", 0, 0],
])("%j at byte %i is index %i", (text, byteOffset, index) => {
  expect(utf8Position(text)(byteOffset)).toBe(index);
});

test("agrees with the platform's encoder, in whatever order it is asked", () => {
  const encoder = new TextEncoder();
  const text = fc.string({ unit: fc.constantFrom("a", "é", "€", "🙂", "你") });
  fc.assert(
    fc.property(text, fc.array(fc.nat(12)), (value, order) => {
      const position = utf8Position(value);
      const characters = Array.from(value);
      const indices = Array.from(
        { length: characters.length + 1 },
        (_, count) => characters.slice(0, count).join("").length,
      );
      for (const pick of order) {
        const index = indices[pick % indices.length] ?? 0;
        expect(position(encoder.encode(value.slice(0, index)).length)).toBe(index);
      }
    }),
  );
});
