import { createHash } from "node:crypto";
import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

import SqliteDatabase from "better-sqlite3";
import { describe, expect, test } from "vitest";

import { temporaryDirectory } from "./__fixtures__/temporary-directory.ts";
import { userErrorOf } from "./__fixtures__/user-error.ts";
import { openDatabase } from "./database.ts";
import { openStore } from "./open-store.ts";

/** Every file of a directory with the hash of its bytes and the time of its last change. */
function fingerprint(directory: string): Record<string, string> {
  const entries = readdirSync(directory).map((name) => {
    const path = join(directory, name);
    const digest = createHash("sha256").update(readFileSync(path)).digest("hex");
    return [name, `${digest} ${statSync(path).mtimeMs}`];
  });
  return Object.fromEntries(entries);
}

async function filledDirectory(): Promise<string> {
  const directory = temporaryDirectory();
  const store = await openStore({ dataDir: directory });
  for (let index = 0; index < 200; index++) await store.users.create({ name: `user-${index}` });
  await store.close();
  expect(readdirSync(directory)).toEqual(["proxy.db"]);
  return directory;
}

function overwrite(path: string, at: number, bytes: Uint8Array): void {
  const content = readFileSync(path);
  content.set(bytes, at);
  writeFileSync(path, content);
}

describe("a file that cannot be used is refused and left as it is", () => {
  const cases: readonly [string, string, (path: string) => void][] = [
    ["text", "DATABASE_CORRUPT", (path) => writeFileSync(path, "no database".repeat(100))],
    ["shorter than a header", "DATABASE_CORRUPT", (path) => writeFileSync(path, "SQLite")],
    [
      "cut in the middle",
      "DATABASE_CORRUPT",
      (path) => truncateSync(path, statSync(path).size / 2),
    ],
    [
      "cut within a page",
      "DATABASE_CORRUPT",
      (path) => truncateSync(path, statSync(path).size - 100),
    ],
    ["a page of zeros", "DATABASE_CORRUPT", (path) => overwrite(path, 4096, new Uint8Array(4096))],
    [
      "noise in its last page",
      "DATABASE_CORRUPT",
      (path) => overwrite(path, statSync(path).size - 4096, new Uint8Array(4096).fill(0xa5)),
    ],
    [
      "noise as its schema",
      "DATABASE_CORRUPT",
      (path) => overwrite(path, 100, new Uint8Array(3000).fill(7)),
    ],
    [
      "of a newer version",
      "DATABASE_NEWER",
      (path) => overwrite(path, 60, new Uint8Array([0, 0, 3, 231])),
    ],
    ["of another program", "DATABASE_FOREIGN", (path) => overwrite(path, 68, new Uint8Array(4))],
  ];

  test.each(cases)("%s: %s", async (_name, code, damage) => {
    const directory = await filledDirectory();
    const path = join(directory, "proxy.db");
    damage(path);
    const before = fingerprint(directory);
    const error = await userErrorOf(() => openStore({ dataDir: directory }));
    expect(error.code).toBe(code);
    expect(error.message).toContain(path);
    expect(error.message).toContain("left as it is");
    expect(error.nextSteps.length).toBeGreaterThan(0);
    expect(fingerprint(directory)).toEqual(before);
  });

  test("the message about a newer file tells both versions", async () => {
    const directory = await filledDirectory();
    overwrite(join(directory, "proxy.db"), 60, new Uint8Array([0, 0, 3, 231]));
    const error = await userErrorOf(() => openStore({ dataDir: directory }));
    expect(error.message).toMatch(/schema 999, this one knows \d+/);
  });

  test("the database of the older proxy is named by its tables", async () => {
    const directory = temporaryDirectory();
    const other = new SqliteDatabase(join(directory, "proxy.db"));
    other.exec("create table users (id integer); create table upstream_accounts (id integer)");
    other.close();
    const before = fingerprint(directory);
    const error = await userErrorOf(() => openStore({ dataDir: directory }));
    expect(error.code).toBe("DATABASE_FOREIGN");
    expect(error.message).toContain("users, upstream_accounts");
    expect(fingerprint(directory)).toEqual(before);
  });

  test("a newer version that stands only in the log of a crashed process is seen", async () => {
    const directory = await filledDirectory();
    const path = join(directory, "proxy.db");
    const database = new SqliteDatabase(path);
    database.pragma("user_version = 999");
    // The copy is what a crash leaves: the change is in the -wal file, and not in the database.
    const crashed = join(temporaryDirectory(), "data");
    mkdirSync(crashed);
    for (const name of ["proxy.db", "proxy.db-wal"])
      cpSync(join(directory, name), join(crashed, name));
    database.close();
    const before = fingerprint(crashed);
    const error = await userErrorOf(() => openStore({ dataDir: crashed }));
    expect(error.code).toBe("DATABASE_NEWER");
    const after = fingerprint(crashed);
    expect(after["proxy.db"]).toBe(before["proxy.db"]);
    expect(after["proxy.db-wal"]).toBe(before["proxy.db-wal"]);
  });
});

describe("a file that can be used", () => {
  test("is opened, also beside a process that has it open", async () => {
    const directory = await filledDirectory();
    const first = openDatabase(directory);
    const second = openDatabase(directory);
    expect(second.prepare("select count(*) from users").pluck().get()).toBe(200);
    first.close();
    second.close();
  });

  test("may be empty, as a process leaves it that ended while it made the file", async () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, "proxy.db"), "");
    const store = await openStore({ dataDir: directory });
    expect(await store.users.list()).toEqual([]);
    await store.close();
  });

  test("may have nothing but its header", async () => {
    const directory = temporaryDirectory();
    const database = new SqliteDatabase(join(directory, "proxy.db"));
    database.pragma("journal_mode = WAL");
    database.close();
    const store = await openStore({ dataDir: directory });
    expect(await store.users.list()).toEqual([]);
    await store.close();
  });

  test("goes on from the log that a crash left", async () => {
    const directory = await filledDirectory();
    const database = new SqliteDatabase(join(directory, "proxy.db"));
    database.exec("delete from users where name <> 'user-7'");
    const crashed = join(temporaryDirectory(), "data");
    mkdirSync(crashed);
    for (const name of ["proxy.db", "proxy.db-wal"])
      cpSync(join(directory, name), join(crashed, name));
    database.close();
    const store = await openStore({ dataDir: crashed });
    expect((await store.users.list()).map(({ name }) => name)).toEqual(["user-7"]);
    await store.close();
  });

  test("P40: a copy of the directory serves the same users and accounts", async () => {
    const directory = temporaryDirectory();
    const store = await openStore({ dataDir: directory });
    const { user } = await store.users.create({ name: "anna" });
    const { account } = await store.accounts.save({ email: "a@example.com", refreshToken: "1//t" });
    await store.close();
    const copy = join(temporaryDirectory(), "elsewhere");
    cpSync(directory, copy, { recursive: true });
    const moved = await openStore({ dataDir: copy });
    expect(await moved.users.list()).toEqual([user]);
    expect(await moved.accounts.list()).toEqual([account]);
    expect(await moved.accounts.readRefreshToken(account.id)).toBe("1//t");
    await moved.close();
  });
});
