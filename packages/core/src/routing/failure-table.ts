/**
 * THE table: which class an answer of the backend belongs to. The first row that fits counts, so the order is part of it:
 * within one status the rows with a reason stand before those with a text, and the row for everything else comes last.
 *
 * Source: cloud-code §9.3; §2 for the token endpoint's answers; §8.4 for signatures.
 */
import type { RpcStatus } from "../google/rpc-status.ts";
import type { FailureClass } from "./failure.ts";

/** What a row may look at. */
export interface FailureFacts {
  /** HTTP status, or what the error of a stream names in its place. */
  readonly status: number;
  readonly rpc: RpcStatus;
  /** What the backend told, by any of its ways. */
  readonly delayMs?: number;
}

export interface FailureRow {
  readonly name: string;
  readonly source: string;
  /** Absent: every status from `from` to `to`. */
  readonly statuses: readonly number[] | { readonly from: number; readonly to: number };
  /** Of these three one has to fit; a row with none of them takes every answer of its statuses. */
  readonly reasons?: readonly string[];
  readonly text?: RegExp;
  readonly when?: (facts: FailureFacts) => boolean;
  readonly class: FailureClass;
  /** Used when the backend told no delay. */
  readonly defaultDelayMs?: number;
}

const SIGNATURE_TEXT =
  /Invalid .?signature|signature: Field required|Corrupted thought signature|Thought signature is not valid|cannot be modified|Expected .?thinking|missing a thought_signature|thinking: Field required/i;
const TOO_LONG_TEXT =
  /prompt is too long|input token count \(?\d+\)? exceeds the maximum|payload size exceeds the limit/i;
const NO_ENTITLEMENT = /\blimit: 0\b(?!\.)/;

