import type { Kysely, Selectable } from "kysely";

import { absentForNull } from "./absent-for-null.ts";
import { precompile } from "./precompiled.ts";
import type { RequestsTable, Schema } from "./schema.ts";
import type { RequestRecord, RequestRepository } from "./store.ts";
import type { WriteBehind } from "./write-behind.ts";

const COLUMNS = [
  "id",
  "started_at",
  "user_id",
  "requested_model",
  "model",
  "account_id",
  "is_stream",
  "status",
  "error_code",
  "input_tokens",
  "output_tokens",
  "cache_read_tokens",
  "thinking_tokens",
  "first_token_ms",
  "total_ms",
  "attempts",
  "dropped",
] as const satisfies readonly (keyof RequestsTable)[];

/** The request log: one row per answered request. */
export function createRequestRepository(
  database: Kysely<Schema>,
  writeBehind: WriteBehind,
): RequestRepository {
  const insert = precompile<RequestsTable>(COLUMNS, (row) =>
    database.insertInto("requests").values(row),
  );
  const sink = writeBehind.sink<RequestRecord>(async (transaction, record) => {
    await transaction.executeQuery(insert(toRow(record)));
  });
  return {
    append: (record) => sink.put(record.id, record),
    async find(id) {
      const waiting = sink.pending(id);
      if (waiting !== undefined) return waiting;
      const row = await database
        .selectFrom("requests")
        .selectAll()
        .where("id", "=", id)
        .executeTakeFirst();
      return row && toRecord(row);
    },
    async list({ limit }) {
      await writeBehind.flush();
      const rows = await database
        .selectFrom("requests")
        .selectAll()
        .orderBy("started_at", "desc")
        .orderBy("id", "desc")
        .limit(limit)
        .execute();
      // What a full disk has not taken yet counts too.
      const records = [...sink.pendingValues(), ...rows.map(toRecord)];
      return records.toSorted((left, right) => right.startedAt - left.startedAt).slice(0, limit);
    },
  };
}

function toRow(record: RequestRecord): RequestsTable {
  return {
    id: record.id,
    started_at: record.startedAt,
    user_id: record.userId ?? null,
    requested_model: record.requestedModel,
    model: record.model ?? null,
    account_id: record.accountId ?? null,
    is_stream: record.isStream ? 1 : 0,
    status: record.status,
    error_code: record.errorCode ?? null,
    input_tokens: record.inputTokens,
    output_tokens: record.outputTokens,
    cache_read_tokens: record.cacheReadTokens,
    thinking_tokens: record.thinkingTokens,
    first_token_ms: record.firstTokenMs ?? null,
    total_ms: record.totalMs,
    attempts: JSON.stringify(record.attempts),
    dropped: JSON.stringify(record.dropped),
  };
}

function toRecord(row: Selectable<RequestsTable>): RequestRecord {
  return absentForNull({
    id: row.id,
    startedAt: row.started_at,
    userId: row.user_id,
    requestedModel: row.requested_model,
    model: row.model,
    accountId: row.account_id,
    isStream: row.is_stream === 1,
    status: row.status,
    errorCode: row.error_code,
    inputTokens: row.input_tokens,
    outputTokens: row.output_tokens,
    cacheReadTokens: row.cache_read_tokens,
    thinkingTokens: row.thinking_tokens,
    firstTokenMs: row.first_token_ms,
    totalMs: row.total_ms,
    attempts: parseList(row.attempts),
    dropped: parseList(row.dropped),
  });
}

function parseList(text: string): readonly unknown[] {
  const value: unknown = JSON.parse(text);
  return Array.isArray(value) ? value : [];
}
