import type { Route } from "../app.ts";

/** Probes of people and of older clients, and the answer to a browser's preflight: no CORS headers (anthropic-messages §1). */
export function rootRoutes(version: string): readonly Route[] {
  return [
    {
      method: "GET",
      path: "/",
      access: "anybody",
      handle: ({ id, response }) => {
        response.writeHead(200, { "content-type": "text/plain; charset=utf-8", "request-id": id });
        response.end(`antigravity-claude-proxy ${version}: POST /v1/messages, GET /health\n`);
      },
    },
    {
      method: "HEAD",
      path: "/",
      access: "anybody",
      handle: ({ id, response }) => {
        response.writeHead(200, { "request-id": id });
        response.end();
      },
    },
    {
      method: "OPTIONS",
      path: "/*",
      access: "anybody",
      handle: ({ id, request, response }) => {
        request.resume();
        response.writeHead(204, { "request-id": id });
        response.end();
      },
    },
  ];
}
