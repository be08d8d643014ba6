/**
 * google.rpc.Status as Cloud Code, the Gemini API, Google's front ends and (inside a message) Anthropic send it.
 *
 * Source: cloud-code §9.1.
 */
import {
  asFinite,
  asList,
  asRecord,
  asRecords,
  asText,
  parseJson,
  type JsonRecord,
} from "./read-json.ts";

export interface RpcStatus {
  /** The HTTP code that the body names; a gRPC code or an Anthropic error type is translated. */
  readonly code?: number;
  /** `RESOURCE_EXHAUSTED` … */
  readonly status?: string;
  /** The sentence, unwrapped; empty where the body has none (HTML, nothing, too large). */
  readonly message: string;
  /** Of ErrorInfo, or OAuth's error code (`invalid_grant`); the reasons of old-style `errors[]` are too vague to count. */
  readonly reason?: string;
  /** Of ErrorInfo. */
  readonly metadata: JsonRecord;
  /** RetryInfo: a proto Duration in either form, not yet judged. */
  readonly retryDelay?: unknown;
  readonly quotaViolations: readonly QuotaViolation[];
  /** Paths of `BadRequest.fieldViolations`. */
  readonly fieldViolations: readonly string[];
  /** URLs of `Help.links`, in order. */
  readonly helpLinks: readonly string[];
  /** Anthropic's id of a refusal that came through Vertex (`req_vrtx_…`). */
  readonly upstreamRequestId?: string;
}

export interface QuotaViolation {
  /** `GenerateRequestsPerDayPerProjectPerModel-FreeTier` … */
  readonly quotaId?: string;
  readonly description?: string;
}

/** An error body is small; a larger one is no Status and not worth the time of parsing. */
const MAX_BODY_LENGTH = 262_144;
/** How many wrappers (array, string, JSON in a message) are taken off. */
const MAX_WRAPPERS = 4;
/** A plain-text body is quoted no further than this. */
const MAX_PLAIN_TEXT_LENGTH = 500;
const MAX_DETAILS = 50;

/** By the position of the gRPC code. Source: google.rpc.Code and its HTTP mapping. */
const GRPC_CODES = [
  ["OK", 200],
  ["CANCELLED", 499],
  ["UNKNOWN", 500],
  ["INVALID_ARGUMENT", 400],
  ["DEADLINE_EXCEEDED", 504],
  ["NOT_FOUND", 404],
  ["ALREADY_EXISTS", 409],
  ["PERMISSION_DENIED", 403],
  ["RESOURCE_EXHAUSTED", 429],
  ["FAILED_PRECONDITION", 400],
  ["ABORTED", 409],
  ["OUT_OF_RANGE", 400],
  ["UNIMPLEMENTED", 501],
  ["INTERNAL", 500],
  ["UNAVAILABLE", 503],
  ["DATA_LOSS", 500],
  ["UNAUTHENTICATED", 401],
] as const satisfies readonly (readonly [string, number])[];

const HTTP_BY_STATUS: ReadonlyMap<string, number> = new Map(GRPC_CODES);

/** Source: anthropic-messages §7.1. */
const HTTP_BY_ANTHROPIC_TYPE: ReadonlyMap<string, number> = new Map([
  ["invalid_request_error", 400],
  ["authentication_error", 401],
  ["billing_error", 402],
  ["permission_error", 403],
  ["not_found_error", 404],
  ["request_too_large", 413],
  ["rate_limit_error", 429],
  ["api_error", 500],
  ["timeout_error", 504],
  ["overloaded_error", 529],
]);

const NOTHING: RpcStatus = {
  message: "",
  metadata: {},
  quotaViolations: [],
  fieldViolations: [],
  helpLinks: [],
};

/**
 * Reads an error body, as text or parsed, in every known wrapping; what is absent or of a wrong type is left out. Never
 * throws, and does bounded work on a body of any size.
 *
 * Source: cloud-code §9.1.
 */
export function readRpcStatus(body: unknown): RpcStatus {
  return readBody(body, 0);
}

function readBody(body: unknown, depth: number): RpcStatus {
  if (depth > MAX_WRAPPERS) return NOTHING;
  if (typeof body === "string") return readText(body, depth);
  if (Array.isArray(body)) return readBody(body[0], depth + 1);
  const record = asRecord(body);
  if (record === undefined) return NOTHING;
  const error = record["error"];
  if (typeof error === "string") return readStringError(record, error, depth);
  const fields = asRecord(error);
  // The inner object alone also comes, as an `error` that the caller has already taken out.
  return readError(fields ?? record, fields === undefined ? {} : record, depth);
}

function readText(text: string, depth: number): RpcStatus {
  if (text.length > MAX_BODY_LENGTH) return NOTHING;
  const trimmed = text.trim();
  const first = trimmed.charAt(0);
  if (first === "{" || first === "[" || first === '"') {
    // Streamed error bodies were seen with stray double commas (gemini-cli).
    const parsed = parseJson(trimmed) ?? parseJson(trimmed.replace(/,(?:\s*,)+/g, ","));
    return parsed === undefined ? NOTHING : readBody(parsed, depth + 1);
  }
  if (trimmed === "" || first === "<") return NOTHING;
  return { ...NOTHING, message: plainSentence(trimmed) };
}

