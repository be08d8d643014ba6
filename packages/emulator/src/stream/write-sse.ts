import type { ServerResponse } from "node:http";
import type { Frame } from "../answer/render.ts";

/** Writes frames as server-sent events with CRLF line ends, one write for each event. Resolves when all is out or the client is gone. */
export async function writeSse(response: ServerResponse, frames: Iterable<Frame>): Promise<void> {
  response.writeHead(200, {
    "content-type": "text/event-stream",
    "x-cloudaicompanion-trace-id": "emulated",
  });
  for (const frame of frames) {
    if (response.destroyed) return;
    if (frame.kind === "delay") await new Promise((resolve) => setTimeout(resolve, frame.ms));
    else if (frame.kind === "event") {
      response.write(`data: ${JSON.stringify(frame.event)}\r\n\r\n`);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  response.end();
}
