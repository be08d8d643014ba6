import { expect, test } from "vitest";
import fixtures from "../__fixtures__/errors.json" with { type: "json" };
import { FAULTS } from "./faults.ts";
import { HTTP_ERRORS, type HttpErrorName } from "./http-errors.ts";

/** Which named error says the same as which fixture. Values that vary (models, URLs, request ids) are compared by pattern. */
const SAME: Readonly<Partial<Record<keyof typeof fixtures, HttpErrorName>>> = {
  "quota, every detail": "429-quota-weekly",
  "quota, delay only in metadata": "429-quota-metadata",
  "quota, text only": "429-quota-text",
  "rate limit below 1 s": "429-rate-ms",
  "rate limit, RetryInfo": "429-rate-3s",
  "rate limit, header": "429-rate-header",
  "capacity as 429": "429-capacity",
  "no details at all": "429-bare",
  "wrapped in an array": "429-array",
  "no AI credits": "429-credits",
  "claude, signature": "400-claude-signature",
  "gemini, signature": "400-gemini-signature",
  "claude, too long": "400-claude-too-long",
  "gemini, too long": "400-gemini-too-long",
  validation: "403-validation",
  banned: "403-banned",
  license: "403-license",
  "foreign project": "403-project",
  "service disabled": "403-service-disabled",
  "plain 403": "403-plain",
  "model unknown": "404-model",
  "too large": "413-html",
  internal: "500-internal",
  unavailable: "503-unavailable",
  capacity: "503-capacity",
  "capacity, text only": "503-capacity-text",
  "front end, no JSON": "502-html",
  overloaded: "529-overloaded",
  deadline: "504-deadline",
};

const MODEL = "gemini-3.1-pro-high";

function normal(value: unknown): unknown {
  const text = JSON.stringify(value)
    .replaceAll(/claude-opus-4-6-thinking|claude-sonnet-4-6|gpt-oss-120b-medium/g, MODEL)
    .replaceAll("EMULATED", "EXAMPLE")
    .replaceAll(/on the server\.?"/g, 'on the server"')
    .replaceAll(/projects\/\w+\//g, "projects/P/")
    .replaceAll(/in project \w+ /g, "in project P ");
  return JSON.parse(text, (key, entry: unknown) =>
    key === "quotaResetTimeStamp" ? undefined : entry,
  );
}

test.each(Object.entries(SAME))("fixture %s is error %s", (fixture, name) => {
  // The keys of SAME are names of fixtures.
  const expected = fixtures[fixture as keyof typeof fixtures];
  const reply = HTTP_ERRORS[name]({ model: MODEL, project: "P" });
  expect(normal({ headers: {}, ...reply })).toEqual(normal(expected));
});

test("every status of the table has an error", () => {
  const statuses = new Set(Object.keys(HTTP_ERRORS).map((name) => name.slice(0, 3)));
  for (const status of "400 401 403 404 408 413 429 499 500 501 502 503 504 529".split(" ")) {
    expect(statuses).toContain(status);
  }
});

test("an error's name begins with its status", () => {
  for (const [name, make] of Object.entries(HTTP_ERRORS)) {
    expect(make({ model: "m", project: "p" }).status).toBe(Number(name.slice(0, 3)));
  }
});

test("the version gate is the fixture's text", () => {
  const body: unknown = fixtures["version gate as an answer"].body;
  const gate = FAULTS["client-gate"]().answer;
  expect(JSON.stringify(body)).toContain(JSON.stringify(gate[0]?.text));
});