/** `{"error":"…"}`: JSON once more, a sentence, or OAuth's code with its description. */
function readStringError(record: JsonRecord, error: string, depth: number): RpcStatus {
  const first = error.trim().charAt(0);
  if (first === "{" || first === "[") return readBody(error, depth + 1);
  const isOAuthCode = /^[a-z_]{1,64}$/.test(error);
  const message = asText(record["error_description"]) ?? asText(record["message"]) ?? error;
  return {
    ...NOTHING,
    message: plainSentence(message),
    ...(isOAuthCode ? { reason: error } : {}),
    ...optional("code", asFinite(record["code"])),
  };
}

function readError(error: JsonRecord, envelope: JsonRecord, depth: number): RpcStatus {
  const outer = readOwnFields(error, envelope);
  const first = outer.message.charAt(0);
  if (first !== "{" && first !== "[") return outer;
  const parsed = parseJson(outer.message);
  if (parsed === undefined) return outer;
  const inner = readBody(parsed, depth + 1);
  if (inner.message === "") return outer;
  const { code, status } = { ...inner, ...outer };
  // The outer status is the transport's; everything that explains it comes from the inside where the inside has it.
  return {
    ...outer,
    ...inner,
    ...optional("code", code),
    ...optional("status", status),
    metadata: { ...outer.metadata, ...inner.metadata },
    quotaViolations: [...outer.quotaViolations, ...inner.quotaViolations],
    fieldViolations: [...outer.fieldViolations, ...inner.fieldViolations],
    helpLinks: [...outer.helpLinks, ...inner.helpLinks],
  };
}

function readOwnFields(error: JsonRecord, envelope: JsonRecord): RpcStatus {
  const legacy = asRecords(error["errors"])[0];
  const status = asText(error["status"]);
  const message = asText(error["message"]) ?? asText(legacy?.["message"]) ?? "";
  return {
    ...NOTHING,
    message,
    ...optional("code", httpCode(error, status)),
    ...optional("status", status),
    ...readDetails(error["details"]),
    ...optional("upstreamRequestId", asText(envelope["request_id"])),
  };
}

function httpCode(error: JsonRecord, status: string | undefined): number | undefined {
  const code = Number(asFinite(error["code"]) ?? asText(error["code"]) ?? Number.NaN);
  if (code >= 100 && code <= 599) return code;
  const grpc = GRPC_CODES[code];
  if (grpc !== undefined) return grpc[1];
  if (status !== undefined) return HTTP_BY_STATUS.get(status);
  return HTTP_BY_ANTHROPIC_TYPE.get(asText(error["type"]) ?? "");
}

type Details = Omit<RpcStatus, "code" | "status" | "message" | "upstreamRequestId">;

/** One reader per detail type; the order of the details, and which of them are there, does not matter. */
const DETAIL_READERS: Readonly<Record<string, (detail: JsonRecord) => Partial<Details>>> = {
  ErrorInfo: (detail) => ({
    ...optional("reason", asText(detail["reason"])),
    metadata: asRecord(detail["metadata"]) ?? {},
  }),
  RetryInfo: (detail) => optional("retryDelay", detail["retryDelay"] ?? undefined),
  QuotaFailure: (detail) => ({
    quotaViolations: records(detail["violations"]).map((violation) => ({
      ...optional("quotaId", asText(violation["quotaId"])),
      ...optional("description", asText(violation["description"])),
    })),
  }),
  BadRequest: (detail) => ({
    fieldViolations: records(detail["fieldViolations"]).flatMap((violation) =>
      texts(violation["field"]),
    ),
  }),
  Help: (detail) => ({
    helpLinks: records(detail["links"]).flatMap((link) => texts(link["url"])),
  }),
};

function readDetails(details: unknown): Partial<Details> {
  let found: Partial<Details> = {};
  for (const detail of records(details)) {
    const type = asText(detail["@type"])?.split(".").at(-1) ?? "";
    const read = Object.hasOwn(DETAIL_READERS, type) ? DETAIL_READERS[type] : undefined;
    // The first detail of a type counts.
    if (read !== undefined) found = { ...read(detail), ...found };
  }
  return found;
}

function records(value: unknown): readonly JsonRecord[] {
  return asRecords(asList(value).slice(0, MAX_DETAILS));
}

function texts(value: unknown): readonly string[] {
  const text = asText(value);
  return text === undefined ? [] : [text];
}

function plainSentence(text: string): string {
  return text.slice(0, MAX_PLAIN_TEXT_LENGTH).replaceAll(/\s+/g, " ").trim();
}

/** `{key: value}`, or `{}` where there is no value: absent fields stay absent. */
function optional<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  // A computed key widens to `{[x: string]: V}`; it is exactly K.
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]: V });
}
