import type { IncomingHttpHeaders } from "node:http";
import type { EmulatedAccount } from "../accounts/account.ts";
import type { Backend } from "../backend.ts";
import { errorInfo, googleError } from "../errors/google-error.ts";
import type { Reply } from "../http/reply.ts";

const MESSAGE =
  "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.";

/** Finds the account of a bearer token, or gives the 401. Source: cloud-code §9.3, fixture 51 "token expired". */
export function authenticate(
  backend: Backend,
  headers: IncomingHttpHeaders,
): { readonly account: EmulatedAccount } | { readonly reply: Reply } {
  const token = /^Bearer (\S+)$/.exec(headers.authorization ?? "")?.[1];
  if (token === undefined) return { reply: unauthenticated("CREDENTIALS_MISSING") };
  const access = backend.accounts.byAccessToken(token);
  switch (access.kind) {
    case "valid":
      return { account: access.account };
    case "expired":
      return { reply: unauthenticated("ACCESS_TOKEN_EXPIRED") };
    case "unknown":
      return { reply: unauthenticated("ACCESS_TOKEN_TYPE_UNSUPPORTED") };
  }
}

function unauthenticated(reason: string): Reply {
  const metadata = { service: "cloudcode-pa.googleapis.com" };
  return googleError(401, MESSAGE, {
    headers: {
      "www-authenticate": 'Bearer realm="https://accounts.google.com/", error="invalid_token"',
    },
    details: [errorInfo(reason, "googleapis.com", metadata)],
  });
}
