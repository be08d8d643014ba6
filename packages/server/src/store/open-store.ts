import { join } from "node:path";

import type { Database } from "better-sqlite3";
import { Kysely } from "kysely";

import { systemClock } from "../time/clock.ts";
import type { Clock } from "../time/clock.ts";
import { createAccountRepository } from "./accounts.ts";
import { ChangeWatcher } from "./change-watcher.ts";
import { ensureDataDirectory } from "./data-directory.ts";
import { openDatabase } from "./database.ts";
import { startHousekeeping } from "./housekeeping.ts";
import { createLimitRepository } from "./limits.ts";
import { createRequestRepository } from "./requests.ts";
import type { Schema } from "./schema.ts";
import { createSessionRepository } from "./sessions.ts";
import { createSettingRepository } from "./settings.ts";
import { Signatures } from "./signatures.ts";
import { ImmediateSqliteDialect } from "./sqlite-dialect.ts";
import { explainStorageError } from "./storage-error.ts";
import { silentLogger } from "./store-logger.ts";
import type { StoreLogger } from "./store-logger.ts";
import type { Store } from "./store.ts";
import { createUserRepository } from "./users.ts";
import { Vault } from "./vault.ts";
import { WriteBehind } from "./write-behind.ts";

export interface OpenStoreOptions {
  readonly dataDir: string;
  /** `DATA_KEY`; absent: `secret.key` in the data directory, made when the first account is added. */
  readonly dataKey?: string | undefined;
  readonly clock?: Clock;
  readonly logger?: StoreLogger;
}

/** Opens the store of a data directory, which is made where there is none. Several processes may have it open at once. */
export async function openStore(options: OpenStoreOptions): Promise<Store> {
  const dataDir = ensureDataDirectory(options.dataDir);
  return composeStore(openDatabase(dataDir), { ...options, dataDir });
}

/** The store over an open database, which it closes at its end. */
export function composeStore(database: Database, options: OpenStoreOptions): Store {
  const { dataDir, dataKey, clock = systemClock, logger = silentLogger } = options;
  const path = join(dataDir, "proxy.db");
  const kysely = new Kysely<Schema>({
    dialect: new ImmediateSqliteDialect(database, (error) => explainStorageError(error, path)),
  });
  const writeBehind = new WriteBehind({ database: kysely, clock, logger });
  const vault = new Vault({ database: kysely, dataDir, dataKey });
  const dataVersion = database.prepare("pragma data_version").pluck();
  const watcher = new ChangeWatcher({ readVersion: () => dataVersion.get(), clock, logger });
  const stopHousekeeping = startHousekeeping({ database: kysely, clock, logger });
  const now = () => clock.now();
  return {
    users: createUserRepository(kysely, now),
    accounts: createAccountRepository({ database: kysely, vault, writeBehind, now }),
    limits: createLimitRepository(kysely, writeBehind),
    sessions: createSessionRepository(kysely, writeBehind),
    signatures: new Signatures({ database: kysely, writeBehind, clock, logger }),
    settings: createSettingRepository(kysely),
    requests: createRequestRepository(kysely, writeBehind),
    onExternalChange: (listener) => watcher.add(listener),
    refresh: () => watcher.refresh(),
    flush: () => writeBehind.flush(),
    async close() {
      stopHousekeeping();
      watcher.close();
      await writeBehind.close();
      await kysely.destroy();
      database.close();
    },
  };
}
