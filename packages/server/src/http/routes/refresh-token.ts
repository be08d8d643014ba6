import type { TokenSource } from "../../accounts/tokens.ts";
import type { Account } from "../../store/store.ts";
import type { Route } from "../app.ts";
import { sendJson } from "../send-error.ts";

export interface RefreshSources {
  readonly accounts: () => Promise<readonly Account[]>;
  readonly tokens: TokenSource;
}

const REFRESH_TIMEOUT_MS = 30_000;

/** `POST /refresh-token`: fetches a new access token for every account that is not invalid, and says how each went. */
export function refreshTokenRoute(sources: RefreshSources): Route {
  return {
    method: "POST",
    path: "/refresh-token",
    access: "admin",
    handle: async ({ id, request, response }) => {
      request.resume();
      const signal = AbortSignal.timeout(REFRESH_TIMEOUT_MS);
      const accounts = (await sources.accounts()).filter(({ status }) => status === "active");
      const results = await Promise.all(
        accounts.map(async (account) => {
          sources.tokens.forget(account.id);
          const token = await sources.tokens.accessToken(account.id, signal);
          return { email: account.email, refreshed: token.kind === "token", result: token.kind };
        }),
      );
      const failed = results.some(({ refreshed }) => !refreshed);
      sendJson(
        response,
        failed ? 502 : 200,
        { status: failed ? "error" : "ok", accounts: results },
        id,
      );
    },
  };
}
