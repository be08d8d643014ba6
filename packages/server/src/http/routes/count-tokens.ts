import {
  estimateTokens,
  resolveModel,
  type ResolveOptions,
  validateCountTokensRequest,
} from "@agp/core";

import { readRequestHeaders } from "../../proxy/prepare.ts";
import type { Route } from "../app.ts";
import { parseJson } from "../parse-json.ts";
import { readBody } from "../read-body.ts";
import { sendError, sendJson } from "../send-error.ts";

/** `POST /v1/messages/count_tokens`: a local estimate, which costs no quota (anthropic-messages §9). */
export function countTokensRoute(resolveOptions: () => ResolveOptions): Route {
  return {
    method: "POST",
    path: "/v1/messages/count_tokens",
    access: "user",
    handle: async ({ id, request, response }) => {
      const body = await readBody(request);
      if (body.kind === "refused") return sendError(response, body.error, id);
      const json = parseJson(body.bytes);
      if (json.kind === "refused") return sendError(response, json.error, id);
      const checked = validateCountTokensRequest(json.value, readRequestHeaders(request.headers));
      if (checked.kind === "refused") return sendError(response, checked.error, id);
      const resolved = resolveModel(checked.request.model, resolveOptions());
      if (resolved.kind === "unknown") return sendError(response, resolved.error, id);
      sendJson(response, 200, { input_tokens: estimateTokens(checked.request) }, id);
    },
  };
}
