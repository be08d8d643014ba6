import fc from "fast-check";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseDelayInText, parseDuration } from "./duration.ts";

interface Case {
  readonly text: string;
  readonly ms: number | null;
}

const fixture: { readonly durations: readonly Case[]; readonly messages: readonly Case[] } =
  JSON.parse(readFileSync(new URL("__fixtures__/53-durations.json", import.meta.url), "utf8"));

describe("durations of the fixture", () => {
  test.each(fixture.durations)("$text", ({ text, ms }) => {
    expect(parseDuration(text)).toBe(ms ?? undefined);
  });
});

describe("delays in messages of the fixture", () => {
  test.each(fixture.messages)("$text", ({ text, ms }) => {
    expect(parseDelayInText(text)).toBe(ms ?? undefined);
  });
});

describe("parseDuration", () => {
  test.each([
    ["a proto Duration as an object", { seconds: "3", nanos: 957_525_076 }, 3958],
    ["an object with numbers", { seconds: 3 }, 3000],
    ["an object with nanos alone", { nanos: 1 }, 0],
    ["half a millisecond", { nanos: 500_000 }, 1],
    ["days", "1d2h", 93_600_000],
    ["microseconds", "1500µs", 2],
    ["microseconds, the other letter mu", "1500μs", 2],
    ["microseconds in ASCII", "1500us", 2],
    ["nanoseconds", "1500000ns", 2],
    ["a negative object", { seconds: "-3" }, undefined],
    ["an empty object", {}, undefined],
    ["a list", ["3s"], undefined],
    ["a bare number", "42", undefined],
    ["a number", 42, undefined],
    ["spaces", "1h 2m", undefined],
    ["null", null, undefined],
    ["a very long text", "1s".repeat(10_000), undefined],
  ])("%s", (_name, value, expected) => {
    expect(parseDuration(value)).toBe(expected);
  });

  test("never rounds down and never up by a whole millisecond", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 14 * 86_400_000 }), (ms) => {
        expect(parseDuration(`${ms / 1000}s`)).toBe(ms);
        expect(parseDuration(`${ms}.000001ms`)).toBeGreaterThanOrEqual(ms);
      }),
    );
  });
});

describe("parseDelayInText", () => {
  test.each([
    ["Quota resets in 2 hours 5 minutes.", 7_500_000],
    ["RESETS IN 5M", 300_000],
    ["reset 3s", 3000],
    ["Please try again in 1 day", 86_400_000],
    ["Please retry in 1 hour and 5 minutes", 3_600_000],
    ["retry after 60 secondsish", undefined],
    ["retry 3 messages", undefined],
    ["retry gemini-3s in 4 moves", undefined],
    ["The model took 30s and used 20000 tokens", undefined],
    ["", undefined],
  ])("%s", (text, expected) => {
    expect(parseDelayInText(text)).toBe(expected);
  });

  test("takes a text of any length in bounded time", () => {
    expect(parseDelayInText("retry ".repeat(200_000))).toBeUndefined();
    expect(parseDelayInText(`retry ${" ".repeat(1_000_000)}5s`)).toBeUndefined();
    expect(parseDelayInText(`retry in ${"9".repeat(1_000_000)}`)).toBeUndefined();
  });
});
