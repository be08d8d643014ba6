import {
  type AccountState,
  applyFailure,
  applySuccess,
  type Failure,
  type ModelLimit,
  type ModelQuota,
  select,
  type Selection,
  type Step,
} from "@agp/core";

import type { Account, AccountChanges, Store } from "../store/store.ts";
import type { Clock } from "../time/clock.ts";

export interface PoolNeeds {
  readonly store: Store;
  readonly clock: Clock;
}

export interface SelectInput {
  /** Backend id. */
  readonly model: string;
  /** Conversation and model family: another family has a prompt cache and a quota pool of its own. */
  readonly session: string;
  /** Accounts that this request has tried with the model. */
  readonly tried: ReadonlySet<string>;
  readonly userId: string | undefined;
}

/** Conversations unused for longer are not stuck any more: nothing of them is cached. */
const SESSION_DAYS = 30;
const DAY_MS = 86_400_000;
/** Conversations remembered in memory; the store has them all. */
const MAX_SESSIONS = 20_000;

/**
 * The accounts in memory. It holds state and carries core's decisions to the store; it decides nothing itself. The store is
 * the truth: `load` brings in what others have written, what only this process knows (in flight, quotas) stays.
 */
export class AccountPool {
  readonly #needs: PoolNeeds;
  #states = new Map<string, AccountState>();
  #projects = new Map<string, string>();
  readonly #sessions = new Map<string, string>();
  #hasSessions = false;

  constructor(needs: PoolNeeds) {
    this.#needs = needs;
  }

  /** Reads accounts and limits again; sessions only the first time, since this process writes them itself. */
  async load(): Promise<void> {
    const { store, clock } = this.#needs;
    const [accounts, limits] = await Promise.all([store.accounts.list(), store.limits.list()]);
    const states = new Map<string, AccountState>();
    for (const account of accounts) {
      const known = this.#states.get(account.id);
      const own = new Map<string, ModelLimit>();
      for (const { accountId, model, until, class: failureClass, repetition } of limits) {
        if (accountId !== account.id) continue;
        const held = known?.limits.get(model);
        // What this process has learnt itself says when, too.
        const isHeld = held?.until === until;
        own.set(model, isHeld ? held : { until, class: failureClass, repetition });
      }
      states.set(account.id, stateOf(account, own, known));
    }
    this.#states = states;
    this.#projects = new Map();
    for (const { id, projectId } of accounts) {
      if (projectId !== undefined) this.#projects.set(id, projectId);
    }
    if (this.#hasSessions) return;
    this.#hasSessions = true;
    const since = clock.now() - SESSION_DAYS * DAY_MS;
    for (const session of await store.sessions.list(since)) {
      this.#remember(session.key, session.accountId);
    }
  }

  states(): readonly AccountState[] {
    return [...this.#states.values()];
  }

  find(id: string): AccountState | undefined {
    return this.#states.get(id);
  }

  projectOf(id: string): string | undefined {
    return this.#projects.get(id);
  }

  async setProject(id: string, projectId: string, tier: string): Promise<void> {
    this.#projects.set(id, projectId);
    await this.#needs.store.accounts.update(id, { projectId, tier });
  }

  /** Before the project is looked up anew. */
  async forgetProject(id: string): Promise<void> {
    this.#projects.delete(id);
    await this.#needs.store.accounts.update(id, { projectId: undefined });
  }

  /** Chooses the account of an attempt. */
  select(input: SelectInput): Selection {
    const stuckTo = this.#sessions.get(input.session);
    return select(this.states(), {
      model: input.model,
      tried: input.tried,
      now: this.#needs.clock.now(),
      ...(stuckTo === undefined ? {} : { stuckTo }),
      ...(input.userId === undefined ? {} : { userId: input.userId }),
    });
  }

  begin(id: string): void {
    this.#count(id, 1);
  }

  end(id: string): void {
    this.#count(id, -1);
  }

  /** An attempt that began at `startedAt` was answered: the conversation stays on this account. */
  succeeded(id: string, model: string, session: string, startedAt: number): void {
    const { store, clock } = this.#needs;
    const account = this.#states.get(id);
    if (account === undefined) return;
    const now = clock.now();
    const next = applySuccess(account, { model, startedAt, now });
    if (account.limits.has(model) && !next.limits.has(model)) store.limits.clear(id, model);
    this.#states.set(id, next);
    store.accounts.markUsed(id, now);
    this.#remember(session, id);
    store.sessions.set({ key: session, accountId: id, model, updatedAt: now });
  }

  /** An attempt failed, and `step` was decided. */
  async failed(id: string, model: string, failure: Failure, step: Step): Promise<void> {
    const account = this.#states.get(id);
    if (account === undefined) return;
    const next = applyFailure(account, { model, failure, step, now: this.#needs.clock.now() });
    if (next === account) return;
    this.#states.set(id, next);
    for (const [limited, limit] of next.limits) {
      if (account.limits.get(limited) === limit) continue;
      this.#needs.store.limits.set({ ...limit, accountId: id, model: limited, source: "response" });
    }
    const changes = changesOf(account, next);
    if (changes !== undefined) await this.#needs.store.accounts.update(id, changes);
  }

  /** Figures of the account's models, as a reading of the backend gave them. */
  setQuotas(id: string, quotas: ReadonlyMap<string, ModelQuota>): void {
    const account = this.#states.get(id);
    if (account !== undefined) this.#states.set(id, { ...account, quotas });
  }

  #count(id: string, by: 1 | -1): void {
    const account = this.#states.get(id);
    if (account === undefined) return;
    this.#states.set(id, { ...account, inFlight: Math.max(0, account.inFlight + by) });
  }

  #remember(session: string, accountId: string): void {
    this.#sessions.delete(session);
    this.#sessions.set(session, accountId);
    if (this.#sessions.size <= MAX_SESSIONS) return;
    const oldest = this.#sessions.keys().next().value;
    if (oldest !== undefined) this.#sessions.delete(oldest);
  }
}

function stateOf(
  account: Account,
  limits: AccountState["limits"],
  known: AccountState | undefined,
): AccountState {
  return {
    id: account.id,
    email: account.email,
    status: account.status,
    limits,
    quotas: known?.quotas ?? new Map(),
    inFlight: known?.inFlight ?? 0,
    ...(account.ownerId === undefined ? {} : { ownerId: account.ownerId }),
    ...(account.statusReason === undefined ? {} : { statusReason: account.statusReason }),
    ...(account.validationUrl === undefined ? {} : { validationUrl: account.validationUrl }),
    ...(account.restsUntil === undefined ? {} : { restsUntil: account.restsUntil }),
    ...(account.lastUsedAt === undefined ? {} : { lastUsedAt: account.lastUsedAt }),
    ...(known?.avoidedUntil === undefined ? {} : { avoidedUntil: known.avoidedUntil }),
    ...(known?.serverErrorsInRow === undefined
      ? {}
      : { serverErrorsInRow: known.serverErrorsInRow }),
  };
}

/** What has to be written of a changed state; undefined when only memory is concerned. */
function changesOf(before: AccountState, after: AccountState): AccountChanges | undefined {
  const isSame =
    before.status === after.status &&
    before.statusReason === after.statusReason &&
    before.validationUrl === after.validationUrl &&
    before.restsUntil === after.restsUntil;
  if (isSame) return undefined;
  return {
    status: after.status,
    statusReason: after.statusReason,
    validationUrl: after.validationUrl,
    restsUntil: after.restsUntil,
  };
}
