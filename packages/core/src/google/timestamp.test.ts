import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatMinute, parseHttpDate, parseRfc3339 } from "./timestamp.ts";

// The tests may use Date: it is the oracle that the arithmetic of core is held against.
const anyTime = fc.integer({ min: Date.UTC(1970, 0, 1), max: Date.UTC(2200, 0, 1) });

describe("parseRfc3339", () => {
  test.each([
    ["1970-01-01T00:00:00Z", 0],
    ["2026-05-24T17:17:27Z", Date.UTC(2026, 4, 24, 17, 17, 27)],
    ["2026-05-24t17:17:27z", Date.UTC(2026, 4, 24, 17, 17, 27)],
    ["2026-05-24T19:17:27.5+02:00", Date.UTC(2026, 4, 24, 17, 17, 27, 500)],
    ["2026-05-24T10:47:27-06:30", Date.UTC(2026, 4, 24, 17, 17, 27)],
    ["2026-05-24T17:17:27.123000001Z", Date.UTC(2026, 4, 24, 17, 17, 27, 124)],
    ["2026-05-24T17:17:27.123000000Z", Date.UTC(2026, 4, 24, 17, 17, 27, 123)],
    ["2028-02-29T00:00:00Z", Date.UTC(2028, 1, 29)],
    ["2026-12-31T23:59:60Z", Date.UTC(2027, 0, 1)],
    ["2027-02-29T00:00:00Z", undefined],
    ["2026-13-01T00:00:00Z", undefined],
    ["2026-04-31T00:00:00Z", undefined],
    ["2026-05-24T24:00:00Z", undefined],
    ["2026-05-24T17:17:27", undefined],
    ["2026-05-24", undefined],
    ["soon", undefined],
    ["", undefined],
  ])("%s", (text, expected) => {
    expect(parseRfc3339(text)).toBe(expected);
  });

  test("reads every time as Date does", () => {
    fc.assert(
      fc.property(anyTime, (ms) => {
        expect(parseRfc3339(new Date(ms).toISOString())).toBe(ms);
      }),
    );
  });
});

describe("parseHttpDate", () => {
  const at = Date.UTC(1994, 10, 6, 8, 49, 37);
  test.each([
    ["IMF-fixdate", "Sun, 06 Nov 1994 08:49:37 GMT", at],
    ["RFC 850", "Sunday, 06-Nov-94 08:49:37 GMT", at],
    [
      "RFC 850 of this century",
      "Sunday, 24-May-26 17:19:27 GMT",
      Date.UTC(2026, 4, 24, 17, 19, 27),
    ],
    ["asctime", "Sun Nov  6 08:49:37 1994", at],
    ["no such month", "Sun, 06 Nev 1994 08:49:37 GMT", undefined],
    ["no such day", "Sun, 31 Nov 1994 08:49:37 GMT", undefined],
    ["another zone", "Sun, 06 Nov 1994 08:49:37 CET", undefined],
    ["seconds", "120", undefined],
  ])("%s", (_name, text, expected) => {
    expect(parseHttpDate(text)).toBe(expected);
  });

  test("reads every time as Date does, to the second", () => {
    fc.assert(
      fc.property(anyTime, (ms) => {
        expect(parseHttpDate(new Date(ms).toUTCString())).toBe(Math.floor(ms / 1000) * 1000);
      }),
    );
  });
});

describe("formatMinute", () => {
  test.each([
    ["2026-05-27T16:32:00Z", "2026-05-27 16:32 UTC"],
    ["2026-05-27T16:32:01Z", "2026-05-27 16:33 UTC"],
    ["2026-12-31T23:59:01Z", "2027-01-01 00:00 UTC"],
    ["2028-02-29T00:00:00Z", "2028-02-29 00:00 UTC"],
  ])("%s", (text, expected) => {
    expect(formatMinute(Date.parse(text))).toBe(expected);
  });

  test("formats every whole minute as Date does", () => {
    fc.assert(
      fc.property(anyTime, (ms) => {
        const minute = Math.floor(ms / 60_000) * 60_000;
        const iso = new Date(minute).toISOString();
        expect(formatMinute(minute)).toBe(`${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`);
      }),
    );
  });
});
