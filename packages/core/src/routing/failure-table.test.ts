import { describe, expect, test } from "vitest";
import { retryDelayMs } from "../google/retry-delay.ts";
import { readRpcStatus } from "../google/rpc-status.ts";
import { classifyFailure } from "./classify-failure.ts";
import { FAILURE_ROWS, failureRow, type FailureRow } from "./failure-table.ts";
import type { Failure, UpstreamFailure } from "./failure.ts";

const now = Date.parse("2026-05-24T17:17:27Z");

function http(status: number, body: unknown, headers = {}): UpstreamFailure {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return { kind: "http", status, headers, body: text };
}

const info = (reason: string, metadata = {}) => ({
  "@type": "type.googleapis.com/google.rpc.ErrorInfo",
  reason,
  metadata,
});
const quotaFailure = (violation: object) => ({
  "@type": "type.googleapis.com/google.rpc.QuotaFailure",
  violations: [violation],
});
const error = (code: number, message: string, ...details: readonly object[]) => ({
  error: { code, message, ...(details.length === 0 ? {} : { details }) },
});

/** Every row of the table by its name, with an answer that only this row takes. */
const rowCases: readonly (readonly [string, UpstreamFailure, Partial<Failure>])[] = [
  [
    "credits: no AI credits left",
    http(429, error(429, "Insufficient credits.", info("INSUFFICIENT_G1_CREDITS_BALANCE"))),
    { class: "credits", status: 429 },
  ],
  [
    "capacity: the model has no room",
    http(429, error(429, "No room.", info("MODEL_CAPACITY_EXCEEDED"))),
    { class: "capacity", reason: "MODEL_CAPACITY_EXCEEDED" },
  ],
  [
    "quota: used up",
    http(429, error(429, "m", info("QUOTA_EXHAUSTED", { quotaResetDelay: "1h" }))),
    { class: "quota", waitMs: 3_600_000 },
  ],
  [
    "quota: of the day, or no entitlement",
    http(
      429,
      error(
        429,
        "m",
        info("RATE_LIMIT_EXCEEDED"),
        quotaFailure({ quotaId: "GenerateRequestsPerDay" }),
      ),
    ),
    { class: "quota" },
  ],
  [
    "rate: too many requests at once",
    http(
      429,
      error(429, "You have exhausted your capacity on this model.", info("RATE_LIMIT_EXCEEDED")),
    ),
    { class: "rate" },
  ],
  [
    "rate: of the minute",
    http(429, error(429, "m", quotaFailure({ quotaId: "GenerateRequestsPerMinute" }))),
    { class: "rate", waitMs: 60_000 },
  ],
  [
    "quota: by its sentence",
    http(429, error(429, "Individual quota reached. Resets in 71h15m27s.")),
    { class: "quota", waitMs: 256_527_000 },
  ],
  [
    "rate: a delay without a reason",
    http(429, error(429, "Slow down."), { "retry-after": "7" }),
    { class: "rate", waitMs: 7000 },
  ],
  [
    "soft: no reason at all",
    http(429, error(429, "Resource has been exhausted (e.g. check quota).", info("SOMETHING_NEW"))),
    { class: "soft", reason: "SOMETHING_NEW" },
  ],
  [
    "oauth_client: id or secret refused",
    http(401, { error: "invalid_client", error_description: "Unauthorized" }),
    { class: "oauth_client", reason: "invalid_client" },
  ],
  [
    "auth: the login is revoked",
    http(400, { error: "invalid_grant", error_description: "Token has been expired or revoked." }),
    { class: "auth", reason: "invalid_grant", message: "Token has been expired or revoked." },
  ],
  ["auth: the token is refused", http(401, ""), { class: "auth", status: 401 }],
  [
    "banned: terms of service",
    http(
      403,
      error(403, "It has been disabled in this account for violation of Terms of Service."),
    ),
    { class: "banned" },
  ],
  [
    "validation: Google wants the owner",
    http(
      403,
      error(403, "Verify at https://accounts.google.com/x?y=1.", info("VALIDATION_REQUIRED")),
    ),
    {
      class: "validation",
      validationUrl: "https://accounts.google.com/x?y=1",
      message: "Verify at (link left out)",
    },
  ],
  [
    "project: no licence for it",
    http(403, error(403, "You do not have a valid license of this product.")),
    { class: "project" },
  ],
  [
    "project: service disabled in it",
    http(403, error(403, "m", info("USER_PROJECT_DENIED"))),
    { class: "project", reason: "USER_PROJECT_DENIED" },
  ],
  [
    "project: not this account's",
    http(403, error(403, "m", info("IAM_PERMISSION_DENIED"))),
    { class: "project" },
  ],
  [
    "denied: a security policy",
    http(403, error(403, "m", info("SECURITY_POLICY_VIOLATED"))),
    { class: "denied", reason: "SECURITY_POLICY_VIOLATED" },
  ],
  ["denied: no reason", http(403, "Forbidden"), { class: "denied", message: "Forbidden" }],
  [
    "auth: the API key is refused",
    http(400, error(400, "API key not valid.", info("API_KEY_INVALID"))),
    { class: "auth", reason: "API_KEY_INVALID" },
  ],
  [
    "signature: of a thought",
    http(
      400,
      error(400, "The thinking blocks in the latest assistant message cannot be modified."),
    ),
    { class: "signature" },
  ],
  [
    "too_long: the prompt",
    http(400, error(400, "Request payload size exceeds the limit: 20971520 bytes.")),
    { class: "too_long" },
  ],
  [
    "location: not served here",
    http(400, {
      error: {
        code: 400,
        status: "FAILED_PRECONDITION",
        message: "User location is not supported for the API use.",
      },
    }),
    { class: "location" },
  ],
  [
    "project: a precondition",
    http(400, { error: { code: 400, status: "FAILED_PRECONDITION", message: "Precondition." } }),
    { class: "project" },
  ],
  [
    "bad_request: everything else that is wrong with it",
    http(400, error(400, "Request contains an invalid argument.")),
    { class: "bad_request", message: "Request contains an invalid argument." },
  ],
  ["not_found: the model", http(404, ""), { class: "not_found" }],
  ["timeout: on the backend's side", http(499, ""), { class: "timeout", status: 499 }],
  ["too_large: the body", http(413, "<html>"), { class: "too_large" }],
  ["unimplemented: our bug", http(501, ""), { class: "unimplemented" }],
  ["overloaded", http(529, error(529, "Overloaded")), { class: "overloaded" }],
  ["server: internal", http(520, ""), { class: "server", status: 520 }],
  [
    "bad_request: a 4xx without a row of its own",
    http(422, ""),
    { class: "bad_request", message: "The backend answered HTTP 422 and gave no reason." },
  ],
  [
    "server: no answer of the API (a redirect, a page)",
    http(200, "<html>Sign in to the hotel</html>"),
    { class: "server", status: 200 },
  ],
];

function rowOf(failure: UpstreamFailure): FailureRow | undefined {
  if (failure.kind !== "http") throw new Error("a row is about an HTTP answer");
  const { status, headers, body } = failure;
  const rpc = readRpcStatus(body);
  const delayMs = retryDelayMs({ status: rpc, headers, now });
  return failureRow({ status, rpc, ...(delayMs === undefined ? {} : { delayMs }) });
}

describe("every row of the table", () => {
  test.each(rowCases)("%s", (name, failure, expected) => {
    expect(classifyFailure(failure, now)).toMatchObject(expected);
    expect(rowOf(failure)?.name).toBe(name);
  });

  test("has its case", () => {
    expect(rowCases.map(([name]) => name)).toEqual(FAILURE_ROWS.map(({ name }) => name));
  });

  test("every status has a row", () => {
    const rpc = readRpcStatus("");
    for (let status = 0; status < 600; status += 1) {
      expect(failureRow({ status, rpc })?.class).toBeTypeOf("string");
    }
  });
});
