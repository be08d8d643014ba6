import type { EmulatedAccount } from "../accounts/account.ts";
import type { Backend } from "../backend.ts";
import { ok, type Reply } from "../http/reply.ts";
import type { Pool } from "../models/catalogue.ts";
import { timestamp } from "../quota/durations.ts";
import type { QuotaWindow } from "../quota/meter.ts";

const GROUPS: readonly { readonly pool: Pool; readonly displayName: string }[] = [
  { pool: "gemini", displayName: "Gemini Models" },
  { pool: "3p", displayName: "Claude and GPT models" },
];
const WINDOW_NAMES: Readonly<Record<QuotaWindow, string>> = {
  weekly: "Weekly Limit",
  "5h": "Five Hour Limit",
};
const DAILY_REQUESTS = 1000;

/** `retrieveUserQuota`: the Gemini-CLI view. Source: cloud-code §1.2, fixture 73. */
export function retrieveUserQuota(backend: Backend, account: EmulatedAccount): Reply {
  const { remainingFraction, resetAt } = backend.quota.figure(account.email, "gemini", "5h");
  const buckets = [...backend.models.values()]
    .filter((model) => model.family === "gemini" && !model.isInternal)
    .map((model) => ({
      modelId: model.id,
      tokenType: "REQUESTS",
      remainingFraction,
      remainingAmount: String(Math.round(remainingFraction * DAILY_REQUESTS)),
      resetTime: timestamp(resetAt),
    }));
  return ok({ buckets });
}

/** `retrieveUserQuotaSummary`: both pools in both windows. Source: cloud-code §1.7, fixture 73. */
export function retrieveUserQuotaSummary(backend: Backend, account: EmulatedAccount): Reply {
  const groups = GROUPS.map(({ pool, displayName }) => ({
    displayName,
    description: `Models within this group: ${displayName}`,
    buckets: (["weekly", "5h"] as const).map((window) => bucket(backend, account, pool, window)),
  }));
  return ok({ groups });
}

function bucket(
  backend: Backend,
  account: EmulatedAccount,
  pool: Pool,
  window: QuotaWindow,
): object {
  const { remainingFraction, resetAt } = backend.quota.figure(account.email, pool, window);
  const isSpent = remainingFraction === 0;
  return {
    bucketId: `${pool}-${window}`,
    displayName: WINDOW_NAMES[window],
    window,
    ...(isSpent ? { disabled: true } : { remainingFraction }),
    resetTime: timestamp(resetAt),
    ...(isSpent && window === "weekly" && { description: "weekly limit reached" }),
  };
}
