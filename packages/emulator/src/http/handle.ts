import type { IncomingMessage, ServerResponse } from "node:http";
import type { JsonObject } from "@agp/core";
import type { Backend } from "../backend.ts";
import { googleError, invalidArgument } from "../errors/google-error.ts";
import { isObject } from "../json.ts";
import { authorize } from "../oauth/authorize.ts";
import { parseForm } from "../oauth/form.ts";
import { token } from "../oauth/token.ts";
import { revoke, userinfo } from "../oauth/userinfo.ts";
import type { EndpointName, RecordedRequest } from "../record/journal.ts";
import { authenticate } from "../rpc/authenticate.ts";
import { fetchAvailableModels } from "../rpc/fetch-available-models.ts";
import { streamGenerateContent } from "../rpc/generate.ts";
import { loadCodeAssist } from "../rpc/load-code-assist.ts";
import { readBody } from "./read-body.ts";
import { sendReply, type Reply } from "./reply.ts";

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
    rpc: url.pathname.replace(/^\/v1internal:/, ""),
    headers: request.headers,
  });
  response.on("close", () => {
    recorded.status = response.statusCode;
    const type = response.writableFinished ? "answered" : "aborted";
    backend.journal.emit({ type, request: recorded });
  });
  const body = await readBody(request, backend.maxBodyBytes);
  backend.journal.emit({ type: "request", request: recorded });
  if (body === undefined) {
    sendReply(response, { status: 413, body: "<html><title>413</title></html>" });
    return;
  }
  const reply = await route(backend, url, request, response, recorded, body);
  if (reply !== undefined) sendReply(response, reply);
}

async function route(
  backend: Backend,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
  recorded: RecordedRequest,
  bytes: Buffer,
): Promise<Reply | undefined> {
  switch (url.pathname) {
    case "/o/oauth2/v2/auth":
      return authorize(backend, url.searchParams);
    case "/token":
    case "/revoke": {
      const form = parseForm(request.headers, bytes);
      if (!(form instanceof URLSearchParams)) return form;
      return url.pathname === "/token" ? token(backend, form) : revoke(backend, form);
    }
  }
  const authenticated = authenticate(backend, request.headers);
  if ("reply" in authenticated) return authenticated.reply;
  const { account } = authenticated;
  recorded.email = account.email;
  if (url.pathname.endsWith("/userinfo")) {
    return userinfo(account, url.pathname === "/v1/userinfo");
  }
  let body: JsonObject;
  try {
    const parsed: unknown = JSON.parse(bytes.toString("utf8"));
    if (!isObject(parsed)) return invalidArgument("Invalid JSON payload received.");
    body = parsed;
  } catch {
    return invalidArgument("Invalid JSON payload received.");
  }
  recorded.body = body;
  switch (url.pathname) {
    case "/v1internal:loadCodeAssist":
      return loadCodeAssist(account, body);
    case "/v1internal:fetchAvailableModels":
      return fetchAvailableModels(backend, account, body);
    case "/v1internal:streamGenerateContent":
      await streamGenerateContent(backend, account, body, recorded, response);
      return undefined;
  }
  return googleError(404, "Requested entity was not found.");
}
