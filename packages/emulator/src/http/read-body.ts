import type { IncomingMessage } from "node:http";

/** Reads a request's whole body; `undefined` when it exceeds `limitBytes` (the rest is drained), rejects when the client breaks off. */
export async function readBody(
  request: IncomingMessage,
  limitBytes: number,
): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request) {
    // Without an encoding set, node:http yields Buffers only.
    const bytes = chunk as Buffer;
    sizeBytes += bytes.length;
    if (sizeBytes <= limitBytes) chunks.push(bytes);
  }
  if (sizeBytes > limitBytes) return undefined;
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
}
