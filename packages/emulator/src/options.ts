import type { AccountOptions } from "./accounts/account.ts";
import type { Rules } from "./validate/check.ts";
import type { Scenario } from "./scenario/scenario.ts";
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
  /** Prepared reactions, tried in order before the default brain. */
  readonly scenarios?: readonly Scenario[];
  /** Validation rules that differ from the defaults. */
  readonly rules?: Partial<Rules>;
  /** Requests that a full 5-hour window allows, by account and pool. Default 2000. */
  readonly windowRequests?: number;
  /** How often an onboarding operation is not done yet when it is asked for. Default 2, as in fixture 71. */
  readonly onboardingPolls?: number;
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

export const DEFAULT_WINDOW_REQUESTS = 2000;
export const DEFAULT_ONBOARDING_POLLS = 2;
export const DEFAULT_KEEP_REQUESTS = 500;
export const DEFAULT_MAX_BODY_BYTES = 50 * 1024 * 1024;