/** The rows, in order. */
export const FAILURE_ROWS: readonly FailureRow[] = [
  {
    name: "credits: no AI credits left",
    source: "§9.3 429 INSUFFICIENT_G1_CREDITS_BALANCE",
    statuses: [429],
    reasons: ["INSUFFICIENT_G1_CREDITS_BALANCE"],
    class: "credits",
  },
  {
    name: "capacity: the model has no room",
    source: "§9.3 429 and 503 MODEL_CAPACITY_EXHAUSTED; §1.1 529",
    statuses: [429, 503, 529],
    reasons: ["MODEL_CAPACITY_EXHAUSTED", "MODEL_CAPACITY_EXCEEDED"],
    text: /no capacity available/i,
    class: "capacity",
  },
  {
    name: "quota: used up",
    source: "§9.3 429 QUOTA_EXHAUSTED",
    statuses: [429],
    reasons: ["QUOTA_EXHAUSTED"],
    class: "quota",
  },
  {
    // Before RATE_LIMIT_EXCEEDED, which some APIs send along: a day's quota is not back in a minute.
    name: "quota: of the day, or no entitlement",
    source: "§9.3 429 QuotaFailure …PerDay, `limit: 0`",
    statuses: [429],
    when: ({ rpc }) =>
      violates(rpc, /PerDay/) ||
      NO_ENTITLEMENT.test(rpc.message) ||
      rpc.quotaViolations.some(({ description }) => NO_ENTITLEMENT.test(description ?? "")),
    class: "quota",
  },
  {
    name: "rate: too many requests at once",
    source: "§9.3 429 RATE_LIMIT_EXCEEDED",
    statuses: [429],
    reasons: ["RATE_LIMIT_EXCEEDED"],
    class: "rate",
  },
  {
    name: "rate: of the minute",
    source: "§9.3 429 QuotaFailure …PerMinute",
    statuses: [429],
    when: ({ rpc }) => violates(rpc, /PerMinute/),
    class: "rate",
    defaultDelayMs: 60_000,
  },
  {
    name: "quota: by its sentence",
    source: "§9.3 429 QUOTA_EXHAUSTED, sample messages",
    statuses: [429],
    text: /exhausted your capacity|quota reached|quota will reset/i,
    class: "quota",
  },
  {
    name: "rate: a delay without a reason",
    source: "§9.3 429 with delay; it has details, so it is not soft",
    statuses: [429],
    when: ({ delayMs }) => delayMs !== undefined,
    class: "rate",
  },
  {
    name: "soft: no reason at all",
    source: "§9.3 429 no details",
    statuses: [429],
    class: "soft",
  },
  {
    name: "oauth_client: id or secret refused",
    source: "§2 invalid_client",
    statuses: [400, 401],
    reasons: ["invalid_client", "unauthorized_client"],
    text: /client_secret is missing/,
    class: "oauth_client",
  },
  {
    name: "auth: the login is revoked",
    source: "§2 and §9.3 invalid_grant",
    statuses: [400, 401],
    reasons: ["invalid_grant"],
    class: "auth",
  },
  {
    name: "auth: the token is refused",
    source: "§9.3 401",
    statuses: [401],
    class: "auth",
  },
  {
    name: "banned: terms of service",
    source: "§9.3 403 TOS_VIOLATION",
    statuses: [403],
    reasons: ["TOS_VIOLATION"],
    text: /violation of (?:the )?Terms of Service/i,
    class: "banned",
  },
  {
    name: "validation: Google wants the owner",
    source: "§9.3 403 VALIDATION_REQUIRED",
    statuses: [403],
    reasons: ["VALIDATION_REQUIRED"],
    text: /verify your account/i,
    class: "validation",
  },
  {
    name: "project: no licence for it",
    source: "§9.3 403 SUBSCRIPTION_REQUIRED",
    statuses: [403],
    reasons: ["SUBSCRIPTION_REQUIRED"],
    text: /lack a Gemini Code Assist license|do not have a valid license/i,
    class: "project",
  },
  {
    name: "project: service disabled in it",
    source: "§9.3 403 SERVICE_DISABLED",
    statuses: [403],
    reasons: ["SERVICE_DISABLED", "CONSUMER_INVALID", "USER_PROJECT_DENIED"],
    text: /has not been used in project \S+ before or it is disabled/i,
    class: "project",
  },
  {
    name: "project: not this account's",
    source: "§9.3 403 IAM_PERMISSION_DENIED",
    statuses: [403],
    reasons: ["IAM_PERMISSION_DENIED"],
    text: /^Permission '[^']*' denied on resource/i,
    class: "project",
  },
  {
    name: "denied: a security policy",
    source: "§9.3 403 SECURITY_POLICY_VIOLATED",
    statuses: [403],
    reasons: ["SECURITY_POLICY_VIOLATED"],
    class: "denied",
  },
  { name: "denied: no reason", source: "§9.3 403 none", statuses: [403], class: "denied" },
  {
    name: "auth: the API key is refused",
    source: "§9.3 400 API_KEY_INVALID",
    statuses: [400],
    reasons: ["API_KEY_INVALID"],
    class: "auth",
  },
  {
    name: "signature: of a thought",
    source: "§8.4 Recovery; §9.3 400 signature class",
    statuses: [400],
    text: SIGNATURE_TEXT,
    class: "signature",
  },
  {
    name: "too_long: the prompt",
    source: "§9.3 400 prompt is too long",
    statuses: [400],
    text: TOO_LONG_TEXT,
    class: "too_long",
  },
  {
    name: "location: not served here",
    source: "§9.3 400 FAILED_PRECONDITION, User location",
    statuses: [400],
    text: /location is not supported/i,
    class: "location",
  },
  {
    name: "project: a precondition",
    source: "§9.3 400 FAILED_PRECONDITION",
    statuses: [400],
    when: ({ rpc }) => rpc.status === "FAILED_PRECONDITION",
    class: "project",
  },
  {
    name: "bad_request: everything else that is wrong with it",
    source: "§9.3 400 INVALID_ARGUMENT",
    statuses: [400],
    class: "bad_request",
  },
  { name: "not_found: the model", source: "§9.3 404", statuses: [404], class: "not_found" },
  {
    name: "timeout: on the backend's side",
    source: "§9.3 408, 499, 504",
    statuses: [408, 499, 504],
    class: "timeout",
  },
  { name: "too_large: the body", source: "§9.3 413", statuses: [413], class: "too_large" },
  {
    name: "unimplemented: our bug",
    source: "§9.3 501",
    statuses: [501],
    class: "unimplemented",
  },
  { name: "overloaded", source: "§9.3 529", statuses: [529], class: "overloaded" },
  {
    name: "server: internal",
    source: "§9.3 500, 502, 503",
    statuses: { from: 500, to: 599 },
    class: "server",
  },
  {
    name: "bad_request: a 4xx without a row of its own",
    source: "anthropic-messages §7.1, 400",
    statuses: { from: 400, to: 499 },
    class: "bad_request",
  },
  {
    name: "server: no answer of the API (a redirect, a page)",
    source: "§9.1 HTML or empty body",
    statuses: { from: 0, to: 399 },
    class: "server",
  },
];

/** The first row that fits; every status under 600 has one. */
export function failureRow(facts: FailureFacts): FailureRow | undefined {
  return FAILURE_ROWS.find((row) => fits(row, facts));
}

function fits(row: FailureRow, facts: FailureFacts): boolean {
  const { statuses, reasons, text, when } = row;
  if ("from" in statuses) {
    if (facts.status < statuses.from || facts.status > statuses.to) return false;
  } else if (!statuses.includes(facts.status)) {
    return false;
  }
  if (reasons === undefined && text === undefined && when === undefined) return true;
  const { reason, message } = facts.rpc;
  if (reason !== undefined && reasons?.includes(reason) === true) return true;
  return text?.test(message) === true || when?.(facts) === true;
}

function violates(rpc: RpcStatus, quotaId: RegExp): boolean {
  return rpc.quotaViolations.some((violation) => quotaId.test(violation.quotaId ?? ""));
}
