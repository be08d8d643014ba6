import type { Kysely, Selectable } from "kysely";

import type { Schema, SessionsTable } from "./schema.ts";
import type { SessionRepository, StickySession } from "./store.ts";
import type { WriteBehind } from "./write-behind.ts";

/** Sticky sessions: the prompt cache of a conversation lies with one account. */
export function createSessionRepository(
  database: Kysely<Schema>,
  writeBehind: WriteBehind,
): SessionRepository {
  const sink = writeBehind.sink<StickySession>(async (transaction, session) => {
    await transaction
      .insertInto("sessions")
      .values({
        key: session.key,
        account_id: session.accountId,
        model: session.model,
        updated_at: session.updatedAt,
      })
      .onConflict((conflict) =>
        conflict.column("key").doUpdateSet((row) => ({
          account_id: row.ref("excluded.account_id"),
          model: row.ref("excluded.model"),
          updated_at: row.ref("excluded.updated_at"),
        })),
      )
      .execute();
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
      return rows.map(toSession);
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

function toSession(row: Selectable<SessionsTable>): StickySession {
  return { key: row.key, accountId: row.account_id, model: row.model, updatedAt: row.updated_at };
}
