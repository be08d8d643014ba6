import { createHash } from "node:crypto";
import type { EmulatedAccount } from "../accounts/account.ts";
import { ACCESS_TOKEN_SECONDS } from "../accounts/registry.ts";
import { ok, type Reply } from "../http/reply.ts";
import type { Backend } from "../backend.ts";
import { checkClient } from "./client.ts";
import { oauthError } from "./form.ts";
import { SCOPES } from "./scopes.ts";

const VERIFIER = /^[A-Za-z0-9\-._~]{43,128}$/;

/** `POST /token`: exchange of a code or a refresh, with Google's error bodies. Source: cloud-code §2, fixture 74. */
export function token(backend: Backend, form: URLSearchParams): Reply {
  const refusal = checkClient(form, backend.oauth.client);
  if (refusal) return refusal;
  switch (form.get("grant_type")) {
    case "refresh_token":
      return refresh(backend, form);
    case "authorization_code":
      return exchange(backend, form);
    case null:
      return oauthError(400, "invalid_request", "Required parameter is missing: grant_type");
    default:
      return oauthError(400, "unsupported_grant_type", "Invalid grant_type");
  }
}

function refresh(backend: Backend, form: URLSearchParams): Reply {
  const refreshToken = form.get("refresh_token");
  if (!refreshToken) {
    return oauthError(400, "invalid_request", "Missing required parameter: refresh_token");
  }
  const account = backend.accounts.byRefreshToken(refreshToken);
  if (account === undefined) {
    return oauthError(400, "invalid_grant", "Token has been expired or revoked.");
  }
  const rotated = backend.oauth.rotateRefreshTokens
    ? { refresh_token: backend.accounts.issueRefreshToken(account, true) }
    : {};
  return ok({ ...grantFor(backend, account, SCOPES.join(" ")), ...rotated });
}

function exchange(backend: Backend, form: URLSearchParams): Reply {
  const code = form.get("code");
  if (!code) return oauthError(400, "invalid_request", "Missing required parameter: code");
  const grant = backend.oauth.codes.take(code, backend.now());
  if (grant === undefined) return oauthError(400, "invalid_grant", "Malformed auth code.");
  if (form.get("redirect_uri") !== grant.redirectUri) {
    return oauthError(400, "redirect_uri_mismatch", "Bad Request");
  }
  const verifierProblem = checkVerifier(form.get("code_verifier"), grant.challenge);
  if (verifierProblem) return oauthError(400, "invalid_grant", verifierProblem);
  grant.account.hasConsented = true;
  const refreshed = grant.isOffline
    ? { refresh_token: backend.accounts.issueRefreshToken(grant.account, false) }
    : {};
  return ok({
    ...grantFor(backend, grant.account, grant.scope),
    ...refreshed,
    id_token: idToken(backend, grant.account),
  });
}

function checkVerifier(verifier: string | null, challenge: string | undefined): string | undefined {
  if (challenge === undefined) return verifier === null ? undefined : "Invalid code verifier.";
  if (!verifier) return "Missing code verifier.";
  const digest = createHash("sha256").update(verifier).digest("base64url");
  return VERIFIER.test(verifier) && digest === challenge ? undefined : "Invalid code verifier.";
}

function grantFor(backend: Backend, account: EmulatedAccount, scope: string) {
  return {
    access_token: backend.accounts.issueAccessToken(account),
    expires_in: ACCESS_TOKEN_SECONDS,
    scope,
    token_type: "Bearer",
  };
}

/** An unsigned JWT: enough for a client that reads the e-mail from it, useless for one that checks signatures. */
function idToken(backend: Backend, account: EmulatedAccount): string {
  const issuedAt = Math.floor(backend.now() / 1000);
  const claims = {
    iss: "https://accounts.google.com",
    aud: backend.oauth.client.clientId,
    sub: account.id,
    email: account.email,
    email_verified: true,
    iat: issuedAt,
    exp: issuedAt + ACCESS_TOKEN_SECONDS,
  };
  const encode = (value: object): string =>
    Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${encode({ alg: "none", typ: "JWT" })}.${encode(claims)}.`;
}
