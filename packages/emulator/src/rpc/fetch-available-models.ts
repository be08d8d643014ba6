import type { AvailableModel, JsonObject } from "@agp/core";
import type { EmulatedAccount } from "../accounts/account.ts";
import type { Backend } from "../backend.ts";
import { ok, type Reply } from "../http/reply.ts";
import { CATALOGUE_SIBLINGS, type EmulatedModel } from "../models/catalogue.ts";
import { timestamp } from "../quota/durations.ts";

/** `fetchAvailableModels`: the catalogue of an account with its 5-hour quota. Source: cloud-code §1.6, fixture 72. */
export function fetchAvailableModels(
  backend: Backend,
  account: EmulatedAccount,
  body: JsonObject,
): Reply {
  const models: Record<string, AvailableModel> = {};
  for (const model of backend.models.values()) {
    if (account.hiddenModels.includes(model.id)) continue;
    const quotaInfo = quotaOf(backend, account, model, typeof body.project === "string");
    models[model.id] = { ...model.listing, ...(quotaInfo && { quotaInfo }) };
  }
  return ok({ models, ...CATALOGUE_SIBLINGS });
}

function quotaOf(
  backend: Backend,
  account: EmulatedAccount,
  model: EmulatedModel,
  hasProject: boolean,
): AvailableModel["quotaInfo"] {
  if (model.isInternal) return undefined;
  const { remainingFraction, resetAt } = backend.quota.figure(account.email, model.pool, "5h");
  const resetTime = timestamp(resetAt);
  // Without the project the figures were seen to be wrong (cloud-code §1.2): always full.
  if (!hasProject) return { remainingFraction: 1, resetTime };
  // proto3 leaves out a zero.
  return remainingFraction === 0 ? { resetTime } : { remainingFraction, resetTime };
}
