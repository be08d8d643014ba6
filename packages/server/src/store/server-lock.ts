import { randomBytes } from "node:crypto";
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { UserError } from "@agp/core";
import SqliteDatabase from "better-sqlite3";
import type { Database } from "better-sqlite3";

import { createPrivateFile } from "./create-private-file.ts";
import { explainStorageError, sqliteCode } from "./storage-error.ts";

/** Outlasts the moment in which another program looks whether the lock is held. */
const LOCK_TIMEOUT_MS = 500;

/** What the running server says about itself, for programs on the same machine. */
export interface ServerInfo {
  readonly pid: number;
  /** Base URL. */
  readonly url: string;
  /** Epoch ms. */
  readonly startedAt: number;
}

export interface ServerLock {
  /** Leaves word of where the server listens. */
  announce(info: ServerInfo): void;
  release(): void;
}

/**
 * Makes this process the only server of the data directory. The lock is the operating system's, on an empty SQLite file: it
 * ends with the process, however that ends. Throws DATA_DIR_IN_USE.
 */
export function acquireServerLock(dataDir: string): ServerLock {
  const database = lock(dataDir);
  const infoPath = join(dataDir, "server.json");
  return {
    announce(info) {
      const draft = `${infoPath}.${randomBytes(6).toString("hex")}`;
      try {
        writeFileSync(draft, `${JSON.stringify(info)}\n`, { mode: 0o600 });
        renameSync(draft, infoPath);
      } catch (error) {
        rmSync(draft, { force: true });
        throw explainStorageError(error, infoPath);
      }
    },
    release() {
      rmSync(infoPath, { force: true });
      database.close();
    },
  };
}

/** The server that runs on this data directory, or undefined when none does or it has not said where it listens. */
export function findRunningServer(dataDir: string): ServerInfo | undefined {
  return isLocked(lockPath(dataDir)) ? readInfo(dataDir) : undefined;
}

function lock(dataDir: string): Database {
  const path = lockPath(dataDir);
  let database: Database | undefined;
  try {
    createPrivateFile(path);
    database = new SqliteDatabase(path, { timeout: LOCK_TIMEOUT_MS });
    database.exec("begin exclusive");
    return database;
  } catch (error) {
    database?.close();
    if (sqliteCode(error) === "SQLITE_BUSY") throw inUse(dataDir, error);
    throw explainStorageError(error, path);
  }
}

/** Looks without taking the lock: a server that starts at this moment only waits a little. */
function isLocked(path: string): boolean {
  let database: Database | undefined;
  try {
    database = new SqliteDatabase(path, { readonly: true, fileMustExist: true, timeout: 0 });
    database.prepare("select count(*) from sqlite_schema").get();
    return false;
  } catch (error) {
    return sqliteCode(error) === "SQLITE_BUSY";
  } finally {
    database?.close();
  }
}

function lockPath(dataDir: string): string {
  return join(dataDir, "server.lock");
}

function readInfo(dataDir: string): ServerInfo | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(join(dataDir, "server.json"), "utf8"));
    return isServerInfo(value) ? value : undefined;
  } catch {
    // Not there yet, or gone already: the server is starting or ending.
    return undefined;
  }
}

function isServerInfo(value: unknown): value is ServerInfo {
  if (typeof value !== "object" || value === null) return false;
  if (!("pid" in value && "url" in value && "startedAt" in value)) return false;
  return (
    typeof value.pid === "number" &&
    typeof value.url === "string" &&
    typeof value.startedAt === "number"
  );
}

function inUse(dataDir: string, cause: unknown): UserError {
  const info = readInfo(dataDir);
  const who = info === undefined ? "Another server" : `A server (process ${info.pid}, ${info.url})`;
  return new UserError("DATA_DIR_IN_USE", `${who} uses the data directory ${dataDir} already.`, {
    nextSteps: [
      "Stop that server, or give this one another directory with --data-dir or DATA_DIR.",
    ],
    cause,
  });
}
