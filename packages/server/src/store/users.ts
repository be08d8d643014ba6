import { UserError } from "@agp/core";
import type { Kysely, Selectable, Transaction } from "kysely";
import { sql } from "kysely";
import { nanoid } from "nanoid";

import { hashApiKey, lastFourOf, makeApiKey } from "../users/api-key.ts";
import { checkUserName } from "../users/user-name.ts";
import { toAccount } from "./account-row.ts";
import type { Schema, UsersTable } from "./schema.ts";
import { isConstraintViolation } from "./storage-error.ts";
import type { NewUser, User, UserRepository, UserWithKey } from "./store.ts";

/** Set by the first user ever, and never taken back: closes the `auto` mode of authentication. */
const EVER_EXISTED = "user_ever_existed";

/** Users in the database. `now` gives epoch ms. */
export function createUserRepository(database: Kysely<Schema>, now: () => number): UserRepository {
  return {
    create: (user) => create(database, user, now()),
    async list() {
      const rows = await database.selectFrom("users").selectAll().orderBy("name").execute();
      return rows.map(toUser);
    },
    find: (name) => find(database, name),
    async findByKeyHash(keyHash) {
      const row = await database
        .selectFrom("users")
        .selectAll()
        .where("key_hash", "=", keyHash)
        .executeTakeFirst();
      return row && toUser(row);
    },
    delete: (name) => database.transaction().execute((transaction) => remove(transaction, name)),
    rotateKey: (name) =>
      database.transaction().execute((transaction) => rotateKey(transaction, name, now())),
    async hasEverExisted() {
      const row = await database
        .selectFrom("meta")
        .select("value")
        .where("key", "=", EVER_EXISTED)
        .executeTakeFirst();
      return row !== undefined;
    },
  };
}

async function create(
  database: Kysely<Schema>,
  { name, isAdmin = false }: NewUser,
  now: number,
): Promise<UserWithKey> {
  checkUserName(name);
  const key = makeApiKey();
  const row: UsersTable = {
    id: `usr_${nanoid()}`,
    name,
    key_hash: hashApiKey(key),
    key_last_four: lastFourOf(key),
    is_admin: isAdmin ? 1 : 0,
    created_at: now,
    key_created_at: now,
  };
  try {
    await database.transaction().execute(async (transaction) => {
      await transaction.insertInto("users").values(row).execute();
      await transaction
        .insertInto("meta")
        .values({ key: EVER_EXISTED, value: String(now) })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    });
  } catch (error) {
    if (isConstraintViolation(error)) throw userExists(name, error);
    throw error;
  }
  return { user: toUser(row), key };
}

async function find(database: Kysely<Schema>, name: string): Promise<User | undefined> {
  const row = await database
    .selectFrom("users")
    .selectAll()
    .where(sql`lower(name)`, "=", name.toLowerCase())
    .executeTakeFirst();
  return row && toUser(row);
}

async function existing(database: Kysely<Schema>, name: string): Promise<User> {
  const user = await find(database, name);
  if (user !== undefined) return user;
  throw new UserError("USER_NOT_FOUND", `There is no user ${JSON.stringify(name)}.`, {
    nextSteps: ["`users list` shows the users."],
  });
}

async function remove(transaction: Transaction<Schema>, name: string) {
  const user = await existing(transaction, name);
  const accounts = await transaction
    .selectFrom("accounts")
    .selectAll()
    .where("owner_id", "=", user.id)
    .execute();
  await transaction.deleteFrom("users").where("id", "=", user.id).execute();
  return { user, accounts: accounts.map(toAccount) };
}

async function rotateKey(
  transaction: Transaction<Schema>,
  name: string,
  now: number,
): Promise<UserWithKey> {
  const user = await existing(transaction, name);
  const key = makeApiKey();
  const changes = { keyHash: hashApiKey(key), keyLastFour: lastFourOf(key), keyCreatedAt: now };
  await transaction
    .updateTable("users")
    .set({
      key_hash: changes.keyHash,
      key_last_four: changes.keyLastFour,
      key_created_at: changes.keyCreatedAt,
    })
    .where("id", "=", user.id)
    .execute();
  return { user: { ...user, ...changes }, key };
}

function toUser(row: Selectable<UsersTable>): User {
  return {
    id: row.id,
    name: row.name,
    keyHash: row.key_hash,
    keyLastFour: row.key_last_four,
    isAdmin: row.is_admin === 1,
    createdAt: row.created_at,
    keyCreatedAt: row.key_created_at,
  };
}

function userExists(name: string, cause: unknown): UserError {
  return new UserError("USER_EXISTS", `There is a user ${JSON.stringify(name)} already.`, {
    nextSteps: ["Choose another name, or give the user a new key with `users rotate-key`."],
    cause,
  });
}
