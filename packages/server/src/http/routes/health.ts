import type { AccountState } from "@agp/core";

import { VERSION } from "../../version.ts";
import type { Route } from "../app.ts";
import { sendJson } from "../send-error.ts";

export interface HealthSources {
  readonly accounts: () => readonly AccountState[];
  readonly isDraining: () => boolean;
  readonly now: () => number;
}

/** `GET /health`: 200 with `ok`, or `degraded` and why no account is usable; 503 while the server drains. */
export function healthRoute(sources: HealthSources): Route {
  return {
    method: "GET",
    path: "/health",
    access: "anybody",
    handle: ({ id, response }) => {
      if (sources.isDraining()) {
        sendJson(response, 503, { status: "draining", version: VERSION }, id);
        return;
      }
      const accounts = sources.accounts();
      const reason = whyUnusable(accounts, sources.now());
      const counts = { total: accounts.length, active: accounts.filter(isActive).length };
      const body = {
        status: reason === undefined ? "ok" : "degraded",
        version: VERSION,
        accounts: counts,
      };
      sendJson(response, 200, reason === undefined ? body : { ...body, reason }, id);
    },
  };
}

function whyUnusable(accounts: readonly AccountState[], now: number): string | undefined {
  if (accounts.length === 0) return "no account: add one with agp accounts add";
  if (!accounts.some(isActive))
    return "every account is disabled or invalid: see agp accounts list";
  const isResting = (account: AccountState) => (account.restsUntil ?? 0) > now;
  if (accounts.filter(isActive).every(isResting)) return "every account rests after a refusal";
  return undefined;
}

function isActive(account: AccountState): boolean {
  return account.status === "active";
}
