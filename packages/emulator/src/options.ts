import type { AccountOptions } from "./accounts/account.ts";
import type { OAuthClient } from "./oauth/client.ts";

export interface EmulatorOptions {
  /** Accounts to begin with. Default: one, `account1@example.test`. */
  readonly accounts?: readonly AccountOptions[];
  /** Ports of the two endpoints; 0 (default) takes free ones. */
  readonly ports?: { readonly daily?: number; readonly prod?: number };
  readonly oauthClient?: OAuthClient;
  /** Each refresh returns a new refresh token, and the old one dies. Default false. */
  readonly rotateRefreshTokens?: boolean;
  /** Makes ids, tokens and signatures the same in every run. Default: random. */
  readonly seed?: string;
  /** Epoch ms; for tests of expiry and resets. Default `Date.now`. */
  readonly now?: () => number;
  /** Calls that `requests` keeps. Default 500. */
  readonly keepRequests?: number;
  /** Larger bodies are a 413. Default 50 MB. */
  readonly maxBodyBytes?: number;
  /** Wait between the events of an answer, so that a person sees it stream. Default 0. */
  readonly eventDelayMs?: number;
}

export const DEFAULT_CLIENT: OAuthClient = {
  clientId: "emulator.apps.googleusercontent.test",
  clientSecret: "emulator-client-secret",
};

export const DEFAULT_KEEP_REQUESTS = 500;
export const DEFAULT_MAX_BODY_BYTES = 50 * 1024 * 1024;
