import type { Socket } from "node:net";

import { type AnthropicError, errorEnvelope, invalidRequest } from "@agp/core";

import { newRequestId } from "./request-id.ts";

/** What Node's parser refuses by a status of its own; everything else is a plain 400. */
const STATUSES: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** Answers bytes that are no HTTP request (a control character in a header …) as any other error, and closes. */
export function answerBrokenRequest(
  error: Error & { readonly code?: string },
  socket: Socket,
): void {
  if (!socket.writable || error.code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  const status = STATUSES[error.code ?? ""] ?? 400;
  const refusal: AnthropicError = {
    ...invalidRequest(
      `The request is not valid HTTP (${error.code ?? "unknown"}): check the request line and the headers.`,
    ),
    status,
  };
  const id = newRequestId();
  const body = JSON.stringify(errorEnvelope(refusal, id));
  socket.end(
    `HTTP/1.1 ${status} Bad Request\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n` +
      `request-id: ${id}\r\nconnection: close\r\n\r\n${body}`,
  );
}
