import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { retryDelayMs } from "./retry-delay.ts";
import { readRpcStatus } from "./rpc-status.ts";

const now = Date.parse("2026-05-24T17:17:27Z");
const fixture: { readonly timestamps: readonly { text: string; ms: number }[] } = JSON.parse(
  readFileSync(new URL("__fixtures__/53-durations.json", import.meta.url), "utf8"),
);

interface Told {
  readonly retryDelay?: unknown;
  readonly metadata?: object;
  readonly message?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

function delay({ retryDelay, metadata, message = "", headers = {} }: Told): number | undefined {
  const details = [
    { "@type": "t/google.rpc.ErrorInfo", metadata },
    { "@type": "t/google.rpc.RetryInfo", retryDelay },
  ];
  return retryDelayMs({ status: readRpcStatus({ error: { message, details } }), headers, now });
}

describe("time stamps of the fixture", () => {
  test.each(fixture.timestamps)("$text", ({ text, ms }) => {
    expect(delay({ metadata: { quotaResetTimeStamp: text } })).toBe(ms === 0 ? 500 : ms);
  });
});

describe("the order of the sources", () => {
  const all: Told = {
    retryDelay: "1s",
    metadata: { quotaResetDelay: "2s", quotaResetTimeStamp: "2026-05-24T17:17:30Z" },
    headers: {
      "retry-after": "4",
      "x-ratelimit-reset-after": "5",
      "x-ratelimit-reset": String(now / 1000 + 6),
    },
    message: "Please retry in 7s.",
  };
  const onlyReset = { "x-ratelimit-reset": String(now / 1000 + 6) };

  test.each([
    ["RetryInfo", all, 1000],
    ["quotaResetDelay", { ...all, retryDelay: "soon" }, 2000],
    [
      "quotaResetTimeStamp",
      { ...all, retryDelay: "-1s", metadata: { quotaResetTimeStamp: "2026-05-24T17:17:30Z" } },
      3000,
    ],
    ["retry-after", { headers: all.headers ?? {}, message: "retry in 7s" }, 4000],
    [
      "retry-after as a date",
      { headers: { "retry-after": "Sun, 24 May 2026 17:17:31 GMT" } },
      4000,
    ],
    [
      "x-ratelimit-reset-after",
      { headers: { ...onlyReset, "x-ratelimit-reset-after": "5" } },
      5000,
    ],
    ["x-ratelimit-reset", { headers: onlyReset, message: "retry in 7s" }, 6000],
    ["the text", { message: "Please retry in 7s." }, 7000],
    ["nothing", {}, undefined],
  ] satisfies readonly [string, Told, number | undefined][])("%s", (_name, told, expected) => {
    expect(delay(told)).toBe(expected);
  });
});

describe("what counts as a delay", () => {
  test.each([
    ["zero is half a second", { retryDelay: "0s" }, 500],
    ["less than that stays", { retryDelay: "0.25s" }, 250],
    ["14 days", { retryDelay: "1209600s" }, 1_209_600_000],
    [
      "more than 14 days: the next source",
      { retryDelay: "1209601s", message: "retry in 1s" },
      1000,
    ],
    ["a negative header", { headers: { "retry-after": "-5" } }, undefined],
    ["a header that is a word", { headers: { "retry-after": "soon" } }, undefined],
    ["a fraction in a header", { headers: { "retry-after": "1.5" } }, 1500],
    ["a huge number", { headers: { "retry-after": "999999999999" } }, undefined],
  ] satisfies readonly [string, Told, number | undefined][])("%s", (_name, told, expected) => {
    expect(delay(told)).toBe(expected);
  });
});
