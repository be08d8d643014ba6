import type { AccountOptions, EmulatedAccount } from "./accounts/account.ts";
import { createBackend, type Backend } from "./backend.ts";
import { handle } from "./http/handle.ts";
import { listen, type Listener } from "./http/listener.ts";
import type { OAuthClient } from "./oauth/client.ts";
import type { EmulatorOptions } from "./options.ts";
import type { QuotaChange } from "./quota/meter.ts";
import type { EmulatorEvent, EndpointName, RecordedRequest } from "./record/journal.ts";
import type { Scenario } from "./scenario/scenario.ts";
import type { KnownSignature } from "./signatures/signer.ts";

/** Where the parts of an emulator listen. */
export interface EmulatorUrls {
  readonly daily: string;
  readonly prod: string;
  readonly authorize: string;
  readonly token: string;
  readonly userinfo: string;
  readonly revoke: string;
}

/** A running emulated backend and its controls. */
export class Emulator {
  readonly urls: EmulatorUrls;
  readonly #backend: Backend;
  readonly #listeners: readonly Listener[];

  constructor(backend: Backend, daily: Listener, prod: Listener) {
    this.#backend = backend;
    this.#listeners = [daily, prod];
    this.urls = {
      daily: daily.url,
      prod: prod.url,
      authorize: `${daily.url}/o/oauth2/v2/auth`,
      token: `${daily.url}/token`,
      userinfo: `${daily.url}/oauth2/v2/userinfo`,
      revoke: `${daily.url}/revoke`,
    };
  }

  /** The first endpoint's base URL. */
  get url(): string {
    return this.urls.daily;
  }

  get oauthClient(): OAuthClient {
    return this.#backend.oauth.client;
  }

  /** Environment variables that point a server at this emulator. */
  get environment(): Readonly<Record<string, string>> {
    return {
      CLOUD_CODE_ENDPOINTS: `${this.urls.daily},${this.urls.prod}`,
      GOOGLE_OAUTH_AUTH_URL: this.urls.authorize,
      GOOGLE_OAUTH_TOKEN_URL: this.urls.token,
      GOOGLE_OAUTH_USERINFO_URL: this.urls.userinfo,
      GOOGLE_OAUTH_CLIENT_ID: this.oauthClient.clientId,
      GOOGLE_OAUTH_CLIENT_SECRET: this.oauthClient.clientSecret,
    };
  }

  get accounts(): readonly EmulatedAccount[] {
    return this.#backend.accounts.all;
  }

  /** The calls of all endpoints so far, oldest first; bounded by `keepRequests`. */
  get requests(): readonly RecordedRequest[] {
    return this.#backend.journal.requests;
  }

  addAccount(options: AccountOptions = {}): EmulatedAccount {
    return this.#backend.accounts.add(options);
  }

  /** The account with this e-mail; throws when there is none. */
  account(email: string): EmulatedAccount {
    const account = this.#backend.accounts.byEmail(email);
    if (account === undefined) throw new Error(`emulator: no account ${email}`);
    return account;
  }

  /** The owner withdraws the consent: refresh gives `invalid_grant`, access tokens stop working. */
  revoke(email: string): void {
    this.#backend.accounts.revoke(this.account(email));
  }

  /** Access tokens of the account are refused from now on; a refresh brings a good one. */
  expireAccessTokens(email: string): void {
    this.#backend.accounts.expireAccessTokens(this.account(email));
  }

  /** An access token, for tests that call the backend themselves. */
  accessToken(email: string): string {
    return this.#backend.accounts.issueAccessToken(this.account(email));
  }

  /** Each refresh from now on returns a new refresh token, or none. */
  rotateRefreshTokens(rotate: boolean): void {
    this.#backend.oauth.rotateRefreshTokens = rotate;
  }

  /** Who answers the next consent screen: an account, by e-mail, or a user who refuses. Several calls queue. */
  queueConsent(answer: string): void {
    this.#backend.oauth.queueConsent(answer === "denied" ? "denied" : this.account(answer));
  }

  /** Sets what is left of a pool (`gemini`, `3p`, or a model's) of an account. */
  setQuota(email: string, poolOrModel: string, change: QuotaChange): void {
    this.#backend.quota.set(this.account(email).email, poolOrModel, change);
  }

  /** Adds prepared reactions after those that exist. */
  enqueue(...scenarios: readonly Scenario[]): void {
    this.#backend.scenarios.add(...scenarios);
  }

  /** Lets the streams go on that wait, or will wait, at this gate. */
  openGate(name: string): void {
    this.#backend.gates.open(name);
  }

  /** Declares a signature genuine, as those of fixtures. */
  registerSignature(known: KnownSignature): void {
    this.#backend.signer.register(known);
  }

  /** Forgets scenarios, gates, calls, events, quota, cache, request ids and open logins; accounts and their tokens stay. */
  reset(): void {
    const backend = this.#backend;
    backend.scenarios.clear();
    backend.gates.clear();
    backend.journal.clear();
    backend.quota.clear();
    backend.cache.clear();
    backend.requestIds.clear();
    backend.directiveFaults.clear();
    backend.onboarding.clear();
    backend.oauth.reset();
  }

  /** The first event that matches, also a past one; rejects with the signal's reason. */
  waitFor(
    predicate: (event: EmulatorEvent) => boolean,
    signal?: AbortSignal,
  ): Promise<EmulatorEvent> {
    return this.#backend.journal.waitFor(predicate, signal);
  }

  async close(): Promise<void> {
    await Promise.all(this.#listeners.map((listener) => listener.close()));
  }
}

/** Starts an emulated backend on 127.0.0.1 with two endpoints; rejects when a port is taken. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const backend = createBackend(options);
  const open = (endpoint: EndpointName, port: number): Promise<Listener> =>
    listen((request, response) => {
      // A client that breaks off in mid-body makes reading reject: there is nobody left to answer.
      handle(backend, endpoint, request, response).catch(() => response.destroy());
    }, port);
  const daily = await open("daily", options.ports?.daily ?? 0);
  const prod = await open("prod", options.ports?.prod ?? 0);
  return new Emulator(backend, daily, prod);
}
