import type { Dispatcher } from "undici";

import { type ExchangeResult, openExchange } from "./exchange.ts";

/** Bytes to Cloud Code and back, no policy. Source: cloud-code §1. */
export interface CloudCode {
  /** Base URLs in the order of preference. */
  readonly endpoints: readonly string[];
  /** `streamGenerateContent?alt=sse`; `body` is the whole envelope as JSON. */
  stream(call: CloudCodeCall): Promise<ExchangeResult>;
  /** Any other RPC by its method name. */
  call(method: string, call: CloudCodeCall): Promise<ExchangeResult>;
  /** `GET {base}/v1internal/{operation}`. */
  operation(name: string, call: Omit<CloudCodeCall, "body">): Promise<ExchangeResult>;
}

export interface CloudCodeCall {
  readonly endpoint: string;
  readonly accessToken: string;
  readonly body: string | Buffer;
  readonly signal: AbortSignal;
}

export interface CloudCodeOptions {
  readonly dispatcher: Dispatcher;
  readonly endpoints: readonly string[];
  readonly userAgent: string;
  /** What an operator adds or overrides (cloud-code §1.3). */
  readonly extraHeaders: Readonly<Record<string, string>>;
  readonly firstByteTimeoutMs: number;
  readonly idleTimeoutMs: number;
}

/** Makes the client of one list of endpoints. */
export function createCloudCode(options: CloudCodeOptions): CloudCode {
  const bases = new Map(options.endpoints.map((endpoint) => [endpoint, new URL(endpoint)]));
  const fixedHeaders = { "user-agent": options.userAgent, ...options.extraHeaders };

  function send(
    path: string,
    method: "GET" | "POST",
    accept: string,
    call: Omit<CloudCodeCall, "body"> & { readonly body?: string | Buffer },
  ): Promise<ExchangeResult> {
    const base = bases.get(call.endpoint) ?? new URL(call.endpoint);
    return openExchange(options.dispatcher, {
      origin: base.origin,
      path: (base.pathname === "/" ? "" : base.pathname.replace(/\/$/, "")) + path,
      method,
      headers: {
        authorization: `Bearer ${call.accessToken}`,
        accept,
        ...(call.body === undefined ? {} : { "content-type": "application/json" }),
        // A stream comes as it is made; compressing it would only add a step to every event.
        ...(accept === "application/json" ? { "accept-encoding": "gzip" } : {}),
        ...fixedHeaders,
      },
      ...(call.body === undefined ? {} : { body: call.body }),
      signal: call.signal,
      firstByteTimeoutMs: options.firstByteTimeoutMs,
      idleTimeoutMs: options.idleTimeoutMs,
    });
  }

  return {
    endpoints: options.endpoints,
    stream: (call) =>
      send("/v1internal:streamGenerateContent?alt=sse", "POST", "text/event-stream", call),
    call: (method, call) => send(`/v1internal:${method}`, "POST", "application/json", call),
    operation: (name, call) => send(`/v1internal/${name}`, "GET", "application/json", call),
  };
}
