import { join } from "node:path";

import SqliteDatabase from "better-sqlite3";
import type { Database } from "better-sqlite3";

import { createPrivateFile } from "./create-private-file.ts";
import { inspectFile } from "./inspect-file.ts";
import { migrate, newestVersion } from "./migrate.ts";
import { migrations as allMigrations } from "./migrations/all.ts";
import type { Migration } from "./migrations/migration.ts";
import { retrySync } from "./retry-sync.ts";
import { explainStorageError, sqliteCode } from "./storage-error.ts";

const DATABASE_FILE = "proxy.db";
/** Of one attempt to open the file, when nobody needs the event loop yet; afterwards the dialect waits. */
const OPENING_TIMEOUT_MS = 250;

/**
 * Opens `proxy.db`, makes it (mode 0600) where there is none, and brings it to the newest version. Throws DATABASE_CORRUPT,
 * DATABASE_NEWER, DATABASE_FOREIGN, DISK_FULL or DATA_DIR_NOT_WRITABLE; the file is then as it was.
 */
export function openDatabase(
  dataDir: string,
  migrations: readonly Migration[] = allMigrations,
): Database {
  const path = join(dataDir, DATABASE_FILE);
  try {
    inspectFile(path, newestVersion(migrations));
    // SQLite would make a file that others may read; its -wal and -shm files take over the mode of this one.
    createPrivateFile(path);
    return retrySync(whileBusy, () => open(path, migrations));
  } catch (error) {
    throw explainStorageError(error, path);
  }
}

/**
 * SQLite does not wait by itself where waiting could be a deadlock: while it switches a new file to a log, and while the last
 * process that used a file merges its log.
 */
const whileBusy = {
  isTransient: (error: unknown) => sqliteCode(error)?.startsWith("SQLITE_BUSY") === true,
  attempts: 20,
  waitMs: 20,
};

function open(path: string, migrations: readonly Migration[]): Database {
  const database = new SqliteDatabase(path, { timeout: OPENING_TIMEOUT_MS });
  try {
    database.pragma("journal_mode = WAL");
    database.pragma("synchronous = NORMAL");
    database.pragma("foreign_keys = ON");
    migrate(database, migrations);
    database.pragma("busy_timeout = 0");
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}
