import type { AvailableModel, JsonObject } from "@agp/core";
import type { EmulatedAccount } from "../accounts/account.ts";
import type { Backend } from "../backend.ts";
import { ok, type Reply } from "../http/reply.ts";
import { CATALOGUE_SIBLINGS } from "../models/catalogue.ts";

/** `fetchAvailableModels`: the catalogue of an account with its quota. Source: cloud-code §1.6, fixture 72. */
export function fetchAvailableModels(
  backend: Backend,
  account: EmulatedAccount,
  _body: JsonObject,
): Reply {
  const models: Record<string, AvailableModel> = {};
  for (const model of backend.models.values()) {
    if (account.hiddenModels.includes(model.id)) continue;
    models[model.id] = model.listing;
  }
  return ok({ models, ...CATALOGUE_SIBLINGS });
}
