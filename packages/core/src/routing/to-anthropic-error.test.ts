import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { AnthropicError } from "../anthropic/errors.ts";
import { classifyFailure } from "./classify-failure.ts";
import type { Failure, FailureClass, UpstreamFailure } from "./failure.ts";
import { toAnthropicError, type ErrorContext } from "./to-anthropic-error.ts";

const now = Date.parse("2026-05-24T17:17:27Z");
const context: ErrorContext = { model: "claude-opus-4-6-thinking", now };
const failure = (failureClass: FailureClass, more: Partial<Failure> = {}): Failure => ({
  class: failureClass,
  message: "Why.",
  ...more,
});

interface FixtureCase {
  readonly name: string;
  readonly http: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: unknown;
  };
  readonly client: Pick<AnthropicError, "status" | "type"> & { readonly message?: string };
}

const cases: readonly FixtureCase[] = ["50-errors-429", "51-errors-4xx", "52-errors-5xx"].flatMap(
  (name) => JSON.parse(readFileSync(new URL(`__fixtures__/${name}.json`, import.meta.url), "utf8")),
);

function upstream({ http }: FixtureCase): UpstreamFailure {
  if (http.status !== 200) return { kind: "http", ...http, body: JSON.stringify(http.body) };
  return {
    kind: "answer",
    problem: "client_gate",
    message: "This version is no longer supported.",
  };
}

describe("the client column of the fixtures", () => {
  test.each(cases)("$name", (fixture) => {
    const error = toAnthropicError(classifyFailure(upstream(fixture), now), context);
    expect(error).toMatchObject(fixture.client);
    expect(error.message).not.toMatch(/accounts\.google\.com|@|ya29/);
  });
});

describe("every class", () => {
  test.each<readonly [FailureClass, Partial<Failure>, Omit<AnthropicError, "message">]>([
    [
      "quota",
      { waitMs: 7_830_500 },
      { status: 429, type: "rate_limit_error", retryAfterSeconds: 7831, shouldRetry: false },
    ],
    ["quota", { waitMs: 60_000 }, { status: 429, type: "rate_limit_error", retryAfterSeconds: 60 }],
    [
      "quota",
      { waitMs: 60_001 },
      { status: 429, type: "rate_limit_error", retryAfterSeconds: 61, shouldRetry: false },
    ],
    ["quota", {}, { status: 429, type: "rate_limit_error", retryAfterSeconds: 60 }],
    ["credits", {}, { status: 429, type: "rate_limit_error", retryAfterSeconds: 60 }],
    ["rate", { waitMs: 755 }, { status: 429, type: "rate_limit_error", retryAfterSeconds: 1 }],
    ["rate", {}, { status: 429, type: "rate_limit_error", retryAfterSeconds: 30 }],
    ["soft", {}, { status: 429, type: "rate_limit_error", retryAfterSeconds: 10 }],
    ["capacity", { status: 503 }, { status: 529, type: "overloaded_error", retryAfterSeconds: 10 }],
    ["capacity", { waitMs: 1000 }, { status: 529, type: "overloaded_error", retryAfterSeconds: 5 }],
    [
      "overloaded",
      { waitMs: 90_000 },
      { status: 529, type: "overloaded_error", retryAfterSeconds: 30 },
    ],
    ["auth", {}, { status: 503, type: "api_error", shouldRetry: false }],
    ["oauth_client", {}, { status: 503, type: "api_error", shouldRetry: false }],
    ["validation", {}, { status: 503, type: "api_error", shouldRetry: false }],
    ["banned", {}, { status: 503, type: "api_error", shouldRetry: false }],
    ["project", {}, { status: 503, type: "api_error", shouldRetry: false }],
    ["denied", {}, { status: 503, type: "api_error", shouldRetry: false }],
    ["location", {}, { status: 503, type: "api_error", shouldRetry: false }],
    ["signature", {}, { status: 400, type: "invalid_request_error" }],
    ["too_long", {}, { status: 400, type: "invalid_request_error" }],
    ["bad_request", {}, { status: 400, type: "invalid_request_error" }],
    ["not_found", {}, { status: 404, type: "not_found_error" }],
    ["timeout", {}, { status: 504, type: "timeout_error" }],
    ["too_large", {}, { status: 413, type: "request_too_large" }],
    ["server", { status: 500 }, { status: 500, type: "api_error" }],
    ["server", { status: 502 }, { status: 529, type: "overloaded_error", retryAfterSeconds: 10 }],
    [
      "server",
      { status: 503, waitMs: 20_000 },
      { status: 529, type: "overloaded_error", retryAfterSeconds: 20 },
    ],
    ["server", { status: 200 }, { status: 500, type: "api_error" }],
    ["unimplemented", {}, { status: 500, type: "api_error", shouldRetry: false }],
    ["client_gate", {}, { status: 400, type: "invalid_request_error", shouldRetry: false }],
    ["network", {}, { status: 503, type: "api_error" }],
    ["empty", {}, { status: 500, type: "api_error", shouldRetry: false }],
    ["malformed", {}, { status: 500, type: "api_error", shouldRetry: false }],
    ["cut", {}, { status: 500, type: "api_error" }],
  ])("%s %j: %j", (failureClass, more, expected) => {
    const error = toAnthropicError(failure(failureClass, more), context);
    expect(error).toEqual({ ...expected, message: expect.any(String) });
  });
});

