import type { IncomingMessage, ServerResponse } from "node:http";
import type { Backend } from "../backend.ts";
import type { EndpointName, RecordedRequest } from "../record/journal.ts";
import { readBody } from "./read-body.ts";
import { sendReply, type Reply } from "./reply.ts";
import { route, rpcName } from "./route.ts";

/** Serves one call: reads and records it, finds its handler, and tells the journal how it ended. */
export async function handle(
  backend: Backend,
  endpoint: EndpointName,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? "/", "http://emulator");
  const recorded = backend.journal.record({
    at: backend.now(),
    endpoint,
    method: request.method ?? "GET",
    path: url.pathname + url.search,
    rpc: rpcName(url.pathname),
    headers: request.headers,
  });
  const signal = watchEnd(backend, recorded, response);
  const body = await readBody(request, backend.maxBodyBytes);
  backend.journal.emit({ type: "request", request: recorded });
  if (body === undefined) {
    sendReply(response, { status: 413, body: "<html><title>413</title></html>" });
    return;
  }
  const exchange = { backend, endpoint, url, request, response, body, recorded, signal };
  const reply = await route(exchange);
  if (reply === undefined) return;
  if (reply.status >= 400) recorded.refusal = messageOf(reply);
  sendReply(response, reply);
}

function watchEnd(
  backend: Backend,
  recorded: RecordedRequest,
  response: ServerResponse,
): AbortSignal {
  const controller = new AbortController();
  response.on("close", () => {
    // A reason of its own: making a DOMException for each call would show in measurements.
    controller.abort("connection closed");
    if (response.headersSent) recorded.status = response.statusCode;
    const type = response.writableFinished ? "answered" : "aborted";
    backend.journal.emit({ type, request: recorded });
  });
  return controller.signal;
}

function messageOf({ body, status }: Reply): string {
  if (typeof body === "string") return body.slice(0, 200);
  // Error bodies are this emulator's own.
  const { error } = body as { error?: { message?: string } | string };
  return (typeof error === "string" ? error : error?.message) ?? `HTTP ${status}`;
}
