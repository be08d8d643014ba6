import type { ServerResponse } from "node:http";
import { setImmediate as nextTurn } from "node:timers/promises";
import { drained } from "./byte-sink.ts";

const DIRECTIVE = "[[bench ";
const EVENT =
  'data: {"response":{"candidates":[{"content":{"role":"model","parts":[{"text":"twenty characters.. "}]}}],"modelVersion":"claude-sonnet-4-6","responseId":"msg_vrtx_01BENCH"},"traceId":"00000000bench001"}\r\n\r\n';
const LAST_EVENT =
  'data: {"response":{"candidates":[{"content":{"role":"model","parts":[{"text":""}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":10,"candidatesTokenCount":10,"totalTokenCount":20},"modelVersion":"claude-sonnet-4-6","responseId":"msg_vrtx_01BENCH"},"traceId":"00000000bench001"}\r\n\r\n';

/** `[[bench events=500 perWrite=1]]`: so many events of about 210 bytes, so many in one write. */
export interface BenchOrder {
  readonly events: number;
  readonly perWrite: number;
}

/** Finds a bench order in a raw body, without parsing it: measurements should not pay for validation. */
export function findBenchOrder(body: Buffer): BenchOrder | undefined {
  const start = body.lastIndexOf(DIRECTIVE);
  if (start < 0) return undefined;
  const text = body.toString("latin1", start, start + 80);
  const events = /\bevents=(\d+)/.exec(text)?.[1];
  if (events === undefined) return undefined;
  return { events: Number(events), perWrite: Number(/\bperWrite=(\d+)/.exec(text)?.[1] ?? 1) };
}

/** Streams a bench order from ready-made buffers; stops when the client goes. */
export async function writeBench(response: ServerResponse, order: BenchOrder): Promise<void> {
  const { socket } = response;
  if (socket === null) return;
  response.writeHead(200, { "content-type": "text/event-stream", "transfer-encoding": "chunked" });
  response.flushHeaders();
  const block = chunk(EVENT.repeat(order.perWrite));
  let left = order.events - 1;
  while (left >= order.perWrite && !response.destroyed) {
    // Straight to the socket: node:http would make three buffers of each chunk.
    if (!socket.write(block)) await drained(socket);
    await nextTurn();
    left -= order.perWrite;
  }
  if (!response.destroyed) response.end(EVENT.repeat(Math.max(0, left)) + LAST_EVENT);
}

/** A chunk of the chunked transfer coding. Source: RFC 9112 §7.1. */
function chunk(text: string): Buffer {
  return Buffer.from(`${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`);
}
