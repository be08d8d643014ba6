import { invalidRequest } from "./errors.ts";
import type { AnthropicError, ErrorDetails } from "./errors.ts";

/**
 * Something wrong with a request, found at `path` (empty: the text stands for itself).
 *
 * A check returns the path relative to what it was given, and each caller puts its own part in front: a request without
 * fault, however large, builds no path at all.
 */
export interface Issue {
  readonly path: string;
  readonly message: string;
  readonly details?: ErrorDetails;
}

export const FIELD_REQUIRED = "Field required";
export const NOT_A_STRING = "Input should be a valid string";
export const NOT_A_LIST = "Input should be a valid list";
export const NOT_A_DICTIONARY = "Input should be a valid dictionary";
const EMPTY_STRING = "String should have at least 1 character";

/** Longest piece of the client's own text that an error repeats, in UTF-16 units. */
const MAX_SHOWN = 200;

/** Puts `prefix` before the issue's path: `within("tools.0", {path: "name"})` → `tools.0.name`. */
export function within(prefix: string, found: Issue): Issue {
  return { ...found, path: found.path === "" ? prefix : `${prefix}.${found.path}` };
}

/** The 400 for an issue: `path: message`, as Anthropic writes them. Source: anthropic-messages §7.2. */
export function issueError(found: Issue): AnthropicError {
  const text = found.path === "" ? found.message : `${found.path}: ${found.message}`;
  return invalidRequest(text, found.details);
}

/**
 * A piece of the client's text made fit for an error message, which Claude Code prints as it is: cut to 200 characters,
 * control characters replaced so that it cannot steer a terminal.
 */
export function shown(text: string): string {
  const cut = text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
  return cut.replace(/\p{Cc}/gu, "\uFFFD").toWellFormed();
}

/** Anthropic's words for a `type` that a place does not know. Source: anthropic-messages §3.4. */
export function unknownTag(tag: string, expected: readonly string[]): string {
  const tags = expected.map((name) => `'${name}'`).join(", ");
  return `Input tag '${shown(tag)}' found using 'type' does not match any of the expected tags: ${tags}`;
}

export type JsonRecord = Readonly<Record<string, unknown>>;

/** True for a JSON object; lists and null are none. */
export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An issue at `key` unless it holds a string; `minLength` 1 refuses the empty one. */
export function requireString(record: JsonRecord, key: string, minLength = 0): Issue | undefined {
  const value = record[key];
  if (value === undefined) return { path: key, message: FIELD_REQUIRED };
  if (typeof value !== "string") return { path: key, message: NOT_A_STRING };
  if (value.length < minLength) return { path: key, message: EMPTY_STRING };
  return undefined;
}

/** An issue at `key` unless it is absent or holds a string, or null where `nullable` says so. */
export function optionalString(
  record: JsonRecord,
  key: string,
  nullable: "nullable" | "strict" = "strict",
): Issue | undefined {
  const value = record[key];
  if (value === undefined || typeof value === "string") return undefined;
  if (value === null && nullable === "nullable") return undefined;
  return { path: key, message: NOT_A_STRING };
}

/** An issue at `key` unless it is absent or a boolean. */
export function optionalBoolean(record: JsonRecord, key: string): Issue | undefined {
  const value = record[key];
  if (value === undefined || typeof value === "boolean") return undefined;
  return { path: key, message: "Input should be a valid boolean" };
}

/** An issue at `key` unless it holds a JSON object. */
export function requireRecord(record: JsonRecord, key: string): Issue | undefined {
  const value = record[key];
  if (value === undefined) return { path: key, message: FIELD_REQUIRED };
  return isRecord(value) ? undefined : { path: key, message: NOT_A_DICTIONARY };
}
