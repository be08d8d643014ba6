import type { Reply } from "../http/reply.ts";
import { oauthError } from "./form.ts";

/** The OAuth client that the emulator knows. */
export interface OAuthClient {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** The refusal of a wrong or incomplete client, `undefined` when it may go on. Source: cloud-code §2, fixture 74. */
export function checkClient(form: URLSearchParams, client: OAuthClient): Reply | undefined {
  const id = form.get("client_id");
  if (!id) return oauthError(400, "invalid_request", "Could not determine client ID from request.");
  if (id !== client.clientId) {
    return oauthError(401, "invalid_client", "The OAuth client was not found.");
  }
  const secret = form.get("client_secret");
  if (!secret) return oauthError(400, "invalid_request", "client_secret is missing.");
  if (secret !== client.clientSecret) return oauthError(401, "invalid_client", "Unauthorized");
  return undefined;
}
