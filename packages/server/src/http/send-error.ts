import type { ServerResponse } from "node:http";

import { type AnthropicError, errorEnvelope } from "@agp/core";

/** Writes an error as the whole answer. Source: anthropic-messages §2.2 and §7.1. */
export function sendError(
  response: ServerResponse,
  error: AnthropicError,
  requestId: string,
): void {
  sendJson(response, error.status, errorEnvelope(error, requestId), requestId, errorHeaders(error));
}

/** Writes a JSON answer with its request id. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  requestId: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.headersSent || response.destroyed) return;
  const text = JSON.stringify(body);
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
    "request-id": requestId,
    ...headers,
  });
  response.end(text);
}

function errorHeaders(error: AnthropicError): Record<string, string> {
  const headers: Record<string, string> = {};
  if (error.retryAfterSeconds !== undefined) {
    headers["retry-after"] = String(Math.max(1, Math.ceil(error.retryAfterSeconds)));
  }
  if (error.shouldRetry !== undefined) headers["x-should-retry"] = String(error.shouldRetry);
  return headers;
}
