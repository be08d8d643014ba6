import type { Database } from "better-sqlite3";

import type { Migration } from "./migrations/migration.ts";

/** Marks a file as this program's ("agp1"), so that another program's `proxy.db` is recognised and left alone. */
export const APPLICATION_ID = 0x61677031;

/**
 * Brings the open file to the newest version, in one transaction: after a failure it is what it was. Two processes may
 * call this at once; the second finds nothing left to do. Throws the failing statement's error.
 */
export function migrate(database: Database, migrations: readonly Migration[]): void {
  if (versionOf(database) >= newestVersion(migrations)) return;
  const run = database.transaction(() => {
    // Read again under the write lock: another process may have been quicker.
    const from = versionOf(database);
    for (const migration of migrations) {
      if (migration.version <= from) continue;
      database.exec(migration.sql);
      database.pragma(`user_version = ${String(migration.version)}`);
    }
    database.pragma(`application_id = ${String(APPLICATION_ID)}`);
  });
  run.immediate();
}

/** The version that a file has after all steps; 0 for an empty list. */
export function newestVersion(migrations: readonly Migration[]): number {
  return migrations.at(-1)?.version ?? 0;
}

/** The schema version of an open file; 0 for an empty one. */
export function versionOf(database: Database): number {
  return Number(database.pragma("user_version", { simple: true }));
}