describe("messages", () => {
  test.each<readonly [string, Failure, Partial<ErrorContext>, string]>([
    [
      "a limit: model, time, next step",
      failure("quota", { waitMs: 1000 }),
      { servesAgainAt: now + 7_800_000 },
      "claude-opus-4-6-thinking is limited: its quota is used up on every account that may serve it. It serves again at 2026-05-24 19:28 UTC (in 2 h 10 min). Until then use another model; `agp accounts list` shows the accounts and what to do.",
    ],
    [
      "no reason: what the quota shows",
      failure("soft"),
      { quota: { remainingFraction: 0.834, readAt: now } },
      "The backend refused the request to claude-opus-4-6-thinking and gave no reason; the last quota figure shows 83 % left. It may be a rate limit, or this kind of request: try again in a moment, or use another model.",
    ],
    [
      "a login",
      failure("auth"),
      {},
      "claude-opus-4-6-thinking cannot be served: Google refused the account's login. `agp accounts list` shows the accounts and what to do.",
    ],
    ["an unknown model", failure("not_found"), {}, "model: claude-opus-4-6-thinking"],
    [
      "a bad request, kept",
      failure("bad_request", { message: "messages.1: no" }),
      {},
      "messages.1: no",
    ],
    [
      "a signature, kept: Claude Code repeats without thinking on it",
      failure("signature", {
        message: "messages.1.content.0: Invalid `signature` in `thinking` block",
      }),
      {},
      "messages.1.content.0: Invalid `signature` in `thinking` block",
    ],
    [
      "a gate, quoted",
      failure("client_gate", { message: "Your current version is out of date." }),
      {},
      'The backend refuses to serve claude-opus-4-6-thinking to this client: "Your current version is out of date." Choose another model, or set the headers that it expects in config.json.',
    ],
    [
      "a malformed answer names its reason",
      failure("malformed", { message: "MALFORMED_FUNCTION_CALL: bad JSON" }),
      {},
      "malformed answer of claude-opus-4-6-thinking, again and again: MALFORMED_FUNCTION_CALL: bad JSON",
    ],
  ])("%s", (_name, remaining, more, expected) => {
    expect(toAnthropicError(remaining, { ...context, ...more }).message).toBe(expected);
  });

  test.each<FailureClass>(["auth", "validation", "banned", "project", "denied", "location"])(
    "%s names the command that mends it, and no link",
    (failureClass) => {
      const remaining = failure(failureClass, { validationUrl: "https://accounts.google.com/x" });
      const { message } = toAnthropicError(remaining, context);
      expect(message).toContain("`agp accounts list`");
      expect(message).not.toContain("https:");
    },
  );

  test("the earliest reset of all accounts counts, not this account's", () => {
    const error = toAnthropicError(failure("quota", { waitMs: 9_000_000 }), {
      ...context,
      servesAgainAt: now + 30_000,
    });
    expect(error).toMatchObject({ retryAfterSeconds: 30 });
    expect(error.shouldRetry).toBeUndefined();
  });

  test("a reset that has just passed is a second away", () => {
    const error = toAnthropicError(failure("rate"), { ...context, servesAgainAt: now - 5 });
    expect(error.retryAfterSeconds).toBe(1);
  });
});
