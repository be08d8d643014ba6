import type { Database } from "better-sqlite3";
import { Kysely } from "kysely";
import { onTestFinished } from "vitest";

import { openDatabase } from "../database.ts";
import type { Schema } from "../schema.ts";
import { ImmediateSqliteDialect } from "../sqlite-dialect.ts";
import { explainStorageError } from "../storage-error.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

/** A new database with both of its faces. */
export function rawDatabase(): { readonly raw: Database; readonly database: Kysely<Schema> } {
  const raw = openDatabase(temporaryDirectory());
  const explain = (error: unknown) => explainStorageError(error, raw.name);
  const database = new Kysely<Schema>({ dialect: new ImmediateSqliteDialect(raw, explain) });
  onTestFinished(() => void raw.close());
  return { raw, database };
}

/** From now on writes that need more room fail with SQLITE_FULL; the returned function makes room again. */
export function fillDisk(raw: Database): () => void {
  // Emptied first: a page that is free would still take a row.
  raw.pragma(`max_page_count = ${String(raw.pragma("page_count", { simple: true }))}`);
  return () => void raw.pragma("max_page_count = 1000000");
}
