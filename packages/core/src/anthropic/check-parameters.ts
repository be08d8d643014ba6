import { isStrictVersion } from "./api-version.ts";
import { fieldTable } from "./dropped-fields.ts";
import type { DroppedFields } from "./dropped-fields.ts";
import {
  FIELD_REQUIRED,
  isRecord,
  NOT_A_DICTIONARY,
  NOT_A_LIST,
  NOT_A_STRING,
  optionalString,
  requireString,
  within,
} from "./issue.ts";
import type { Issue, JsonRecord } from "./issue.ts";

const MAX_MODEL_LENGTH = 256;

const NOT_A_NUMBER = "Input should be a valid number";
const NOT_AN_INTEGER = "Input should be a valid integer";

const SYSTEM_FIELDS = fieldTable(["type", "text"], ["cache_control", "citations"]);

/** Checks `model`: 1 to 256 characters. Source: anthropic-messages §3.1. */
export function modelIssue(body: JsonRecord): Issue | undefined {
  const found = requireString(body, "model", 1);
  if (found !== undefined) return found;
  if (String(body["model"]).length <= MAX_MODEL_LENGTH) return undefined;
  return { path: "model", message: `String should have at most ${MAX_MODEL_LENGTH} characters` };
}

/**
 * Checks `max_tokens`: an integer >= 1. What is above a model's limit is clamped by the translation, and 0 ("only warm the
 * cache") is refused for every version, since the backend has no such request.
 *
 * Source: anthropic-messages §3.1.
 */
export function maxTokensIssue(
  body: JsonRecord,
  presence: "required" | "optional",
): Issue | undefined {
  const path = "max_tokens";
  const value = body[path];
  if (value === undefined) {
    return presence === "required" ? { path, message: FIELD_REQUIRED } : undefined;
  }
  if (!Number.isInteger(value)) return { path, message: NOT_AN_INTEGER };
  return Number(value) >= 1 ? undefined : { path, message: atLeast(1) };
}

/** Checks `system`: a string or a list of text blocks; empty ones are dropped later. Source: anthropic-messages §3.1. */
export function systemIssue(system: unknown, dropped: DroppedFields): Issue | undefined {
  if (system === undefined || typeof system === "string") return undefined;
  if (!Array.isArray(system)) return { path: "system", message: NOT_A_LIST };
  for (let index = 0; index < system.length; index++) {
    const found = systemBlockIssue(system[index]);
    if (found !== undefined) return within(`system.${index}`, found);
    dropped.scan(system[index] as JsonRecord, SYSTEM_FIELDS, "system[]");
  }
  return undefined;
}

function systemBlockIssue(block: unknown): Issue | undefined {
  if (!isRecord(block)) return { path: "", message: NOT_A_DICTIONARY };
  const found = requireString(block, "type");
  if (found !== undefined) return found;
  if (block["type"] !== "text") return { path: "type", message: "Input should be 'text'" };
  return requireString(block, "text");
}

/**
 * Checks `temperature`, `top_p` and `top_k`, or drops them where `anthropic-version` has no such fields.
 *
 * Source: anthropic-messages §2.4, §3.1.
 */
export function samplingIssue(
  body: JsonRecord,
  apiVersion: string,
  dropped: DroppedFields,
): Issue | undefined {
  if (isStrictVersion(apiVersion)) {
    for (const name of ["temperature", "top_p", "top_k"]) {
      if (body[name] !== undefined) dropped.add("", name, "sampling_of_older_version");
    }
    return undefined;
  }
  return shareIssue(body, "temperature") ?? shareIssue(body, "top_p") ?? topKIssue(body["top_k"]);
}

function shareIssue(body: JsonRecord, path: string): Issue | undefined {
  const value = body[path];
  if (value === undefined) return undefined;
  if (typeof value !== "number") return { path, message: NOT_A_NUMBER };
  return value >= 0 && value <= 1 ? undefined : { path, message: "range: 0..1" };
}

function topKIssue(value: unknown): Issue | undefined {
  const path = "top_k";
  if (value === undefined) return undefined;
  if (!Number.isInteger(value)) return { path, message: NOT_AN_INTEGER };
  return Number(value) >= 0 ? undefined : { path, message: atLeast(0) };
}

/** Checks `stop_sequences`; how many a model takes is `validateForModel`'s. Source: anthropic-messages §3.1. */
export function stopSequencesIssue(sequences: unknown): Issue | undefined {
  const path = "stop_sequences";
  if (sequences === undefined) return undefined;
  if (!Array.isArray(sequences)) return { path, message: NOT_A_LIST };
  for (let index = 0; index < sequences.length; index++) {
    const sequence: unknown = sequences[index];
    if (typeof sequence !== "string") return { path: `${path}.${index}`, message: NOT_A_STRING };
    if (!/\S/.test(sequence)) {
      return { path, message: "each stop sequence must contain non-whitespace" };
    }
  }
  return undefined;
}

/** Checks `metadata`; a `user_id` of any length, since Claude Code's is a JSON text. Source: anthropic-messages §3.1, §3.11. */
export function metadataIssue(metadata: unknown): Issue | undefined {
  if (metadata === undefined) return undefined;
  if (!isRecord(metadata)) return { path: "metadata", message: NOT_A_DICTIONARY };
  const found = optionalString(metadata, "user_id", "nullable");
  return found === undefined ? undefined : within("metadata", found);
}

function atLeast(minimum: number): string {
  return `Input should be greater than or equal to ${minimum}`;
}
