import type { AccountRegistry } from "../accounts/registry.ts";
import type { EmulatedAccount } from "../accounts/account.ts";
import type { OAuthClient } from "./client.ts";
import { CodeStore } from "./codes.ts";

/** What the emulated Google knows about logins: its one client, open codes, and who answers the next consent screen. */
export class OAuthState {
  readonly client: OAuthClient;
  readonly codes = new CodeStore();
  /** True: each refresh returns a new refresh token and the old one dies. */
  rotateRefreshTokens: boolean;
  readonly #accounts: AccountRegistry;
  #consents: (EmulatedAccount | "denied")[] = [];

  constructor(accounts: AccountRegistry, client: OAuthClient, rotateRefreshTokens: boolean) {
    this.#accounts = accounts;
    this.client = client;
    this.rotateRefreshTokens = rotateRefreshTokens;
  }

  /** The next login is answered by this account, or refused by its user. Several calls queue. */
  queueConsent(answer: EmulatedAccount | "denied"): void {
    this.#consents.push(answer);
  }

  /** Who consents now: the queue's head, else the hinted account, else a new one. */
  nextConsent(loginHint: string | undefined): EmulatedAccount | "denied" {
    const queued = this.#consents.shift();
    if (queued !== undefined) return queued;
    const hinted = loginHint === undefined ? undefined : this.#accounts.byEmail(loginHint);
    if (hinted !== undefined) return hinted;
    const account = this.#accounts.add(loginHint === undefined ? {} : { email: loginHint });
    account.hasConsented = false;
    return account;
  }

  reset(): void {
    this.codes.clear();
    this.#consents = [];
  }
}
