import { statSync } from "node:fs";
import { pathToFileURL } from "node:url";

import { UserError } from "@agp/core";
import SqliteDatabase from "better-sqlite3";
import type { Database } from "better-sqlite3";

import { APPLICATION_ID, versionOf } from "./migrate.ts";
import { corruptDatabase, sqliteCode } from "./sqlite-error.ts";

/** Larger files are not read through before they are opened: that would delay every start. Damage then shows in use. */
const FULL_CHECK_BYTES = 32 * 1024 * 1024;

/**
 * Looks whether the file may be opened for writing, and leaves it and its directory exactly as they are. Throws
 * DATABASE_CORRUPT, DATABASE_NEWER, or DATABASE_FOREIGN for another program's file. A file that is missing or empty is fine.
 */
export function inspectFile(path: string, newestVersion: number): void {
  if (sizeOf(path) === 0) return;
  try {
    inspect(path, newestVersion);
  } catch (error) {
    if (!isDamage(error)) throw error;
    // Another process may have written while the file was read without locks. Real damage is still there.
    try {
      inspect(path, newestVersion);
    } catch (again) {
      throw isDamage(again) ? corruptDatabase(path, again) : again;
    }
  }
}

function inspect(path: string, newestVersion: number): void {
  const database = openUntouched(path);
  try {
    checkOwner(database, path, newestVersion);
    if (sizeOf(path) > FULL_CHECK_BYTES) return;
    const result = database.pragma("quick_check(1)", { simple: true });
    if (result !== "ok") throw new Damage(String(result));
  } finally {
    database.close();
  }
}

/**
 * Without a log beside it the file is complete, and `immutable` reads it without making `-wal` and `-shm` files. With one,
 * the log has to be read too; a read-only connection does not merge it into the file.
 *
 * Source: sqlite.org/uri.html (immutable), sqlite.org/wal.html §"Read-Only Databases".
 */
function openUntouched(path: string): Database {
  const hasLog = sizeOf(`${path}-wal`) > 0 || sizeOf(`${path}-journal`) > 0;
  const name = hasLog ? path : `${pathToFileURL(path).href}?immutable=1`;
  return new SqliteDatabase(name, { readonly: true, fileMustExist: true });
}

function checkOwner(database: Database, path: string, newestVersion: number): void {
  const version = versionOf(database);
  const isOurs = database.pragma("application_id", { simple: true }) === APPLICATION_ID;
  if (isOurs && version <= newestVersion) return;
  if (isOurs) {
    throw new UserError(
      "DATABASE_NEWER",
      `${path} was written by a newer version of this program (schema ${version}, this one knows ${newestVersion}). It was left as it is.`,
      { nextSteps: ["Update this program, or restore a backup from before the update."] },
    );
  }
  const tables = database.prepare("select name from sqlite_schema where type = 'table'").pluck();
  const names = tables.all();
  if (names.length === 0) return;
  throw new UserError(
    "DATABASE_FOREIGN",
    `${path} is the database of another program (its tables: ${names.slice(0, 5).join(", ")}). It was left as it is.`,
    {
      nextSteps: ["Move it away, or choose another data directory with --data-dir or DATA_DIR."],
    },
  );
}

class Damage extends Error {}

function isDamage(error: unknown): boolean {
  if (error instanceof Damage) return true;
  const code = sqliteCode(error) ?? "";
  return code.startsWith("SQLITE_CORRUPT") || code === "SQLITE_NOTADB";
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
