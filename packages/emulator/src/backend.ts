import { AccountRegistry } from "./accounts/registry.ts";
import { IdSource } from "./ids.ts";
import { MODELS, type EmulatedModel } from "./models/catalogue.ts";
import { OAuthState } from "./oauth/state.ts";
import {
  DEFAULT_CLIENT,
  DEFAULT_KEEP_REQUESTS,
  DEFAULT_MAX_BODY_BYTES,
  DEFAULT_ONBOARDING_POLLS,
  DEFAULT_WINDOW_REQUESTS,
  type EmulatorOptions,
} from "./options.ts";
import { QuotaMeter } from "./quota/meter.ts";
import { PromptCache } from "./quota/prompt-cache.ts";
import { Journal } from "./record/journal.ts";
import { Onboarding } from "./rpc/onboard-user.ts";
import { ScenarioBook } from "./scenario/book.ts";
import { Signer } from "./signatures/signer.ts";
import { Gates } from "./stream/gates.ts";
import { DEFAULT_RULES, type Rules } from "./validate/check.ts";
import { RequestIds } from "./validate/envelope.ts";

/** All state of one emulator; every handler gets it. */
export interface Backend {
  readonly now: () => number;
  readonly ids: IdSource;
  readonly accounts: AccountRegistry;
  readonly oauth: OAuthState;
  readonly onboarding: Onboarding;
  readonly models: ReadonlyMap<string, EmulatedModel>;
  readonly signer: Signer;
  readonly quota: QuotaMeter;
  readonly cache: PromptCache;
  readonly scenarios: ScenarioBook;
  readonly gates: Gates;
  readonly requestIds: RequestIds;
  /** How often a `[[fault …]]` of a text was served. */
  readonly directiveFaults: Map<string, number>;
  readonly journal: Journal;
  readonly rules: Rules;
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
  const scenarios = new ScenarioBook();
  scenarios.add(...(options.scenarios ?? []));
  return {
    now,
    ids,
    accounts,
    oauth: new OAuthState(accounts, client, options.rotateRefreshTokens ?? false),
    onboarding: new Onboarding(ids, options.onboardingPolls ?? DEFAULT_ONBOARDING_POLLS),
    models: MODELS,
    signer: new Signer(ids),
    quota: new QuotaMeter(now, options.windowRequests ?? DEFAULT_WINDOW_REQUESTS),
    cache: new PromptCache(),
    scenarios,
    gates: new Gates(),
    requestIds: new RequestIds(),
    directiveFaults: new Map(),
    journal: new Journal(options.keepRequests ?? DEFAULT_KEEP_REQUESTS),
    rules: { ...DEFAULT_RULES, ...options.rules },
    maxBodyBytes: options.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES,
    eventDelayMs: options.eventDelayMs ?? 0,
  };
}
