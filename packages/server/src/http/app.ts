import type { IncomingMessage, ServerResponse } from "node:http";

import { type AnthropicError, invalidRequest } from "@agp/core";
import Fastify, { type FastifyInstance, type FastifyServerOptions } from "fastify";

import { answerBrokenRequest } from "./answer-broken-request.ts";
import type { Authenticator, Caller } from "./authenticate.ts";
import { isAdmin } from "./authenticate.ts";
import { newRequestId } from "./request-id.ts";
import { sendError } from "./send-error.ts";

/** One request that has passed the guards. */
export interface Exchange {
  readonly id: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly caller: Caller;
  readonly isAdmin: boolean;
  /** Decoded path behind the route's own, as the id in `/v1/models/{id}`. */
  readonly rest: string;
  readonly query: URLSearchParams;
}

export type Handler = (exchange: Exchange) => Promise<void> | void;

export interface Route {
  readonly method: "GET" | "POST" | "HEAD" | "OPTIONS";
  /** A path, or one that ends in `/*`. */
  readonly path: string;
  /** `anybody` needs no key, `user` any key of a closed server, `admin` an admin's key or the control token. */
  readonly access: "anybody" | "user" | "admin";
  readonly handle: Handler;
}

export interface AppOptions {
  readonly routes: readonly Route[];
  readonly authenticator: Authenticator;
  readonly guardHost: (
    host: string | undefined,
    origin: string | undefined,
  ) => AnthropicError | undefined;
  readonly isDraining: () => boolean;
  /** A bug in a handler: logged in full, answered as a plain 500. */
  readonly onBug: (error: unknown, requestId: string) => void;
  /** Brings in what other processes have written: a key that the CLI has just made works at once. */
  readonly beforeRequest: () => Promise<void>;
  readonly onRequest: (exchange: Exchange) => void;
}

/** Above undici's and most clients' own limit, so that they close idle connections and never meet one that is being closed. */
const KEEP_ALIVE_MS = 75_000;

const UNSUPPORTED = /^\/v1\/(?:messages\/batches|files|skills|complete)(?:\/|$)/;

/** No route has a schema: Fastify's own compilers of them would only cost the start 0.1 s of CPU time and 4 MB. */
const NO_SCHEMAS: NonNullable<FastifyServerOptions["schemaController"]> = {
  compilersFactory: {
    buildValidator: () => schemasAreUnused,
    buildSerializer: () => schemasAreUnused,
  },
};

function schemasAreUnused(): never {
  throw new Error("Routes have no schemas: handlers check what they read");
}

/** Makes the HTTP server: guards, authentication, routes, and an Anthropic error for everything else. */
export function createApp(options: AppOptions): FastifyInstance {
  const app = Fastify({
    logger: false,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: "idle",
    exposeHeadRoutes: false,
    routerOptions: { ignoreTrailingSlash: true },
    schemaController: NO_SCHEMAS,
    clientErrorHandler: answerBrokenRequest,
    frameworkErrors: (_error, request, reply) => {
      reply.hijack();
      sendError(reply.raw, notFound(request.raw.url ?? ""), newRequestId());
    },
  });
  // Handlers read bodies themselves: the limit, the wording and the order (first the key, then 32 MB) are ours.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (_request, _payload, done) => done(null));

  for (const route of options.routes) {
    app.route({
      method: route.method,
      url: route.path,
      handler: (request, reply) => {
        reply.hijack();
        const params = request.params as { readonly "*"?: string };
        return run(options, route, request.raw, reply.raw, params["*"] ?? "");
      },
    });
  }
  app.setNotFoundHandler((request, reply) => {
    reply.hijack();
    const id = newRequestId();
    const refusal =
      options.guardHost(request.raw.headers.host, request.raw.headers.origin) ??
      unrouted(options.routes, request.raw, reply.raw);
    request.raw.resume();
    sendError(reply.raw, refusal, id);
  });
  return app;
}

async function run(
  options: AppOptions,
  route: Route,
  request: IncomingMessage,
  response: ServerResponse,
  rest: string,
): Promise<void> {
  const id = newRequestId();
  try {
    const refusal = options.guardHost(request.headers.host, request.headers.origin);
    if (refusal !== undefined) return refuse(request, response, refusal, id);
    await options.beforeRequest();
    const caller = options.authenticator.authenticate(request.headers);
    if ("status" in caller && route.access !== "anybody")
      return refuse(request, response, caller, id);
    const known: Caller = "status" in caller ? { kind: "anonymous" } : caller;
    const admin = isAdmin(known, options.authenticator.isOpen());
    if (route.access === "admin" && !admin) return refuse(request, response, adminOnly(), id);
    if (options.isDraining() && route.method === "POST") {
      response.setHeader("connection", "close");
      return refuse(request, response, draining(), id);
    }
    const url = request.url ?? "";
    const query = new URLSearchParams(url.includes("?") ? url.slice(url.indexOf("?")) : "");
    const exchange = { id, request, response, caller: known, isAdmin: admin, rest, query };
    options.onRequest(exchange);
    await route.handle(exchange);
  } catch (error) {
    options.onBug(error, id);
    if (response.headersSent) response.destroy();
    else
      sendError(response, { status: 500, type: "api_error", message: "Internal server error" }, id);
  }
}

function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  error: AnthropicError,
  id: string,
): void {
  request.resume();
  sendError(response, error, id);
}

/** The answer to a path or a method without a route: 405 with `Allow` on a known path, else 404, never 501. */
function unrouted(
  routes: readonly Route[],
  request: IncomingMessage,
  response: ServerResponse,
): AnthropicError {
  const path = (request.url ?? "/").split("?")[0] ?? "/";
  // The answer to a browser's preflight stands on every path and makes none of them known.
  const methods = routes
    .filter((route) => route.method !== "OPTIONS" && matches(route.path, path))
    .map((route) => route.method);
  if (methods.length === 0) return notFound(path);
  response.setHeader("allow", [...new Set(methods)].join(", "));
  return { ...invalidRequest(`${request.method} is not allowed for ${path}`), status: 405 };
}

function matches(route: string, path: string): boolean {
  return route.endsWith("/*") ? path.startsWith(route.slice(0, -1)) : route === path;
}

function notFound(url: string): AnthropicError {
  const path = (url.split("?")[0] ?? "").replace(/[^\x21-\x7e]/g, "?").slice(0, 200);
  const message = UNSUPPORTED.test(path)
    ? `${path} is not supported by this server: it has no batches, files, skills or text completions`
    : `Not found: ${path}`;
  return { status: 404, type: "not_found_error", message };
}

function adminOnly(): AnthropicError {
  return {
    status: 403,
    type: "permission_error",
    message: "This needs an admin's key, or the token in data/control.token as Bearer.",
    shouldRetry: false,
  };
}

function draining(): AnthropicError {
  return {
    status: 503,
    type: "api_error",
    message: "The server is shutting down and takes no new requests.",
  };
}
