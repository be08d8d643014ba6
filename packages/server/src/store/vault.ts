import { randomBytes } from "node:crypto";
import type { KeyObject } from "node:crypto";

import { UserError } from "@agp/core";
import type { Kysely } from "kysely";

import { loadDataKey } from "../secrets/data-key.ts";
import { unseal } from "../secrets/secret-box.ts";
import type { Schema } from "./schema.ts";

export interface VaultOptions {
  readonly database: Kysely<Schema>;
  readonly dataDir: string;
  readonly dataKey?: string | undefined;
}

/** Encrypts and decrypts the database's secrets. The key is read at first use: most commands need none. */
export class Vault {
  readonly #options: VaultOptions;
  #key: Promise<KeyObject> | undefined;

  constructor(options: VaultOptions) {
    this.#options = options;
  }

  /** The key, checked against the secrets that are there. Throws DATA_KEY_MISSING or DATA_KEY_WRONG. */
  async open(): Promise<KeyObject> {
    this.#key ??= this.#load();
    try {
      return await this.#key;
    } catch (error) {
      this.#key = undefined;
      throw error;
    }
  }

  async unseal(sealed: string, context: string): Promise<string> {
    const text = unseal(await this.open(), sealed, context);
    if (text !== undefined) return text;
    // Another process may have begun anew with another key since ours was read.
    this.#key = undefined;
    const again = unseal(await this.open(), sealed, context);
    if (again !== undefined) return again;
    throw wrongKey(this.#options);
  }

  async #load(): Promise<KeyObject> {
    const { database, dataDir, dataKey } = this.#options;
    const sample = await database
      .selectFrom("accounts")
      .select(["id", "refresh_token"])
      .limit(1)
      .executeTakeFirst();
    const salt = await readSalt(database);
    const key = await loadDataKey({ dataDir, dataKey, salt, isInUse: sample !== undefined });
    if (sample === undefined) return key;
    const text = unseal(key, sample.refresh_token, refreshTokenContext(sample.id));
    if (text === undefined) throw wrongKey(this.#options);
    return key;
  }
}

/** Binds an encrypted refresh token to its account. */
export function refreshTokenContext(accountId: string): string {
  return `accounts.refresh_token:${accountId}`;
}

async function readSalt(database: Kysely<Schema>): Promise<string> {
  await database
    .insertInto("meta")
    .values({ key: "data_key_salt", value: randomBytes(16).toString("base64url") })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const row = await database
    .selectFrom("meta")
    .select("value")
    .where("key", "=", "data_key_salt")
    .executeTakeFirstOrThrow();
  return row.value;
}

function wrongKey({ dataDir, dataKey }: VaultOptions): UserError {
  const source = dataKey === undefined ? `${dataDir}/secret.key` : "DATA_KEY";
  return new UserError(
    "DATA_KEY_WRONG",
    `${source} is not the key that the accounts' tokens in ${dataDir}/proxy.db were encrypted with.`,
    {
      nextSteps: [
        "Set DATA_KEY as it was when the accounts were added (unset it if secret.key was used), or restore secret.key from a backup.",
        "If the key is lost: remove the accounts and add them again.",
      ],
    },
  );
}
