import type { IdSource } from "../ids.ts";
import type { AccountOptions, EmulatedAccount } from "./account.ts";

/** `expires_in` of Google's access tokens. Source: cloud-code §2. */
export const ACCESS_TOKEN_SECONDS = 3599;

interface AccessGrant {
  readonly account: EmulatedAccount;
  expiresAt: number;
}

export type AccessLookup =
  | { readonly kind: "valid"; readonly account: EmulatedAccount }
  | { readonly kind: "expired" }
  | { readonly kind: "unknown" };

/** All accounts and the tokens that Google gave out for them. */
export class AccountRegistry {
  readonly #accounts = new Map<string, EmulatedAccount>();
  readonly #access = new Map<string, AccessGrant>();
  readonly #refresh = new Map<string, EmulatedAccount>();
  readonly #ids: IdSource;
  readonly #now: () => number;

  constructor(ids: IdSource, now: () => number) {
    this.#ids = ids;
    this.#now = now;
  }

  get all(): readonly EmulatedAccount[] {
    return [...this.#accounts.values()];
  }

  /** Adds an account with a refresh token; throws when the e-mail exists. */
  add(options: AccountOptions = {}): EmulatedAccount {
    const number = this.#accounts.size + 1;
    const email = options.email ?? `account${number}@example.test`;
    if (this.#accounts.has(email)) throw new Error(`emulator: account ${email} exists already`);
    const refreshToken = options.refreshToken ?? this.#newRefreshToken();
    const account: EmulatedAccount = {
      email,
      id: `1${this.#ids.digits(20)}`,
      name: options.name ?? `Account ${number}`,
      project: options.project ?? `emulated-project-${number}-${this.#ids.hex(5)}`,
      projectNumber: this.#ids.digits(12),
      tier: options.tier ?? "free-tier",
      projectForm: options.projectForm ?? "string",
      refreshToken,
      onboarded: options.onboarded ?? true,
      condition: options.condition ?? "ok",
      hiddenModels: options.hiddenModels ?? [],
      hasConsented: true,
    };
    this.#accounts.set(email, account);
    this.#refresh.set(refreshToken, account);
    return account;
  }

  byEmail(email: string): EmulatedAccount | undefined {
    return this.#accounts.get(email);
  }

  byRefreshToken(token: string): EmulatedAccount | undefined {
    return this.#refresh.get(token);
  }

  byAccessToken(token: string): AccessLookup {
    const grant = this.#access.get(token);
    if (grant === undefined) return { kind: "unknown" };
    if (grant.expiresAt <= this.#now()) return { kind: "expired" };
    return { kind: "valid", account: grant.account };
  }

  issueAccessToken(account: EmulatedAccount): string {
    const token = `ya29.${this.#ids.alphanumeric(96)}`;
    this.#access.set(token, { account, expiresAt: this.#now() + ACCESS_TOKEN_SECONDS * 1000 });
    return token;
  }

  /** A further refresh token; with `rotate` the account's former ones die. */
  issueRefreshToken(account: EmulatedAccount, rotate: boolean): string {
    if (rotate) this.#forgetRefreshTokens(account);
    account.refreshToken = this.#newRefreshToken();
    this.#refresh.set(account.refreshToken, account);
    return account.refreshToken;
  }

  /** The access tokens of the account are refused from now on, as if their hour had passed. */
  expireAccessTokens(account: EmulatedAccount): void {
    for (const grant of this.#access.values()) {
      if (grant.account === account) grant.expiresAt = 0;
    }
  }

  /** The owner withdrew the consent: no token of the account works any more. */
  revoke(account: EmulatedAccount): void {
    this.#forgetRefreshTokens(account);
    this.expireAccessTokens(account);
  }

  clear(): void {
    this.#accounts.clear();
    this.#access.clear();
    this.#refresh.clear();
  }

  #forgetRefreshTokens(account: EmulatedAccount): void {
    for (const [token, owner] of this.#refresh) if (owner === account) this.#refresh.delete(token);
  }

  #newRefreshToken(): string {
    return `1//0${this.#ids.alphanumeric(96)}`;
  }
}
