import type { Logger } from "../logging/logger.ts";
import type { Store } from "../store/store.ts";
import type { Clock } from "../time/clock.ts";
import type { CloudCode } from "../upstream/cloud-code.ts";
import type { AccountPool } from "./account-pool.ts";
import type { CatalogueHolder } from "./catalogue-source.ts";
import type { ProjectSource } from "./project-source.ts";
import type { TokenSource } from "./tokens.ts";
import { verifyAccount } from "./verify-account.ts";

/** Keeps catalogue and quota figures of the accounts fresh; reading them costs no quota. Source: cloud-code §10. */
export interface ModelsRefresher {
  start(): void;
  /** Reads the accounts that were never read, as after an edit. */
  refreshNew(): void;
  stop(): void;
}

export interface ModelsRefresherNeeds {
  readonly store: Store;
  readonly clock: Clock;
  readonly tokens: TokenSource;
  readonly projects: ProjectSource;
  readonly cloudCode: CloudCode;
  readonly pool: AccountPool;
  readonly catalogue: CatalogueHolder;
  readonly logger: Logger;
}

const REFRESH_EVERY_MS = 15 * 60_000;
const REFRESH_TIMEOUT_MS = 60_000;

/** Makes the refresher; it reads one account after the other, so that the backend never sees a burst. */
export function createModelsRefresher(needs: ModelsRefresherNeeds): ModelsRefresher {
  const stopped = new AbortController();
  const seen = new Set<string>();
  let running: Promise<void> = Promise.resolve();
  let cancelTimer: (() => void) | undefined;

  async function refresh(onlyNew: boolean): Promise<void> {
    for (const account of await needs.store.accounts.list()) {
      if (stopped.signal.aborted) return;
      if (account.status !== "active" || (onlyNew && seen.has(account.id))) continue;
      seen.add(account.id);
      const signal = AbortSignal.any([stopped.signal, AbortSignal.timeout(REFRESH_TIMEOUT_MS)]);
      const result = await verifyAccount(needs, account, signal);
      if (result.kind === "ok" && result.models !== undefined) {
        needs.catalogue.set(account.id, result.models.answer);
        needs.pool.setQuotas(account.id, result.models.quotas);
      } else if (result.kind !== "ok" && !stopped.signal.aborted) {
        needs.logger.warn({ account: account.email, reason: result.reason }, "account not read");
        await needs.pool.load();
      }
    }
  }

  function run(onlyNew: boolean): void {
    running = running
      .then(() => refresh(onlyNew))
      .catch((error: unknown) => {
        if (!stopped.signal.aborted) needs.logger.warn({ err: error }, "reading the models failed");
      });
  }

  function schedule(): void {
    cancelTimer = needs.clock.after(REFRESH_EVERY_MS, () => {
      run(false);
      schedule();
    });
  }

  return {
    start() {
      run(false);
      schedule();
    },
    refreshNew: () => run(true),
    stop() {
      stopped.abort();
      cancelTimer?.();
    },
  };
}
