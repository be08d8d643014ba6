import { UserError } from "@agp/core";
import type { Kysely, Transaction, Updateable } from "kysely";
import { sql } from "kysely";
import { nanoid } from "nanoid";

import { seal } from "../secrets/secret-box.ts";
import { toAccount } from "./account-row.ts";
import { precompile } from "./precompiled.ts";
import type { AccountsTable, Schema } from "./schema.ts";
import { isConstraintViolation } from "./storage-error.ts";
import type { Account, AccountChanges, AccountRepository, NewAccount } from "./store.ts";
import { refreshTokenContext } from "./vault.ts";
import type { Vault } from "./vault.ts";
import type { WriteBehind } from "./write-behind.ts";

const EMAIL = /^[^\s@\p{Cc}]{1,64}@[^\s@\p{Cc}]{1,255}$/u;
const REFRESH_TOKEN = /^[\x21-\x7e]{1,4096}$/;

export interface AccountRepositoryOptions {
  readonly database: Kysely<Schema>;
  readonly vault: Vault;
  readonly writeBehind: WriteBehind;
  /** Epoch ms. */
  readonly now: () => number;
}

interface LastUse {
  readonly id: string;
  readonly at: number;
}

/** Accounts in the database; their refresh tokens are encrypted by the vault. */
export function createAccountRepository(options: AccountRepositoryOptions): AccountRepository {
  const { database, vault, now } = options;
  const setLastUse = precompile<LastUse>(["id", "at"], ({ id, at }) =>
    database.updateTable("accounts").set({ last_used_at: at }).where("id", "=", id),
  );
  const used = options.writeBehind.sink<LastUse>(async (transaction, use) => {
    await transaction.executeQuery(setLastUse(use));
  });
  return {
    save: (account) => save(options, account).catch((error: unknown) => explain(error, account)),
    async list() {
      const rows = await database
        .selectFrom("accounts")
        .selectAll()
        .orderBy("created_at")
        .orderBy("id")
        .execute();
      return rows.map(toAccount);
    },
    find: (id) => find(database, id),
    async findByEmail(email) {
      const rows = await byEmail(database, email).orderBy("created_at").execute();
      return rows.map(toAccount);
    },
    async update(id, changes) {
      const set = { ...toColumns(changes), updated_at: now() };
      await database.updateTable("accounts").set(set).where("id", "=", id).execute();
      return find(database, id);
    },
    async readRefreshToken(id) {
      const row = await database
        .selectFrom("accounts")
        .select("refresh_token")
        .where("id", "=", id)
        .executeTakeFirst();
      return row && vault.unseal(row.refresh_token, refreshTokenContext(id));
    },
    async storeRefreshToken(id, refreshToken) {
      const sealed = seal(await vault.open(), refreshToken, refreshTokenContext(id));
      const set = { refresh_token: sealed, updated_at: now() };
      await database.updateTable("accounts").set(set).where("id", "=", id).execute();
    },
    markUsed: (id, at) => used.put(id, { id, at }),
    async remove(id) {
      used.discard(id);
      const result = await database.deleteFrom("accounts").where("id", "=", id).executeTakeFirst();
      return result.numDeletedRows > 0n;
    },
  };
}

async function save({ database, vault, now }: AccountRepositoryOptions, account: NewAccount) {
  checkAccount(account);
  const key = await vault.open();
  return database.transaction().execute(async (transaction) => {
    const known = await byEmail(transaction, account.email)
      .where(sql`coalesce(owner_id, '')`, "=", account.ownerId ?? "")
      .executeTakeFirst();
    const id = known?.id ?? `acc_${nanoid()}`;
    const at = now();
    const sealed = seal(key, account.refreshToken, refreshTokenContext(id));
    const fresh = { refresh_token: sealed, updated_at: at, ...healthy };
    if (known === undefined) {
      const { email, ownerId: owner_id = null } = account;
      const row = { id, email, owner_id, project_is_chosen: 0 as const, created_at: at, ...fresh };
      await transaction.insertInto("accounts").values(row).execute();
    } else {
      await transaction.updateTable("accounts").set(fresh).where("id", "=", id).execute();
    }
    if (account.projectId !== undefined) await chooseProject(transaction, id, account.projectId);
    const row = await transaction
      .selectFrom("accounts")
      .selectAll()
      .where("id", "=", id)
      .executeTakeFirstOrThrow();
    return { account: toAccount(row), isNew: known === undefined };
  });
}

/** The owner may have been deleted since its name was looked up. */
function explain(error: unknown, { ownerId }: NewAccount): never {
  if (ownerId === undefined || !isConstraintViolation(error)) throw error;
  throw new UserError("USER_NOT_FOUND", "The user that shall own the account is gone.", {
    nextSteps: ["`users list` shows the users."],
    cause: error,
  });
}

/** What a new token puts right. */
const healthy = {
  status: "active",
  status_reason: null,
  validation_url: null,
  rests_until: null,
} as const;

async function chooseProject(
  transaction: Transaction<Schema>,
  id: string,
  projectId: string,
): Promise<void> {
  const set = { project_id: projectId, project_is_chosen: 1 as const };
  await transaction.updateTable("accounts").set(set).where("id", "=", id).execute();
}

async function find(database: Kysely<Schema>, id: string): Promise<Account | undefined> {
  const row = await database
    .selectFrom("accounts")
    .selectAll()
    .where("id", "=", id)
    .executeTakeFirst();
  return row && toAccount(row);
}

function byEmail(database: Kysely<Schema>, email: string) {
  return database
    .selectFrom("accounts")
    .selectAll()
    .where(sql`lower(email)`, "=", email.toLowerCase());
}

const columns = {
  projectId: "project_id",
  tier: "tier",
  status: "status",
  statusReason: "status_reason",
  validationUrl: "validation_url",
  restsUntil: "rests_until",
} as const satisfies Record<keyof AccountChanges, keyof AccountsTable>;

/** `{tier: undefined}` → `{tier: null}`; a field that is not there stays as it is. */
function toColumns(changes: AccountChanges): Updateable<AccountsTable> {
  const entries = Object.entries(columns)
    .filter(([field]) => Object.hasOwn(changes, field))
    // The table above pairs each field with its column.
    .map(([field, column]) => [column, changes[field as keyof AccountChanges] ?? null]);
  return Object.fromEntries(entries) as Updateable<AccountsTable>;
}

function checkAccount({ email, refreshToken }: NewAccount): void {
  if (!EMAIL.test(email)) {
    throw new UserError(
      "EMAIL_INVALID",
      `${JSON.stringify(email.slice(0, 80))} is no e-mail address.`,
      {
        nextSteps: ["Give the address of the Google account, as name@example.com."],
      },
    );
  }
  if (!REFRESH_TOKEN.test(refreshToken)) {
    throw new UserError(
      "REFRESH_TOKEN_INVALID",
      "The refresh token is empty or has characters that no token has.",
      {
        nextSteps: ["Give the token alone, without quotes, spaces or line breaks."],
      },
    );
  }
}
