import type { EmulatedAccount } from "../accounts/account.ts";

/** Authorization codes live ten minutes. Source: cloud-code §2. */
export const CODE_LIFETIME_MS = 10 * 60 * 1000;

export interface CodeGrant {
  readonly account: EmulatedAccount;
  readonly redirectUri: string;
  readonly challenge: string | undefined;
  readonly scope: string;
  /** Whether the exchange brings a refresh token. */
  readonly isOffline: boolean;
  readonly expiresAt: number;
}

/** Codes that were given out and not yet exchanged: each works once. */
export class CodeStore {
  readonly #grants = new Map<string, CodeGrant>();

  put(code: string, grant: CodeGrant): void {
    this.#grants.set(code, grant);
  }

  take(code: string, now: number): CodeGrant | undefined {
    const grant = this.#grants.get(code);
    this.#grants.delete(code);
    return grant !== undefined && grant.expiresAt > now ? grant : undefined;
  }

  clear(): void {
    this.#grants.clear();
  }
}
