import { Agent, type Dispatcher, EnvHttpProxyAgent } from "undici";

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
  if (options.httpsProxy === undefined && options.httpProxy === undefined) return new Agent(agent);
  return new EnvHttpProxyAgent({
    ...agent,
    // Empty strings keep undici from reading the environment on its own: config.ts is the only reader.
    httpProxy: options.httpProxy ?? "",
    httpsProxy: options.httpsProxy ?? "",
    noProxy: options.noProxy ?? "",
  });
}
