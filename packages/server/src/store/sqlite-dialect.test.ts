import { UserError } from "@agp/core";
import SqliteDatabase from "better-sqlite3";
import { expect, test } from "vitest";

import { fillDisk, rawDatabase } from "./__fixtures__/raw-store.ts";
import { userErrorOf } from "./__fixtures__/user-error.ts";

const row = (key: string, value = "v") => ({ key, value });

test("a write waits for another process's lock without stopping the event loop", async () => {
  const { raw, database } = rawDatabase();
  const other = new SqliteDatabase(raw.name);
  other.exec("begin immediate");
  let turns = 0;
  const turn = setInterval(() => turns++, 1);
  const written = database.insertInto("settings").values(row("a")).execute();
  const inTransaction = database
    .transaction()
    .execute((transaction) => transaction.insertInto("settings").values(row("b")).execute());
  await expect.poll(() => turns).toBeGreaterThan(5);
  other.exec("commit");
  other.close();
  await Promise.all([written, inTransaction]);
  clearInterval(turn);
  expect(raw.prepare("select key from settings order by key").pluck().all()).toEqual(["a", "b"]);
});

test("a transaction holds the write lock from its beginning", async () => {
  const { raw, database } = rawDatabase();
  const other = new SqliteDatabase(raw.name, { timeout: 0 });
  await database.transaction().execute(async (transaction) => {
    await transaction.selectFrom("settings").selectAll().execute();
    expect(() => other.exec("delete from settings")).toThrow("database is locked");
  });
  other.exec("delete from settings");
  other.close();
});

test("queries beside a transaction wait for its end, and see nothing of one that failed", async () => {
  const { database } = rawDatabase();
  const gate = Promise.withResolvers<void>();
  const failed = database.transaction().execute(async (transaction) => {
    await transaction.insertInto("settings").values(row("a")).execute();
    await gate.promise;
    throw new Error("changed my mind");
  });
  const count = database.selectFrom("settings").selectAll().execute();
  gate.resolve();
  await expect(failed).rejects.toThrow("changed my mind");
  expect(await count).toEqual([]);
});

test("a full disk is told as such, also inside a transaction that SQLite ended by itself", async () => {
  const { raw, database } = rawDatabase();
  const makeRoom = fillDisk(raw);
  const big = row("a", "x".repeat(50_000));
  const write = () =>
    database
      .transaction()
      .execute((transaction) => transaction.insertInto("settings").values(big).execute());
  const error = await userErrorOf(write);
  expect(error.code).toBe("DISK_FULL");
  expect(error.message).toContain(raw.name);
  makeRoom();
  await write();
  expect(await database.selectFrom("settings").select("key").execute()).toEqual([{ key: "a" }]);
});

test("a fault of ours stays what it is", async () => {
  const { database } = rawDatabase();
  await database.insertInto("settings").values(row("a")).execute();
  const again = database.insertInto("settings").values(row("a")).execute();
  await expect(again).rejects.not.toBeInstanceOf(UserError);
  await expect(again).rejects.toMatchObject({ code: "SQLITE_CONSTRAINT_PRIMARYKEY" });
});

test("texts of statements without end do not fill the memory", async () => {
  const { database } = rawDatabase();
  for (let count = 1; count <= 300; count++) {
    const keys = Array.from({ length: count }, (_, index) => `k${index}`);
    const rows = await database
      .selectFrom("settings")
      .selectAll()
      .where("key", "in", keys)
      .execute();
    expect(rows).toEqual([]);
  }
});
