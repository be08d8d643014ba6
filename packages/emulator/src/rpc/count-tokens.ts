import type { JsonObject } from "@agp/core";
import { tokensOfContents } from "../answer/count-tokens.ts";
import type { Backend } from "../backend.ts";
import { googleError, invalidArgument } from "../errors/google-error.ts";
import { ok, type Reply } from "../http/reply.ts";
import { isObject } from "../json.ts";

/** `countTokens`: contents only, and only for Gemini. Source: cloud-code §1.2, fixture 73. */
export function countTokens(backend: Backend, body: JsonObject): Reply {
  const { request } = body;
  if (!isObject(request)) return invalidArgument("* request: must be set.\n");
  const name = typeof request.model === "string" ? request.model : "";
  if (!name.startsWith("models/")) {
    return invalidArgument("* CountTokensRequest.model: unexpected model name format\n");
  }
  const model = backend.models.get(name.slice("models/".length));
  if (model?.family !== "gemini") return googleError(404, "Requested entity was not found.");
  if (!Array.isArray(request.contents) || request.contents.length === 0) {
    return invalidArgument("* CountTokensRequest.contents: contents is not specified\n");
  }
  return ok({ totalTokens: tokensOfContents(request.contents) });
}
