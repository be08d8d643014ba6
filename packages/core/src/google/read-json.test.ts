import { describe, expect, test } from "vitest";
import { asFinite, asList, asRecord, asRecords, asText, parseJson } from "./read-json.ts";

const values = [undefined, null, true, 0, 1.5, Number.NaN, "", "a", [], [1], {}, { a: 1 }];

describe("every reader takes any value", () => {
  test.each([
    ["asRecord", asRecord, [{}, { a: 1 }]],
    ["asText", asText, ["a"]],
    ["asFinite", asFinite, [0, 1.5]],
  ] satisfies readonly [string, (value: unknown) => unknown, unknown[]][])("%s", (...row) => {
    const [, read, expected] = row;
    expect(values.map((value) => read(value)).filter((value) => value !== undefined)).toEqual(
      expected,
    );
  });

  test("asList", () => {
    expect(values.map((value) => asList(value)).filter((list) => list.length > 0)).toEqual([[1]]);
  });

  test("asRecords", () => {
    expect(asRecords([{ a: 1 }, 1, null, [], {}])).toEqual([{ a: 1 }, {}]);
    expect(asRecords("x")).toEqual([]);
  });

  test.each([
    ['{"a":1}', { a: 1 }],
    ["null", null],
    ["{", undefined],
    ["", undefined],
    ["<html>", undefined],
  ])("parseJson %j", (text, expected) => {
    expect(parseJson(text)).toEqual(expected);
  });
});
