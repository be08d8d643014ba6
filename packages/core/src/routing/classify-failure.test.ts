import fc from "fast-check";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { isClientGate } from "../translate/client-gate.ts";
import { classifyFailure } from "./classify-failure.ts";
import type { FailureClass, UpstreamFailure } from "./failure.ts";

interface FixtureCase {
  readonly name: string;
  readonly now: string;
  readonly http: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: unknown;
  };
  readonly class: FailureClass;
  readonly waitMs?: number | null;
  readonly validationUrl?: string | null;
}

const cases: readonly FixtureCase[] = ["50-errors-429", "51-errors-4xx", "52-errors-5xx"].flatMap(
  (name) => JSON.parse(readFileSync(new URL(`__fixtures__/${name}.json`, import.meta.url), "utf8")),
);
const now = Date.parse("2026-05-24T17:17:27Z");

function http(status: number, body: unknown, headers = {}): UpstreamFailure {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return { kind: "http", status, headers, body: text };
}

/** The version gate comes as an answer: the stream's translator recognises it, and hands it over as a failure. */
function failureOf({ http: answer }: FixtureCase): UpstreamFailure {
  if (answer.status !== 200) return http(answer.status, answer.body, answer.headers);
  const [, text = ""] = /"text":"([^"]*)"/.exec(JSON.stringify(answer.body)) ?? [];
  if (!isClientGate(text)) throw new Error(`no gate: ${text}`);
  return { kind: "answer", problem: "client_gate", message: text };
}

describe("answers of the fixtures", () => {
  test.each(cases)("$name", (fixture) => {
    const failure = classifyFailure(failureOf(fixture), Date.parse(fixture.now));
    expect(failure.class).toBe(fixture.class);
    expect(failure.waitMs ?? null).toBe(fixture.waitMs ?? null);
    expect(failure.validationUrl ?? null).toBe(fixture.validationUrl ?? null);
    expect(failure.message).not.toBe("");
    expect(failure.message).not.toMatch(/accounts\.google\.com|[{}<]/);
  });
});

const info = (reason: string, metadata = {}) => ({
  "@type": "type.googleapis.com/google.rpc.ErrorInfo",
  reason,
  metadata,
});
const error = (code: number, message: string, ...details: readonly object[]) => ({
  error: { code, message, ...(details.length === 0 ? {} : { details }) },
});

describe("errors inside a stream", () => {
  test.each([
    ["by its code", error(429, "m", info("QUOTA_EXHAUSTED")), { class: "quota", status: 429 }],
    ["the inner object", error(503, "m").error, { class: "server", status: 503 }],
    ["by its gRPC name", { error: { status: "UNAUTHENTICATED" } }, { class: "auth", status: 401 }],
    [
      "Anthropic's form",
      { type: "error", error: { type: "overloaded_error", message: "Overloaded" } },
      { class: "overloaded", status: 529, message: "Overloaded" },
    ],
    ["as text", JSON.stringify(error(404, "m")), { class: "not_found", status: 404 }],
    ["without anything", null, { class: "server", status: 500 }],
  ])("%s", (_name, body, expected) => {
    expect(classifyFailure({ kind: "stream_error", body }, now)).toMatchObject(expected);
  });

  test("an error as a 200 body counts by its code", () => {
    expect(
      classifyFailure(http(200, [error(429, "m", info("QUOTA_EXHAUSTED"))]), now),
    ).toMatchObject({
      class: "quota",
      status: 429,
    });
  });
});

describe("failures without an answer", () => {
  test.each([
    "ECONNREFUSED",
    "ENOTFOUND",
    "ECONNRESET",
    "ETIMEDOUT",
    "UND_ERR_SOCKET",
    "ERR_TLS_CERT_ALTNAME_INVALID",
  ])("%s", (code) => {
    const failure = classifyFailure({ kind: "network", code, message: "10.0.0.1:443" }, now);
    expect(failure).toEqual({
      class: "network",
      reason: code,
      message: `The connection to the backend failed (${code}).`,
    });
  });

  test("a code that is none is not quoted", () => {
    const failure = classifyFailure({ kind: "network", code: "x y", message: "" }, now);
    expect(failure.reason).toBe("UNKNOWN");
  });

  test.each([
    ["connect", "network"],
    ["first_byte", "timeout"],
    ["idle", "timeout"],
  ] as const)("timeout: %s", (phase, expected) => {
    const failure = classifyFailure({ kind: "timeout", phase }, now);
    expect(failure).toMatchObject({ class: expected, reason: `${phase}_timeout` });
  });

  test.each([
    ["empty", "empty"],
    ["malformed", "malformed"],
    ["cut", "cut"],
    ["client_gate", "client_gate"],
    ["not_json", "malformed"],
  ] as const)("answer: %s", (problem, expected) => {
    const told = classifyFailure({ kind: "answer", problem, message: "UNEXPECTED: why" }, now);
    expect(told).toEqual({ class: expected, reason: problem, message: "UNEXPECTED: why" });
    const untold = classifyFailure({ kind: "answer", problem, message: "" }, now);
    expect(untold.message).toMatch(/^The backend/);
  });
});

describe("what a failure carries", () => {
  test("the inner sentence and the id of a refusal of Claude", () => {
    const inner = {
      type: "error",
      error: { type: "invalid_request_error", message: "messages.2: no" },
      request_id: "req_vrtx_011CEXAMPLE",
    };
    expect(classifyFailure(http(400, error(400, JSON.stringify(inner))), now)).toEqual({
      class: "bad_request",
      status: 400,
      message: "messages.2: no",
      upstreamRequestId: "req_vrtx_011CEXAMPLE",
    });
  });

  test("the paths of violations, without their descriptions", () => {
    const details = {
      "@type": "type.googleapis.com/google.rpc.BadRequest",
      fieldViolations: [{ field: "request.tools[0]", description: "secret" }],
    };
    const failure = classifyFailure(http(400, error(400, "m", details)), now);
    expect(failure.fieldViolations).toEqual(["request.tools[0]"]);
  });

  test("no secret of the answer", () => {
    const failure = classifyFailure(
      http(403, error(403, "a@b.test with ya29.EXAMPLE: https://accounts.google.com/x")),
      now,
    );
    expect(failure.message).toBe("(address left out) with (token left out): (link left out)");
  });

  test("never throws", () => {
    const status = fc.integer({ min: 0, max: 999 });
    fc.assert(
      fc.property(status, fc.jsonValue({ maxDepth: 4 }), fc.string(), (code, value, text) => {
        for (const body of [JSON.stringify(value), JSON.stringify({ error: value }), text]) {
          expect(classifyFailure(http(code, body), now).class).toBeTypeOf("string");
        }
        expect(classifyFailure({ kind: "stream_error", body: value }, now).message).not.toBe("");
      }),
    );
  });
});
