import type { UpstreamFailure } from "@agp/core";
import type { Dispatcher } from "undici";

import type { Clock } from "../time/clock.ts";
import { openExchange } from "../upstream/exchange.ts";

/** Access tokens of the accounts, refreshed early and never twice at once. Source: cloud-code §2; RFC 6749 §6. */
export interface TokenSource {
  /**
   * A token that is good for some minutes. `refused` is a token that the backend has just answered with 401: it is not given
   * out again, but a newer one that another request fetched meanwhile is.
   */
  accessToken(accountId: string, signal: AbortSignal, refused?: string): Promise<TokenResult>;
  /** Throws the token away, so that the next use fetches a new one. */
  forget(accountId: string): void;
}

export type TokenResult =
  | { readonly kind: "token"; readonly token: string }
  /** The refresh token is dead: only a new login helps. */
  | { readonly kind: "invalid_grant"; readonly description: string }
  /** Our OAuth client is missing or wrong: no account's fault. */
  | { readonly kind: "client_error"; readonly message: string }
  | { readonly kind: "unreachable"; readonly failure: UpstreamFailure };

export interface TokenSourceOptions {
  readonly dispatcher: Dispatcher;
  readonly clock: Clock;
  readonly tokenUrl: string;
  readonly userAgent: string;
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
  readonly timeoutMs: number;
  /** Reads the refresh token; undefined where the account is gone. */
  readonly readRefreshToken: (accountId: string) => Promise<string | undefined>;
  /** Google may answer with a new refresh token: the old one can die, so it is stored before the access token is used. */
  readonly storeRefreshToken: (accountId: string, refreshToken: string) => Promise<void>;
}

/** Tokens with less than this left are refreshed (cloud-code §2). */
const REFRESH_BEFORE_MS = 5 * 60_000;

interface CachedToken {
  readonly token: string;
  readonly expiresAt: number;
}

/** Makes the source; it keeps access tokens in memory only. */
export function createTokenSource(options: TokenSourceOptions): TokenSource {
  const cache = new Map<string, CachedToken>();
  const inFlight = new Map<string, Promise<TokenResult>>();

  async function refresh(accountId: string): Promise<TokenResult> {
    const refreshToken = await options.readRefreshToken(accountId);
    if (refreshToken === undefined) {
      return { kind: "invalid_grant", description: "the account has no refresh token" };
    }
    const answer = await requestRefresh(options, refreshToken);
    if (answer.kind !== "granted") return answer;
    if (answer.refreshToken !== undefined && answer.refreshToken !== refreshToken) {
      await options.storeRefreshToken(accountId, answer.refreshToken);
    }
    const expiresAt = options.clock.now() + answer.expiresInSeconds * 1000;
    cache.set(accountId, { token: answer.accessToken, expiresAt });
    return { kind: "token", token: answer.accessToken };
  }

  return {
    async accessToken(accountId, signal, refused) {
      const cached = cache.get(accountId);
      if (cached !== undefined && cached.token !== refused) {
        const leftMs = cached.expiresAt - options.clock.now();
        if (leftMs > REFRESH_BEFORE_MS) return { kind: "token", token: cached.token };
      }
      let pending = inFlight.get(accountId);
      if (pending === undefined) {
        // Not bound to the caller's signal: others may be waiting for the same refresh.
        pending = refresh(accountId).finally(() => inFlight.delete(accountId));
        inFlight.set(accountId, pending);
      }
      return abortable(pending, signal);
    },
    forget(accountId) {
      cache.delete(accountId);
    },
  };
}

function abortable(pending: Promise<TokenResult>, signal: AbortSignal): Promise<TokenResult> {
  return new Promise((resolve, reject) => {
    const onAbort = () =>
      resolve({
        kind: "unreachable",
        failure: { kind: "network", code: "ABORTED", message: "the client went away" },
      });
    if (signal.aborted) return onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    pending.finally(() => signal.removeEventListener("abort", onAbort)).then(resolve, reject);
  });
}

type RefreshAnswer =
  | {
      readonly kind: "granted";
      readonly accessToken: string;
      readonly expiresInSeconds: number;
      readonly refreshToken: string | undefined;
    }
  | Exclude<TokenResult, { kind: "token" }>;

const MAX_TOKEN_BODY_BYTES = 64 * 1024;

async function requestRefresh(
  options: TokenSourceOptions,
  refreshToken: string,
): Promise<RefreshAnswer> {
  if (options.clientId === undefined) {
    return {
      kind: "client_error",
      message:
        "No OAuth client is configured: set GOOGLE_OAUTH_CLIENT_ID and GOOGLE_OAUTH_CLIENT_SECRET.",
    };
  }
  const form = new URLSearchParams({
    grant_type: "refresh_token",
    refresh_token: refreshToken,
    client_id: options.clientId,
  });
  if (options.clientSecret !== undefined) form.set("client_secret", options.clientSecret);
  const url = new URL(options.tokenUrl);
  const result = await openExchange(options.dispatcher, {
    origin: url.origin,
    path: url.pathname + url.search,
    method: "POST",
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      accept: "application/json",
      "user-agent": options.userAgent,
    },
    body: form.toString(),
    signal: AbortSignal.timeout(options.timeoutMs),
    firstByteTimeoutMs: options.timeoutMs,
    idleTimeoutMs: options.timeoutMs,
  });
  if (result.kind === "aborted") {
    return { kind: "unreachable", failure: { kind: "timeout", phase: "first_byte" } };
  }
  if (result.kind === "failure") return { kind: "unreachable", failure: result.failure };
  const { status, headers } = result.response;
  const body = await result.response.text(MAX_TOKEN_BODY_BYTES);
  return readRefreshAnswer(status, headers, body);
}

/**
 * Reads the token endpoint's answer: `granted`, a dead grant, an error of our client, or a passing fault.
 *
 * Source: cloud-code §2, table of error bodies; RFC 6749 §5.2.
 */
export function readRefreshAnswer(
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string,
): RefreshAnswer {
  const json = parseObject(body);
  const accessToken = json["access_token"];
  if (status === 200 && typeof accessToken === "string" && accessToken !== "") {
    const expiresIn = Number(json["expires_in"]);
    const rotated = json["refresh_token"];
    return {
      kind: "granted",
      accessToken,
      expiresInSeconds: Number.isFinite(expiresIn) && expiresIn > 0 ? expiresIn : 3599,
      refreshToken: typeof rotated === "string" && rotated !== "" ? rotated : undefined,
    };
  }
  const error = typeof json["error"] === "string" ? json["error"] : undefined;
  const description =
    typeof json["error_description"] === "string" ? json["error_description"] : "";
  if (error === "invalid_grant") return { kind: "invalid_grant", description };
  if (status >= 400 && status < 500 && status !== 429 && error !== undefined) {
    return { kind: "client_error", message: oauthClientMessage(error, description) };
  }
  return { kind: "unreachable", failure: { kind: "http", status, headers, body } };
}

function oauthClientMessage(error: string, description: string): string {
  const detail = description === "" ? error : `${error}: ${description}`;
  return `Google's token endpoint refused the OAuth client (${detail}). Check GOOGLE_OAUTH_CLIENT_ID and GOOGLE_OAUTH_CLIENT_SECRET: a refresh token works only with the client that made it.`;
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
