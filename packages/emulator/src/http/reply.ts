import type { ServerResponse } from "node:http";

/** A whole HTTP answer: a string body goes out as it is (HTML), everything else as JSON. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** A 200 with a JSON body. */
export function ok(body: unknown): Reply {
  return { status: 200, body };
}

/** Writes a whole answer and ends the response; does nothing when the client is gone. */
export function sendReply(response: ServerResponse, reply: Reply): void {
  if (response.destroyed) return;
  const { body } = reply;
  const isText = typeof body === "string";
  const payload = Buffer.from(isText ? body : JSON.stringify(body, null, 1));
  response.writeHead(reply.status, {
    "content-type": isText ? "text/html; charset=UTF-8" : "application/json; charset=UTF-8",
    "content-length": payload.length,
    ...reply.headers,
  });
  response.end(payload);
}
