import fc from "fast-check";
import { expect, test } from "vitest";
import type { JsonValue } from "../../anthropic/messages.ts";
import { formatValue, formatValues, shortJson } from "./format-value.ts";

test.each<[JsonValue, string]>([
  ["text", "text"],
  ["", ""],
  [1.5, "1.5"],
  [Infinity, "Infinity"],
  [null, "null"],
  [[1, "a", [true]], '[1,"a",[true]]'],
  [{ a: { b: "c" }, d: [] }, '{"a":{"b":"c"},"d":[]}'],
  ["x".repeat(300), `${"x".repeat(200)}…`],
  ["lone \ud800", "lone \ufffd"],
])("%j", (value, text) => {
  expect(formatValue(value)).toBe(text);
});

test("short JSON is what JSON.stringify gives", () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      const value = JSON.parse(text) as JsonValue;
      expect(shortJson(value, 10_000)).toBe(JSON.stringify(value).toWellFormed());
    }),
  );
});

test("a cut never splits a pair of surrogates", () => {
  expect(formatValue(`${"x".repeat(199)}😀`)).toBe(`${"x".repeat(199)}\ufffd…`);
});

test("neither depth nor size counts", () => {
  let deep: JsonValue = [];
  for (let level = 0; level < 100_000; level += 1) deep = [deep];
  expect(formatValue(deep)).toBe(`${"[".repeat(200)}…`);
  expect(formatValue(Array(1_000_000).fill(1)).length).toBeLessThan(210);
  expect(formatValue({ k: "x".repeat(10_000_000) }).length).toBeLessThan(210);
  expect(shortJson(deep, 100)).toBeUndefined();
});

test("several values are joined, the empty string shown", () => {
  expect(formatValues([1, "a", "", null])).toBe('1, a, "", null');
  expect(formatValues(["x".repeat(90), "y".repeat(90), "z".repeat(90)])).toBe(
    `${"x".repeat(90)}, ${"y".repeat(90)}, … (3 in all)`,
  );
});
