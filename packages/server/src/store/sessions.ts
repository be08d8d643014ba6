import type { Kysely, Selectable } from "kysely";

import { precompile } from "./precompiled.ts";
import type { Schema, SessionsTable } from "./schema.ts";
import type { SessionRepository, StickySession } from "./store.ts";
import type { WriteBehind } from "./write-behind.ts";

/** Sticky sessions: the prompt cache of a conversation lies with one account. */
export function createSessionRepository(
  database: Kysely<Schema>,
  writeBehind: WriteBehind,
): SessionRepository {
  const insert = precompile<SessionsTable>(
    ["key", "account_id", "model", "updated_at"],
    (placeholders) =>
      database
        .insertInto("sessions")
        .values(placeholders)
        .onConflict((conflict) =>
          conflict.column("key").doUpdateSet((row) => ({
            account_id: row.ref("excluded.account_id"),
            model: row.ref("excluded.model"),
            updated_at: row.ref("excluded.updated_at"),
          })),
        ),
  );
  const sink = writeBehind.sink<StickySession>(async (transaction, session) => {
    await transaction.executeQuery(insert(toRow(session)));
  });
  return {
    async list(since) {
      await writeBehind.flush();
      const rows = await database
        .selectFrom("sessions")
        .selectAll()
        .where("updated_at", ">=", since)
        .orderBy("updated_at")
        .execute();
      const sessions = new Map(rows.map((row) => [row.key, toSession(row)]));
      // What a full disk has not taken yet counts too.
      for (const session of sink.pendingValues()) {
        sessions.delete(session.key);
        if (session.updatedAt >= since) sessions.set(session.key, session);
      }
      return [...sessions.values()];
    },
    async find(key) {
      const waiting = sink.pending(key);
      if (waiting !== undefined) return waiting;
      const row = await database
        .selectFrom("sessions")
        .selectAll()
        .where("key", "=", key)
        .executeTakeFirst();
      return row && toSession(row);
    },
    set: (session) => sink.put(session.key, session),
  };
}

function toRow(session: StickySession): SessionsTable {
  const { key, accountId: account_id, model, updatedAt: updated_at } = session;
  return { key, account_id, model, updated_at };
}

function toSession(row: Selectable<SessionsTable>): StickySession {
  return { key: row.key, accountId: row.account_id, model: row.model, updatedAt: row.updated_at };
}
