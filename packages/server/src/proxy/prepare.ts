import { createHash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

import {
  type AnthropicError,
  type DroppedField,
  estimateTokens,
  isWebSearchOnly,
  type MessagesRequest,
  type ModelInfo,
  resolveModel,
  requestPieces,
  sessionKey,
  signatureKeys,
  type SignatureKeys,
  type SignatureReader,
  type TranslatedRequest,
  translateRequest,
  type TranslationContext,
  type TranslationSettings,
  validateForModel,
  validateMessagesRequest,
  webSearchModelOf,
} from "@agp/core";
import type { Catalogue, ResolveOptions } from "@agp/core";

/** What the headers of a request say about how to read its body. */
export interface RequestHeaders {
  readonly betas: ReadonlySet<string>;
  readonly apiVersion: string;
}

/** A request that was checked and has its models; translation may still refuse it. */
export interface PreparedRequest {
  readonly request: MessagesRequest;
  readonly headers: RequestHeaders;
  readonly dropped: readonly DroppedField[];
  /** In the order in which they are tried. */
  readonly candidates: readonly ModelInfo[];
  readonly isWebSearch: boolean;
  /** Made when it is read for the first time: most answers bring the backend's own count. */
  readonly estimatedTokens: number;
  readonly keys: SignatureKeys;
}

/** A request in the backend's words, serialised once for every attempt with one model. */
export interface TranslatedJob {
  readonly translated: TranslatedRequest;
  /** The JSON of the inner request, as the bytes that go out. */
  readonly json: Buffer;
}

export type Prepared =
  | { readonly kind: "prepared"; readonly prepared: PreparedRequest }
  | { readonly kind: "refused"; readonly error: AnthropicError };

export interface PrepareOptions {
  readonly catalogue: Catalogue;
  readonly aliases: ResolveOptions["aliases"];
  readonly smallModel?: string;
}

/** Reads `anthropic-version` (a missing one is the oldest) and the tokens of `anthropic-beta`. */
export function readRequestHeaders(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): RequestHeaders {
  const beta = headers["anthropic-beta"];
  const tokens = (Array.isArray(beta) ? beta.join(",") : (beta ?? "")).split(",");
  const version = headers["anthropic-version"];
  return {
    betas: new Set(tokens.map((token) => token.trim()).filter((token) => token !== "")),
    apiVersion: typeof version === "string" ? version : "2023-06-01",
  };
}

/** Checks a request and finds its models: the 400s and the 404 that need no backend. */
export function prepareRequest(
  body: unknown,
  headers: RequestHeaders,
  options: PrepareOptions,
): Prepared {
  const validation = validateMessagesRequest(body, headers);
  if (validation.kind === "refused") return validation;
  const { request, dropped } = validation;
  const isWebSearch = isWebSearchOnly(request);
  const resolved = isWebSearch
    ? webSearchModel(options.catalogue)
    : resolveModel(request.model, resolveOptions(request, options));
  if (resolved.kind === "unknown") return { kind: "refused", error: resolved.error };
  const refusal = validateForModel(request, resolved.model, headers);
  if (refusal !== undefined) return { kind: "refused", error: refusal };
  let estimated: number | undefined;
  return {
    kind: "prepared",
    prepared: {
      request,
      headers,
      dropped,
      candidates: [resolved.model],
      isWebSearch,
      get estimatedTokens() {
        return (estimated ??= estimateTokens(request));
      },
      keys: signatureKeys(request),
    },
  };
}

export interface TranslateOptions {
  readonly model: ModelInfo;
  readonly signatures: SignatureReader;
  readonly settings: TranslationSettings;
  readonly schemaCache: NonNullable<TranslationContext["schemaCache"]>;
  readonly repairSignatures: boolean;
}

/** Translates a prepared request for one of its models. */
export function translateFor(
  prepared: PreparedRequest,
  options: TranslateOptions,
): TranslatedJob | AnthropicError {
  const translation = translateRequest(prepared.request, {
    ...options,
    sha256Hex,
    betas: prepared.headers.betas,
    apiVersion: prepared.headers.apiVersion,
  });
  if (translation.kind === "refused") return translation.error;
  return {
    translated: translation.value,
    json: encodePieces(requestPieces(translation.value.request)),
  };
}

/**
 * The bytes of a request, encoded once for all attempts. Piece by piece: one character beyond Latin-1 makes V8 widen a whole
 * string, and a request of a megabyte has one somewhere.
 */
function encodePieces(pieces: readonly string[]): Buffer {
  let length = 0;
  for (const piece of pieces) length += Buffer.byteLength(piece);
  const bytes = Buffer.allocUnsafe(length);
  let offset = 0;
  for (const piece of pieces) offset += bytes.write(piece, offset);
  return bytes;
}

/** The key by which a conversation stays on its account. */
export function sessionKeyOf(
  request: MessagesRequest,
  headers: IncomingHttpHeaders,
  userId: string | undefined,
): string {
  const single: Record<string, string | undefined> = {};
  for (const name of SESSION_HEADERS) {
    const value = headers[name];
    if (typeof value === "string") single[name] = value;
  }
  return sessionKey({
    headers: single,
    request,
    sha256Hex,
    ...(userId === undefined ? {} : { userId }),
  });
}

const SESSION_HEADERS = ["x-claude-code-session-id", "x-claude-code-agent-id"];

/** SHA-256 of a text's UTF-8 bytes, as 64 lower-case hex digits. */
export function sha256Hex(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function resolveOptions(request: MessagesRequest, options: PrepareOptions): ResolveOptions {
  const effort = request.output_config?.effort;
  const thinking = request.thinking?.type;
  return {
    catalogue: options.catalogue,
    aliases: options.aliases,
    wantsThinking: thinking === "enabled" || thinking === "adaptive",
    ...(effort === undefined || effort === null ? {} : { effort }),
    ...(options.smallModel === undefined ? {} : { smallModel: options.smallModel }),
  };
}

type Resolved = ReturnType<typeof resolveModel>;

/** Whatever model the client names, a search goes to a Gemini model that can do it (cloud-code §6.4). */
function webSearchModel(catalogue: Catalogue): Resolved {
  const model = webSearchModelOf(catalogue);
  if (model !== undefined) return { kind: "model", model };
  const message =
    "tools.0.web_search: no model of the accounts' catalogue can search the web, so that this tool cannot work here";
  return { kind: "unknown", error: { status: 400, type: "invalid_request_error", message } };
}
