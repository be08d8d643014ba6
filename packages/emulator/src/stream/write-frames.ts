import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import type { Frame } from "../answer/render.ts";
import type { Exchange } from "../http/exchange.ts";
import type { Ending, Transport } from "../scenario/fragment.ts";
import { responseSink, type ByteSink } from "./byte-sink.ts";
import { encoderFor, type StreamForm } from "./encode.ts";
import { slicedSink } from "./slice.ts";

const FIRST_LONG_BYTE = 0xc2;
/** A TCP reset discards what the client's kernel holds: it comes after the client had time to read. */
const BEFORE_RESET_MS = 100;

/**
 * Streams frames to the client, as the transport tells: slow, cut into odd pieces, broken off. Resolves when the answer is out,
 * was broken off, or the client is gone.
 */
export async function writeFrames(
  exchange: Exchange,
  frames: Iterable<Frame>,
  form: StreamForm,
  transport: Transport,
): Promise<void> {
  const { response, signal } = exchange;
  if (transport.beforeHeaders !== undefined) {
    if (transport.beforeHeaders === "reset") response.socket?.resetAndDestroy();
    else await breakOff(exchange, transport.beforeHeaders);
    return;
  }
  if (transport.firstByteDelayMs !== undefined) await pause(transport.firstByteDelayMs, signal);
  if (signal.aborted) return;
  const isGzip = acceptsGzip(exchange);
  response.writeHead(200, {
    "content-type": form === "sse" ? "text/event-stream" : "application/json; charset=UTF-8",
    "x-cloudaicompanion-trace-id": exchange.backend.ids.hex(16),
    "server-timing": "gfet4t7; dur=1",
    ...(isGzip && { "content-encoding": "gzip" }),
    ...transport.headers,
  });
  response.flushHeaders();
  const sink = slicedSink(responseSink(response, isGzip), transport.cuts);
  const ending = await writeAll(exchange, frames, sink, form, transport);
  if (ending === "end") await sink.end();
  else if (!signal.aborted) await breakOff(exchange, ending);
}

async function writeAll(
  exchange: Exchange,
  frames: Iterable<Frame>,
  sink: ByteSink,
  form: StreamForm,
  { cut }: Transport,
): Promise<Ending> {
  const encoder = encoderFor(form);
  let events = 0;
  let sizeBytes = 0;
  for (const frame of frames) {
    if (exchange.signal.aborted) return "close";
    if (frame.kind === "delay") {
      await pause(frame.ms, exchange.signal);
      continue;
    }
    if (frame.kind === "gate") {
      await waitAtGate(exchange, frame.name);
      continue;
    }
    const bytes = frame.kind === "raw" ? Buffer.from(frame.text) : encoder.event(frame.event);
    const position = cut && cutPosition(bytes, cut, events, sizeBytes);
    if (cut !== undefined && position !== undefined) {
      await sink.write(bytes.subarray(0, position));
      return cut.ending;
    }
    await sink.write(bytes);
    events += 1;
    sizeBytes += bytes.length;
  }
  const tail = encoder.end();
  if (tail.length > 0) await sink.write(tail);
  return cut?.afterEvents === events ? cut.ending : "end";
}

/** Where in these bytes the answer breaks off, `undefined` if it does not. */
function cutPosition(
  bytes: Buffer,
  cut: NonNullable<Transport["cut"]>,
  eventsBefore: number,
  bytesBefore: number,
): number | undefined {
  if (cut.afterBytes !== undefined) {
    const position = cut.afterBytes - bytesBefore;
    return position <= bytes.length ? position : undefined;
  }
  if (eventsBefore !== cut.afterEvents) return undefined;
  if (cut.bytes !== "mid-utf8") return cut.bytes ?? 0;
  const long = bytes.findIndex((byte) => byte >= FIRST_LONG_BYTE);
  return long + 1;
}

async function waitAtGate(exchange: Exchange, name: string): Promise<void> {
  exchange.backend.journal.emit({ type: "gate", name, request: exchange.recorded });
  await exchange.backend.gates.pass(name, exchange.signal);
}

async function breakOff({ response, signal }: Exchange, how: Ending): Promise<void> {
  switch (how) {
    case "reset":
      await pause(BEFORE_RESET_MS, signal);
      // A client in this process reads in the poll phase, which comes before the next turn.
      await nextTurn();
      response.socket?.resetAndDestroy();
      return;
    case "close":
      response.socket?.destroySoon();
      return;
    case "end":
      response.end();
      return;
    case "stall":
      if (signal.aborted) return;
      await new Promise<void>((resolve) => {
        signal.addEventListener("abort", () => resolve(), { once: true });
      });
  }
}

/** Waits, or stops waiting when the client goes. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}

function acceptsGzip({ request }: Exchange): boolean {
  return /\bgzip\b/.test(request.headers["accept-encoding"] ?? "");
}
