import type { Kysely } from "kysely";

import type { Schema } from "./schema.ts";
import type { SettingRepository } from "./store.ts";

/** Settings that are edited while the server runs; values are JSON. */
export function createSettingRepository(database: Kysely<Schema>): SettingRepository {
  return {
    async list() {
      const rows = await database.selectFrom("settings").selectAll().orderBy("key").execute();
      return new Map(rows.map((row) => [row.key, parse(row.value)]));
    },
    async get(key) {
      const row = await database
        .selectFrom("settings")
        .select("value")
        .where("key", "=", key)
        .executeTakeFirst();
      return row && parse(row.value);
    },
    async set(key, value) {
      const text = JSON.stringify(value);
      await database
        .insertInto("settings")
        .values({ key, value: text })
        .onConflict((conflict) => conflict.column("key").doUpdateSet({ value: text }))
        .execute();
    },
    async delete(key) {
      await database.deleteFrom("settings").where("key", "=", key).execute();
    },
  };
}

function parse(text: string): unknown {
  return JSON.parse(text);
}
