import { existsSync, readFileSync, statSync } from "node:fs";

import { UserError } from "@agp/core";
import SqliteDatabase from "better-sqlite3";
import type { Database } from "better-sqlite3";

import { parseHeader, readStart } from "./file-header.ts";
import type { FileHeader } from "./file-header.ts";
import { APPLICATION_ID, versionOf } from "./migrate.ts";
import { retrySync } from "./retry-sync.ts";
import { corruptDatabase, sqliteCode } from "./storage-error.ts";

/** Larger files are not read through before they are opened: that would delay every start. Damage then shows in use. */
const FULL_CHECK_BYTES = 8 * 1024 * 1024;

const ATTEMPTS = 3;
const WAIT_MS = 25;

/**
 * Looks whether the file may be opened for writing, and leaves it and its directory exactly as they are. Throws
 * DATABASE_CORRUPT, DATABASE_NEWER, or DATABASE_FOREIGN for another program's file. A file that is missing or empty is fine.
 */
export function inspectFile(path: string, newestVersion: number): void {
  // Another process may write while the file is looked at without locks. What is really wrong is still so a moment later.
  retrySync({ isTransient: () => true, attempts: ATTEMPTS, waitMs: WAIT_MS }, () => {
    if (sizeOf(path) === 0) return;
    try {
      inspect(path, newestVersion);
    } catch (error) {
      throw isDamage(error) ? corruptDatabase(path, error) : error;
    }
  });
}

function inspect(path: string, newestVersion: number): void {
  if (isInUse(path)) return inspectInUse(path, newestVersion);
  const size = sizeOf(path);
  const bytes = size > FULL_CHECK_BYTES ? readStart(path) : readFileSync(path);
  const header = parseHeader(bytes);
  if (header === undefined || header.expectedBytes > size) throw new Damage("header");
  if (size > FULL_CHECK_BYTES) return checkOwner(path, header, [], newestVersion);
  inspectCopy(path, bytes, header, newestVersion);
}

/**
 * Whether SQLite has the file open, or left it by a crash: its log must be read too. Then the file must not be opened
 * besides: closing it would end the locks that SQLite holds on it in this process.
 *
 * Source: sqlite.org/howtocorrupt.html §2.2.
 */
function isInUse(path: string): boolean {
  return ["-wal", "-shm", "-journal"].some((suffix) => existsSync(path + suffix));
}

/** A read-only connection does not merge the log into the file. */
function inspectInUse(path: string, newestVersion: number): void {
  const database = new SqliteDatabase(path, { readonly: true, fileMustExist: true });
  try {
    // One transaction: between two questions a migration may be committed.
    database.exec("begin");
    const applicationId = Number(database.pragma("application_id", { simple: true }));
    const facts = { applicationId, version: versionOf(database) };
    checkOwner(path, facts, tablesOf(database), newestVersion);
    checkPages(database, path);
  } finally {
    database.close();
  }
}

/** In memory, since opening the file itself would make `-wal` and `-shm` files beside it. */
function inspectCopy(path: string, bytes: Buffer, header: FileHeader, newestVersion: number): void {
  // A database in memory has no log: read and write version say so. Source: sqlite.org/fileformat2.html §1.3.
  bytes.fill(1, 18, 20);
  const database = new SqliteDatabase(bytes, { readonly: true });
  try {
    checkOwner(path, header, tablesOf(database), newestVersion);
    checkPages(database, path);
  } finally {
    database.close();
  }
}

function checkPages(database: Database, path: string): void {
  if (sizeOf(path) > FULL_CHECK_BYTES) return;
  const result = database.pragma("quick_check(1)", { simple: true });
  if (result !== "ok") throw new Damage(String(result));
}

function tablesOf(database: Database): readonly unknown[] {
  return database.prepare("select name from sqlite_schema where type = 'table'").pluck().all();
}

function checkOwner(
  path: string,
  { applicationId, version }: Pick<FileHeader, "applicationId" | "version">,
  tables: readonly unknown[],
  newestVersion: number,
): void {
  if (applicationId === APPLICATION_ID) {
    if (version > newestVersion) throw newer(path, version, newestVersion);
    return;
  }
  // Made by this program a moment ago, and not yet filled.
  if (tables.length === 0 && sizeOf(path) <= FULL_CHECK_BYTES) return;
  const names = tables.length === 0 ? "" : ` (its tables: ${tables.slice(0, 5).join(", ")})`;
  throw new UserError(
    "DATABASE_FOREIGN",
    `${path} is the database of another program${names}. It was left as it is.`,
    {
      nextSteps: ["Move it away, or choose another data directory with --data-dir or DATA_DIR."],
    },
  );
}

function newer(path: string, version: number, newestVersion: number): UserError {
  return new UserError(
    "DATABASE_NEWER",
    `${path} was written by a newer version of this program (schema ${version}, this one knows ${newestVersion}). It was left as it is.`,
    { nextSteps: ["Update this program, or restore a backup from before the update."] },
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
