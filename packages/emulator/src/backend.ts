import { AccountRegistry } from "./accounts/registry.ts";
import { IdSource } from "./ids.ts";
import { MODELS, type EmulatedModel } from "./models/catalogue.ts";
import { OAuthState } from "./oauth/state.ts";
import {
  DEFAULT_CLIENT,
  DEFAULT_KEEP_REQUESTS,
  DEFAULT_MAX_BODY_BYTES,
  type EmulatorOptions,
} from "./options.ts";
import { Journal } from "./record/journal.ts";
import { Signer } from "./signatures/signer.ts";

/** All state of one emulator; every handler gets it. */
export interface Backend {
  readonly now: () => number;
  readonly ids: IdSource;
  readonly accounts: AccountRegistry;
  readonly oauth: OAuthState;
  readonly models: ReadonlyMap<string, EmulatedModel>;
  readonly signer: Signer;
  readonly journal: Journal;
  readonly maxBodyBytes: number;
  readonly eventDelayMs: number;
}

/** Builds the state of an emulator and its first accounts. */
export function createBackend(options: EmulatorOptions): Backend {
  const now = options.now ?? Date.now;
  const ids = new IdSource(options.seed);
  const accounts = new AccountRegistry(ids, now);
  for (const account of options.accounts ?? [{}]) accounts.add(account);
  const client = options.oauthClient ?? DEFAULT_CLIENT;
  return {
    now,
    ids,
    accounts,
    oauth: new OAuthState(accounts, client, options.rotateRefreshTokens ?? false),
    models: MODELS,
    signer: new Signer(ids),
    journal: new Journal(options.keepRequests ?? DEFAULT_KEEP_REQUESTS),
    maxBodyBytes: options.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES,
    eventDelayMs: options.eventDelayMs ?? 0,
  };
}
