import {
  type AnthropicError,
  type Catalogue,
  listModels,
  modelById,
  paginateModels,
} from "@agp/core";

import type { Exchange, Route } from "../app.ts";
import { sendError, sendJson } from "../send-error.ts";

/** `GET /v1/models` with pagination, and one of them by id, which may hold slashes. Source: anthropic-messages §10. */
export function modelRoutes(catalogue: () => Catalogue): readonly Route[] {
  const list = ({ id, response, query }: Exchange) => {
    const page = paginateModels(listModels(catalogue()), {
      limit: query.get("limit"),
      after_id: query.get("after_id"),
      before_id: query.get("before_id"),
    });
    if (page.kind === "refused") sendError(response, page.error, id);
    else sendJson(response, 200, page.page, id);
  };
  return [
    { method: "GET", path: "/v1/models", access: "user", handle: list },
    {
      method: "GET",
      path: "/v1/models/*",
      access: "user",
      handle: (exchange) => {
        const model = modelById(listModels(catalogue()), exchange.rest);
        if (model === undefined)
          sendError(exchange.response, unknownModel(exchange.rest), exchange.id);
        else sendJson(exchange.response, 200, model, exchange.id);
      },
    },
  ];
}

function unknownModel(id: string): AnthropicError {
  return { status: 404, type: "not_found_error", message: `model: ${id}` };
}
