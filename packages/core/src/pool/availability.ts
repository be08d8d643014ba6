import type { FailureClass } from "../routing/failure.ts";
import type { AccountState } from "./state.ts";

/** Why an account does not serve a model now; `until` is epoch ms. */
export type Unavailable =
  | { readonly kind: "disabled" | "invalid" | "frozen"; readonly reason?: string }
  /** Belongs to another user. */
  | { readonly kind: "not_yours" }
  /** Was tried for this client request already. */
  | { readonly kind: "tried" }
  | { readonly kind: "resting"; readonly until: number }
  | { readonly kind: "limited"; readonly until: number; readonly class: FailureClass };

export interface AvailabilityInput {
  readonly model: string;
  /** Epoch ms. */
  readonly now: number;
  /** Absent: nobody in particular, who may use the accounts that belong to everybody. */
  readonly userId?: string;
}

/**
 * Why the account cannot serve the model now, or undefined when it can. A limit or rest that has passed does not count, and
 * a 429 without a reason proves no limit: it only moves the account back in the order (`isAvoided`).
 *
 * Source: cloud-code §9.3 and §10.
 */
export function unavailable(
  account: AccountState,
  { model, now, userId }: AvailabilityInput,
): Unavailable | undefined {
  // First, so that nobody learns the state of somebody else's account.
  if (account.ownerId !== undefined && account.ownerId !== userId) return { kind: "not_yours" };
  if (account.status !== "active") {
    const reason = account.statusReason;
    return { kind: account.status, ...(reason === undefined ? {} : { reason }) };
  }
  const restsUntil = account.restsUntil ?? 0;
  const limit = account.limits.get(model);
  if (limit !== undefined && limit.class !== "soft" && limit.until > Math.max(now, restsUntil)) {
    return { kind: "limited", until: limit.until, class: limit.class };
  }
  return restsUntil > now ? { kind: "resting", until: restsUntil } : undefined;
}

/**
 * Whether the account comes last in the order, though it can serve: after three 5xx in a row, or after a 429 without a
 * reason for this model.
 *
 * Source: cloud-code §9.3, last paragraph and row "429 no details".
 */
export function isAvoided(
  account: AccountState,
  { model, now }: AvailabilityInput,
): "server_errors" | "soft_limit" | undefined {
  if ((account.avoidedUntil ?? 0) > now) return "server_errors";
  const limit = account.limits.get(model);
  return limit?.class === "soft" && limit.until > now ? "soft_limit" : undefined;
}
