import type { Kysely } from "kysely";

import { precompile } from "./precompiled.ts";
import type { Schema, SignaturesTable } from "./schema.ts";
import type { SignatureEntry } from "./signature-lookup.ts";
import type { WriteRecord } from "./pending-records.ts";

/** Rough size of a row besides its value. */
export const ROW_OVERHEAD_BYTES = 200;

/** What waits to be written under a key: a new entry, or only the time of its use. */
export type SignatureWrite =
  | { readonly kind: "entry"; readonly key: string; readonly entry: SignatureEntry }
  | { readonly kind: "touch"; readonly key: string; readonly at: number };

const COLUMNS = [
  "key",
  "kind",
  "family",
  "model",
  "account_id",
  "last_used_at",
  "size_bytes",
  "value",
] as const satisfies readonly (keyof SignaturesTable)[];

/** Writes an entry over the old one under its key, or the time of use. */
export function signatureWriter(database: Kysely<Schema>): WriteRecord<SignatureWrite> {
  const upsert = precompile<SignaturesTable>(COLUMNS, (placeholders) =>
    database
      .insertInto("signatures")
      .values(placeholders)
      .onConflict((conflict) =>
        conflict.column("key").doUpdateSet((row) => ({
          family: row.ref("excluded.family"),
          model: row.ref("excluded.model"),
          account_id: row.ref("excluded.account_id"),
          last_used_at: row.ref("excluded.last_used_at"),
          size_bytes: row.ref("excluded.size_bytes"),
          value: row.ref("excluded.value"),
        })),
      ),
  );
  const touch = precompile<{ key: string; at: number }>(["key", "at"], ({ key, at }) =>
    database.updateTable("signatures").set({ last_used_at: at }).where("key", "=", key),
  );
  return async (transaction, write) => {
    const query = write.kind === "touch" ? touch(write) : upsert(toRow(write.key, write.entry));
    await transaction.executeQuery(query);
  };
}

function toRow(key: string, entry: SignatureEntry): SignaturesTable {
  return {
    key,
    kind: entry.kind,
    family: entry.family,
    model: entry.model,
    account_id: entry.accountId,
    last_used_at: entry.lastUsedAt,
    size_bytes: ROW_OVERHEAD_BYTES + Buffer.byteLength(entry.value),
    value: entry.value,
  };
}
