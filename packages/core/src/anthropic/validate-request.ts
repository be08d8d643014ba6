import type { DroppedField } from "../dropped-field.ts";
import { isStrictVersion } from "./api-version.ts";
import { messagesIssue } from "./check-messages.ts";
import { outputConfigIssue, outputFormatIssue } from "./check-output.ts";
import {
  maxTokensIssue,
  metadataIssue,
  modelIssue,
  samplingIssue,
  stopSequencesIssue,
  systemIssue,
} from "./check-parameters.ts";
import { thinkingIssue } from "./check-thinking.ts";
import { toolChoiceIssue, toolsIssue } from "./check-tools.ts";
import { turnsIssue } from "./check-turns.ts";
import { DroppedFields, fieldTable } from "./dropped-fields.ts";
import type { AnthropicError } from "./errors.ts";
import { isRecord, issueError, NOT_A_DICTIONARY, optionalBoolean } from "./issue.ts";
import type { Issue, JsonRecord } from "./issue.ts";
import type { CountTokensRequest, MessageParam, MessagesRequest } from "./messages.ts";
import { nestingIssue } from "./nesting.ts";

export interface ValidationOptions {
  /** Tokens of `anthropic-beta`. */
  readonly betas: ReadonlySet<string>;
  /** `anthropic-version`, as `2023-06-01`. */
  readonly apiVersion: string;
}

export type Validation<Request> =
  | { readonly kind: "valid"; readonly request: Request; readonly dropped: DroppedField[] }
  | { readonly kind: "refused"; readonly error: AnthropicError };

const FIELDS = fieldTable(
  [
    "model",
    "max_tokens",
    "messages",
    "system",
    "stream",
    "tools",
    "tool_choice",
    "thinking",
    "output_config",
    "output_format",
    "stop_sequences",
    // Reported by `samplingIssue`, which knows whether the version has them.
    "temperature",
    "top_p",
    "top_k",
  ],
  [
    "metadata",
    "service_tier",
    "cache_control",
    "context_management",
    "inference_geo",
    "speed",
    "diagnostics",
    "user_profile_id",
    "workspace_id",
    "fallbacks",
    "fallback_credit_token",
    "billing_policy",
    "safeguards",
    // Refused unless they are null or empty.
    "mcp_servers",
    "container",
    "compaction",
    "thread",
  ],
);

/**
 * Checks the body of `POST /v1/messages` and gives it back, typed and untouched, with the fields that nothing will be made
 * of; or the 400 in Anthropic's words that names the path of the first fault.
 *
 * What depends on the model is `validateForModel`'s. Source: anthropic-messages §3, §7.2; cloud-code §4.2.
 */
export function validateMessagesRequest(
  body: unknown,
  options: ValidationOptions,
): Validation<MessagesRequest> {
  return validate<MessagesRequest>(body, options, "generate");
}

/**
 * The same for `POST /v1/messages/count_tokens`: without `max_tokens`, and the assistant may have the last word, as in
 * what `/context` of Claude Code counts after an answer.
 *
 * Source: anthropic-messages §9.
 */
export function validateCountTokensRequest(
  body: unknown,
  options: ValidationOptions,
): Validation<CountTokensRequest> {
  return validate<CountTokensRequest>(body, options, "count");
}

function validate<Request>(
  body: unknown,
  options: ValidationOptions,
  purpose: "generate" | "count",
): Validation<Request> {
  const dropped = new DroppedFields();
  const found = isRecord(body)
    ? bodyIssue(body, options, purpose, dropped)
    : { path: "", message: `The request body: ${NOT_A_DICTIONARY}` };
  if (found !== undefined) return { kind: "refused", error: issueError(found) };
  // Every field that the type names has been checked.
  return { kind: "valid", request: body as Request, dropped: dropped.list() };
}

function bodyIssue(
  body: JsonRecord,
  options: ValidationOptions,
  purpose: "generate" | "count",
  dropped: DroppedFields,
): Issue | undefined {
  const found =
    nestingIssue(body) ??
    // Before the rest: a `continue` comes without what its thread is supposed to know.
    unsupportedIssue(body) ??
    modelIssue(body) ??
    maxTokensIssue(body, purpose === "generate" ? "required" : "optional") ??
    parametersIssue(body, options, dropped) ??
    systemIssue(body["system"], dropped) ??
    toolsIssue(body["tools"], dropped) ??
    toolChoiceIssue(body, dropped) ??
    messagesIssue(body["messages"], isStrictVersion(options.apiVersion), dropped) ??
    // The blocks have just been checked.
    turnsIssue(body["messages"] as readonly MessageParam[], purpose === "count" ? "any" : "user");
  if (found === undefined) dropped.scan(body, FIELDS, "");
  return found;
}

function parametersIssue(
  body: JsonRecord,
  options: ValidationOptions,
  dropped: DroppedFields,
): Issue | undefined {
  return (
    optionalBoolean(body, "stream") ??
    samplingIssue(body, options.apiVersion, dropped) ??
    stopSequencesIssue(body["stop_sequences"]) ??
    thinkingIssue(body, options.betas, dropped) ??
    outputConfigIssue(body, "", dropped) ??
    outputFormatIssue(body, "output_format", "output_format", dropped) ??
    metadataIssue(body["metadata"])
  );
}

/** Features that a server must not ignore: the client would rely on them. Source: anthropic-messages §3.1, §3.10; cloud-code §5.4. */
function unsupportedIssue(body: JsonRecord): Issue | undefined {
  if (isGiven(body["thread"])) {
    return {
      path: "thread",
      message: "threads are not supported by this server",
      details: { error_code: "thread_unsupported_request", unsupported: [] },
    };
  }
  if (isGiven(body["container"])) {
    return { path: "container", message: "containers are not supported by this server" };
  }
  if (isGiven(body["compaction"])) {
    const message = "compaction by the server is not supported; summarise on the client's side";
    return { path: "compaction", message };
  }
  if (!isGiven(body["mcp_servers"])) return undefined;
  const message =
    "MCP servers cannot be called from this server; connect to them from the client and declare their `tools`";
  return { path: "mcp_servers", message };
}

function isGiven(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return value !== undefined && value !== null;
}
