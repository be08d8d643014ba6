import type { Kysely, Transaction } from "kysely";

import type { Schema } from "./schema.ts";
import type { LimitRepository, StoredLimit } from "./store.ts";
import type { WriteBehind } from "./write-behind.ts";

type LimitWrite =
  | { readonly kind: "set"; readonly limit: StoredLimit }
  | { readonly kind: "clear"; readonly accountId: string; readonly model?: string };

/** Limits of accounts and models; a restart must not ask again for what the backend has refused. */
export function createLimitRepository(
  database: Kysely<Schema>,
  writeBehind: WriteBehind,
): LimitRepository {
  const sink = writeBehind.sink<LimitWrite>(write);
  return {
    async list() {
      await writeBehind.flush();
      const rows = await database.selectFrom("account_limits").selectAll().execute();
      const limits = rows.map(({ account_id: accountId, ...row }) => ({ accountId, ...row }));
      // What a full disk has not taken yet counts too.
      return sink.pendingValues().reduce<readonly StoredLimit[]>(apply, limits);
    },
    set(limit) {
      sink.put(`${limit.accountId} ${limit.model}`, { kind: "set", limit });
    },
    clear(accountId, model) {
      const key = model === undefined ? accountId : `${accountId} ${model}`;
      sink.put(key, { kind: "clear", accountId, ...(model === undefined ? {} : { model }) });
    },
  };
}

function apply(limits: readonly StoredLimit[], change: LimitWrite): readonly StoredLimit[] {
  const { accountId, model } = change.kind === "set" ? change.limit : change;
  const others = limits.filter(
    (limit) => limit.accountId !== accountId || (model !== undefined && limit.model !== model),
  );
  return change.kind === "set" ? [...others, change.limit] : others;
}

async function write(transaction: Transaction<Schema>, change: LimitWrite): Promise<void> {
  if (change.kind === "clear") {
    const all = transaction.deleteFrom("account_limits").where("account_id", "=", change.accountId);
    const { model } = change;
    await (model === undefined ? all : all.where("model", "=", model)).execute();
    return;
  }
  const { accountId, ...limit } = change.limit;
  await transaction
    .insertInto("account_limits")
    .values({
      account_id: accountId,
      model: limit.model,
      until: limit.until,
      class: limit.class,
      repetition: limit.repetition,
      source: limit.source,
    })
    .onConflict((conflict) =>
      conflict.columns(["account_id", "model"]).doUpdateSet((row) => ({
        until: row.ref("excluded.until"),
        class: row.ref("excluded.class"),
        repetition: row.ref("excluded.repetition"),
        source: row.ref("excluded.source"),
      })),
    )
    .execute();
}
