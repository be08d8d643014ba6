import { createRequire } from "node:module";

import type { Agent, Dispatcher, EnvHttpProxyAgent } from "undici";

// The whole of undici (fetch, WebSocket, caches …) costs 13 MB and half of its loading time more than its Agent, which has
// no door of its own; the proxy's agent is only loaded where a proxy is configured.
const require = createRequire(import.meta.url);

export interface DispatcherOptions {
  readonly connectTimeoutMs: number;
  /** `HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY` of the environment. */
  readonly httpsProxy?: string | undefined;
  readonly httpProxy?: string | undefined;
  readonly noProxy?: string | undefined;
}

/**
 * Makes the one pool of keep-alive connections to the backend and to Google's OAuth endpoints.
 *
 * HTTP/1.1 only: a stream has a connection of its own, so that one slow reader cannot hold up another by flow control, and
 * a cancelled request ends its connection at once.
 */
export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const agent = {
    allowH2: false,
    connect: { timeout: options.connectTimeoutMs },
    // Shorter than the backend's own limit, so that a request seldom meets a connection that is just being closed.
    keepAliveTimeout: 30_000,
    pipelining: 1,
  };
  if (options.httpsProxy === undefined && options.httpProxy === undefined) {
    // CommonJS without types: the class that undici's index exports as `Agent`.
    const DirectAgent = require("undici/lib/dispatcher/agent.js") as typeof Agent;
    return new DirectAgent(agent);
  }
  const undici = require("undici") as { EnvHttpProxyAgent: typeof EnvHttpProxyAgent };
  return new undici.EnvHttpProxyAgent({
    ...agent,
    // Empty strings keep undici from reading the environment on its own: config.ts is the only reader.
    httpProxy: options.httpProxy ?? "",
    httpsProxy: options.httpsProxy ?? "",
    noProxy: options.noProxy ?? "",
  });
}
