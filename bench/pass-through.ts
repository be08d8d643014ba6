import { createServer, request as httpRequest, type Server } from "node:http";

/** A plain byte pass-through of Node: the least that any proxy costs. Rewrites the path, copies bytes both ways. */
export function startPassThrough(
  target: string,
  path: string,
  headers: () => Record<string, string>,
): Promise<Server> {
  const url = new URL(target);
  const server = createServer((incoming, outgoing) => {
    const upstream = httpRequest(
      { host: url.hostname, port: url.port, method: "POST", path, headers: headers() },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, { "content-type": "text/event-stream" });
        answer.pipe(outgoing);
      },
    );
    upstream.on("error", () => outgoing.destroy());
    incoming.pipe(upstream);
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}
