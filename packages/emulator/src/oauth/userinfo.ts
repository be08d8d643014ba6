import type { EmulatedAccount } from "../accounts/account.ts";
import type { Backend } from "../backend.ts";
import { ok, type Reply } from "../http/reply.ts";
import { oauthError } from "./form.ts";

/** `GET /oauth2/v2/userinfo` (and v1), or with `openId` the OpenID form. Source: cloud-code §2. */
export function userinfo(account: EmulatedAccount, openId: boolean): Reply {
  const profile = { name: account.name, picture: "https://example.test/picture.png" };
  return openId
    ? ok({ sub: account.id, email: account.email, email_verified: true, ...profile })
    : ok({ id: account.id, email: account.email, verified_email: true, ...profile });
}

/** `POST /revoke` of a refresh or access token; 400 `invalid_token` when it is gone already. Source: cloud-code §2. */
export function revoke(backend: Backend, form: URLSearchParams): Reply {
  const token = form.get("token") ?? "";
  const access = backend.accounts.byAccessToken(token);
  const account =
    backend.accounts.byRefreshToken(token) ??
    (access.kind === "valid" ? access.account : undefined);
  if (account === undefined) {
    return oauthError(400, "invalid_token", "Token expired or revoked");
  }
  backend.accounts.revoke(account);
  return ok({});
}
