import type { EmulatedAccount } from "../accounts/account.ts";
import type { Backend } from "../backend.ts";
import type { Reply } from "../http/reply.ts";
import { CODE_LIFETIME_MS } from "./codes.ts";
import { INDISPENSABLE_SCOPES, SCOPES } from "./scopes.ts";

const LOOPBACK_HOSTS = new Set(["localhost", "127.0.0.1", "[::1]"]);
const KNOWN_SCOPES = new Set<string>([...SCOPES, "openid", "email", "profile"]);

/**
 * `GET /o/oauth2/v2/auth`: plays the consent screen and redirects at once, so that any HTTP client can log in.
 * Faults in client id or redirect URI give a page (400) and no redirect. Source: cloud-code §2, RFC 6749 §4.1.2.1.
 */
export function authorize(backend: Backend, query: URLSearchParams): Reply {
  const redirect = loopbackRedirect(query.get("redirect_uri"));
  if (query.get("client_id") !== backend.oauth.client.clientId) {
    return errorPage("invalid_client", "The OAuth client was not found.");
  }
  if (redirect === undefined) {
    return errorPage("redirect_uri_mismatch", "redirect_uri must be plain http on loopback");
  }
  const problem = parameterProblem(query);
  if (problem) return errorPage("invalid_request", problem);
  const state = query.get("state") ?? "";
  const account = backend.oauth.nextConsent(query.get("login_hint") ?? undefined);
  if (account === "denied") return redirectTo(redirect, { error: "access_denied", state });
  return redirectTo(redirect, {
    state,
    code: issueCode(backend, query, account),
    scope: query.get("scope") ?? "",
    authuser: "0",
    prompt: query.get("prompt") ?? "none",
  });
}

function loopbackRedirect(text: string | null): URL | undefined {
  if (text === null || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  return url.protocol === "http:" && LOOPBACK_HOSTS.has(url.hostname) ? url : undefined;
}

function parameterProblem(query: URLSearchParams): string | undefined {
  if (query.get("response_type") !== "code") return "Invalid response_type: must be code";
  const scopes = (query.get("scope") ?? "").split(" ").filter((scope) => scope !== "");
  const unknown = scopes.find((scope) => !KNOWN_SCOPES.has(scope));
  if (unknown !== undefined) return `Some requested scopes were invalid: ${unknown}`;
  const missing = INDISPENSABLE_SCOPES.find((scope) => !scopes.includes(scope));
  if (missing !== undefined) return `Missing scope: ${missing}`;
  if ((query.get("state") ?? "").length < 16) return "state must have at least 16 characters";
  if (query.get("code_challenge_method") !== "S256") return "code_challenge_method must be S256";
  if (!/^[A-Za-z0-9_-]{43}$/.test(query.get("code_challenge") ?? "")) {
    return "code_challenge must be 43 characters of base64url";
  }
  return undefined;
}

function issueCode(backend: Backend, query: URLSearchParams, account: EmulatedAccount): string {
  const code = `4/0A${backend.ids.alphanumeric(60)}`;
  const asksAgain = query.get("prompt")?.split(" ").includes("consent") ?? false;
  backend.oauth.codes.put(code, {
    account,
    redirectUri: query.get("redirect_uri") ?? "",
    challenge: query.get("code_challenge") ?? undefined,
    scope: query.get("scope") ?? "",
    isOffline: query.get("access_type") === "offline" && (asksAgain || !account.hasConsented),
    expiresAt: backend.now() + CODE_LIFETIME_MS,
  });
  return code;
}

function redirectTo(target: URL, parameters: Readonly<Record<string, string>>): Reply {
  const url = new URL(target);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return { status: 302, headers: { location: url.href }, body: "" };
}

function errorPage(error: string, description: string): Reply {
  return {
    status: 400,
    body: `<!DOCTYPE html><title>Error 400: ${error}</title><p>Access blocked: Authorization Error</p><p>${description}</p>`,
  };
}
