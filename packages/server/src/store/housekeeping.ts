import { setImmediate } from "node:timers/promises";

import type { Kysely } from "kysely";
import { sql } from "kysely";

import type { Clock } from "../time/clock.ts";
import type { Schema } from "./schema.ts";
import type { StoreLogger } from "./store-logger.ts";

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;
/** Not at the start, when clients wait; a command of the CLI ends long before. */
const FIRST_RUN_AFTER_MS = 60_000;
/** Claude Code keeps its sessions this long. */
const KEEP_MS = 30 * DAY_MS;
/** A paused conversation goes on the next day, whatever the size. Source: cloud-code §8.3. */
const KEEP_SIGNATURES_AT_LEAST_MS = DAY_MS;
/** A limit that is over counts only for how often it came in a row. */
const KEEP_LIMITS_MS = DAY_MS;
const MAX_SIGNATURE_BYTES = 256 * 1024 * 1024;
/** Rows per statement, so that no request waits long for the one connection. */
const CHUNK = 500;

export interface HousekeepingOptions {
  readonly database: Kysely<Schema>;
  readonly clock: Clock;
  readonly logger: StoreLogger;
  readonly maxSignatureBytes?: number;
}

/** Deletes what is too old, or too much, now and then; the returned function ends it. */
export function startHousekeeping(options: HousekeepingOptions): () => void {
  const { clock, logger } = options;
  let isStopped = false;
  let cancel = clock.after(FIRST_RUN_AFTER_MS, run);

  function run(): void {
    prune(options, () => isStopped)
      .catch((error: unknown) => logger.warn({ err: error }, "cannot delete old data"))
      .finally(() => {
        if (!isStopped) cancel = clock.after(HOUR_MS, run);
      });
  }

  return () => {
    isStopped = true;
    cancel();
  };
}

/** One round: sessions, signatures and requests of 30 days ago, and the oldest signatures past the limit of size. */
export async function prune(
  options: HousekeepingOptions,
  isStopped: () => boolean = () => false,
): Promise<void> {
  const { database, clock, maxSignatureBytes = MAX_SIGNATURE_BYTES } = options;
  const now = clock.now();
  const old = now - KEEP_MS;
  await database
    .deleteFrom("account_limits")
    .where("until", "<", now - KEEP_LIMITS_MS)
    .execute();
  await inChunks(isStopped, () => deleteOldest(database, "sessions", "updated_at", old));
  await inChunks(isStopped, () => deleteOldest(database, "requests", "started_at", old));
  await inChunks(isStopped, () => deleteOldest(database, "signatures", "last_used_at", old));
  const young = now - KEEP_SIGNATURES_AT_LEAST_MS;
  let excess = (await signatureBytes(database)) - maxSignatureBytes;
  await inChunks(isStopped, async () => {
    const keys = await oldestSignatures(database, young, excess);
    if (keys.length === 0) return 0;
    await database.deleteFrom("signatures").where("key", "in", keys).execute();
    excess = (await signatureBytes(database)) - maxSignatureBytes;
    return keys.length;
  });
}

/** So many of the oldest that `excess` bytes go with them, at most a chunk. */
async function oldestSignatures(
  database: Kysely<Schema>,
  before: number,
  excess: number,
): Promise<readonly string[]> {
  if (excess <= 0) return [];
  const rows = await database
    .selectFrom("signatures")
    .select(["key", "size_bytes"])
    .where("last_used_at", "<", before)
    .orderBy("last_used_at")
    .limit(CHUNK)
    .execute();
  let freed = 0;
  const needed = rows.findIndex((row) => (freed += row.size_bytes) >= excess);
  return rows.slice(0, needed === -1 ? rows.length : needed + 1).map((row) => row.key);
}

/** Until a chunk was not full. In between, requests have their turn. */
async function inChunks(isStopped: () => boolean, chunk: () => Promise<number>): Promise<void> {
  while (!isStopped() && (await chunk()) === CHUNK) await setImmediate();
}

type TimeColumn = {
  readonly sessions: "updated_at";
  readonly requests: "started_at";
  readonly signatures: "last_used_at";
};

async function deleteOldest<Table extends keyof TimeColumn>(
  database: Kysely<Schema>,
  table: Table,
  column: TimeColumn[Table],
  before: number,
): Promise<number> {
  const key = table === "requests" ? "id" : "key";
  const result = await sql`
    delete from ${sql.table(table)} where ${sql.ref(key)} in (
      select ${sql.ref(key)} from ${sql.table(table)}
      where ${sql.ref(column)} < ${before} order by ${sql.ref(column)} limit ${CHUNK}
    )`.execute(database);
  return Number(result.numAffectedRows ?? 0n);
}

async function signatureBytes(database: Kysely<Schema>): Promise<number> {
  const row = await database
    .selectFrom("signatures")
    .select((columns) => columns.fn.sum<number | null>("size_bytes").as("total"))
    .executeTakeFirst();
  return row?.total ?? 0;
}
