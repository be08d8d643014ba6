import {
  type AnthropicError,
  collectMessage,
  errorEnvelope,
  type MessageHead,
  MessageWriter,
  type StreamEvent,
} from "@agp/core";

import {
  type Prepared,
  type PreparedRequest,
  prepareRequest,
  type PrepareOptions,
  readRequestHeaders,
} from "../../proxy/prepare.ts";
import type { RequestLog } from "../../proxy/request-log.ts";
import { serveMessage } from "../../proxy/serve-message.ts";
import type { ServeResult, ServeServices } from "../../proxy/serve-types.ts";
import type { Exchange, Route } from "../app.ts";
import { parseJson } from "../parse-json.ts";
import { readBody } from "../read-body.ts";
import { randomId } from "../request-id.ts";
import { sendError, sendJson } from "../send-error.ts";
import { SseReply } from "../sse-reply.ts";

export interface MessageRouteOptions {
  readonly services: ServeServices;
  readonly prepareOptions: () => PrepareOptions;
  readonly log: (exchange: Exchange) => RequestLog;
}

/** `POST /v1/messages`, streamed and whole: both are the same events, written or collected. */
export function messagesRoute(options: MessageRouteOptions): Route {
  return {
    method: "POST",
    path: "/v1/messages",
    access: "user",
    handle: async (exchange) => {
      const log = options.log(exchange);
      const prepared = await prepare(exchange, options.prepareOptions());
      if (prepared.kind === "refused") {
        log.refused(prepared.error);
        sendError(exchange.response, prepared.error, exchange.id);
        return;
      }
      log.begin(prepared.prepared);
      await answer(exchange, prepared.prepared, options.services, log);
    },
  };
}

async function prepare(exchange: Exchange, options: PrepareOptions): Promise<Prepared> {
  const body = await readBody(exchange.request);
  if (body.kind === "refused") return body;
  const json = parseJson(body.bytes);
  if (json.kind === "refused") return json;
  return prepareRequest(json.value, readRequestHeaders(exchange.request.headers), options);
}

/** The client's end of a request: a stream, or a list of events that becomes one message. */
interface Output {
  /** A stream that has begun goes on with its writer; of a whole message nothing was sent, so that it can begin again. */
  readonly writer: () => MessageWriter;
  readonly sink: (events: readonly StreamEvent[]) => Promise<void> | undefined;
  complete(): void;
  fail(error: AnthropicError): void;
}

async function answer(
  exchange: Exchange,
  prepared: PreparedRequest,
  services: ServeServices,
  log: RequestLog,
): Promise<void> {
  const head = {
    id: `msg_${randomId()}`,
    model: prepared.request.model,
    get inputTokens() {
      return prepared.estimatedTokens;
    },
  };
  const abort = new AbortController();
  const onClose = () => {
    if (!exchange.response.writableFinished) abort.abort();
  };
  exchange.response.once("close", onClose);
  const output =
    prepared.request.stream === true
      ? streamOutput(exchange, head, services, log)
      : wholeOutput(exchange, head, log);
  let result: ServeResult;
  try {
    result = await serveMessage(services, {
      requestId: exchange.id,
      prepared,
      caller: exchange.caller,
      headers: exchange.request.headers,
      writer: output.writer,
      sink: output.sink,
      signal: abort.signal,
      log,
    });
  } finally {
    exchange.response.off("close", onClose);
  }
  if (result.kind === "complete") output.complete();
  else if (result.kind === "failed") output.fail(result.error);
  log.end(result);
}

function streamOutput(
  exchange: Exchange,
  head: MessageHead,
  services: ServeServices,
  log: RequestLog,
): Output {
  const { id, response } = exchange;
  const writer = new MessageWriter(head);
  const reply = new SseReply({
    response,
    clock: services.clock,
    headers: () => ({ "request-id": id, ...servedModel(log) }),
    begin: () => {
      const out: StreamEvent[] = [];
      writer.start(out);
      return out;
    },
  });
  response.once("close", () => reply.stop());
  return {
    writer: () => writer,
    sink: (events) => {
      log.firstEvent();
      return reply.send(events);
    },
    complete: () => reply.finish(),
    fail: (error) => {
      reply.stop();
      if (!reply.isCommitted) return sendError(response, error, id);
      // The status has gone out as 200: what is left is an event, and the end of the body without message_stop.
      const out: StreamEvent[] = [];
      writer.fail(errorEnvelope(error, id).error, id, out);
      void reply.send(out);
      reply.finish();
    },
  };
}

function wholeOutput(exchange: Exchange, head: MessageHead, log: RequestLog): Output {
  let events: StreamEvent[] = [];
  const { id, response } = exchange;
  return {
    writer: () => {
      events = [];
      return new MessageWriter(head);
    },
    sink: (batch) => {
      log.firstEvent();
      events.push(...batch);
      return undefined;
    },
    complete: () => sendJson(response, 200, collectMessage(events), id, servedModel(log)),
    fail: (error) => sendError(response, error, id),
  };
}

/** The model that answers, where the client's name for it is another one (anthropic-messages §4). */
function servedModel(log: RequestLog): Record<string, string> {
  return log.model === undefined ? {} : { "x-served-model": log.model };
}
