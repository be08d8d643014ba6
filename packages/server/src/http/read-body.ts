import type { IncomingMessage } from "node:http";

import { type AnthropicError, invalidRequest } from "@agp/core";

/** Anthropic's own limit (anthropic-messages §8). */
export const MAX_BODY_BYTES = 32 * 1024 * 1024;

/** What is read and thrown away of a body that is too large, so that the client sees the answer and not a reset. */
const MAX_DISCARDED_BYTES = 256 * 1024 * 1024;

export type BodyResult =
  | { readonly kind: "body"; readonly bytes: Buffer }
  | { readonly kind: "refused"; readonly error: AnthropicError };

/** Reads a JSON request's body: 400 for another content type or encoding, 413 above `MAX_BODY_BYTES`. */
export function readBody(request: IncomingMessage): Promise<BodyResult> {
  const refusal = refuseByHeaders(request);
  return new Promise((resolve) => {
    const pieces: Buffer[] = [];
    let size = 0;
    request.on("data", (piece: Buffer) => {
      size += piece.length;
      if (refusal === undefined && size <= MAX_BODY_BYTES) pieces.push(piece);
      else pieces.length = 0;
      if (size > MAX_DISCARDED_BYTES) request.destroy();
    });
    request.on("end", () => {
      if (refusal !== undefined) resolve({ kind: "refused", error: refusal });
      else if (size > MAX_BODY_BYTES) resolve({ kind: "refused", error: tooLarge() });
      else {
        const [only] = pieces;
        const bytes = only !== undefined && pieces.length === 1 ? only : Buffer.concat(pieces);
        resolve({ kind: "body", bytes });
      }
    });
    // Nobody is left to answer; the promise settles so that the route ends.
    request.on("close", () =>
      resolve({ kind: "refused", error: invalidRequest("The request was cut off.") }),
    );
  });
}

function refuseByHeaders(request: IncomingMessage): AnthropicError | undefined {
  const encoding = request.headers["content-encoding"];
  if (encoding !== undefined && encoding.toLowerCase() !== "identity") {
    return invalidRequest(
      "content-encoding: compressed request bodies are not supported by this server",
      {
        error_code: "request_body_encoding_unsupported",
      },
    );
  }
  const type = request.headers["content-type"]?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json") {
    return invalidRequest("content-type: Input should be 'application/json'");
  }
  return undefined;
}

function tooLarge(): AnthropicError {
  return {
    status: 413,
    type: "request_too_large",
    message: `Request exceeds the maximum size (${MAX_BODY_BYTES / 1024 / 1024} MB).`,
    shouldRetry: false,
  };
}
