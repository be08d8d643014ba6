import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import SqliteDatabase from "better-sqlite3";
import type { Database } from "better-sqlite3";
import { expect, test } from "vitest";

import { temporaryDirectory } from "./__fixtures__/temporary-directory.ts";
import { openDatabase } from "./database.ts";
import { APPLICATION_ID, migrate, newestVersion, versionOf } from "./migrate.ts";
import { migrations } from "./migrations/all.ts";
import type { Migration } from "./migrations/migration.ts";

const newest = newestVersion(migrations);

function schemaOf(database: Database): unknown {
  return database
    .prepare("select type, name, tbl_name, sql from sqlite_schema order by name")
    .all();
}

function openAt(version: number): { readonly directory: string; readonly path: string } {
  const directory = temporaryDirectory();
  const some = migrations.filter((migration) => migration.version <= version);
  openDatabase(directory, some).close();
  return { directory, path: join(directory, "proxy.db") };
}

const bytesOf = (path: string) => createHash("sha256").update(readFileSync(path)).digest("hex");

test("versions count up from 1 without gaps", () => {
  const versions = migrations.map(({ version }) => version);
  expect(versions).toEqual(versions.map((_, index) => index + 1));
});

test.each(migrations)("step $version ($name) is what was released", async ({ version, sql }) => {
  // A released step is never edited: files in the field have been through it. A new step gets a line here.
  const digests: Readonly<Record<number, string>> = {
    1: "e21d7c8a114a37dd",
  };
  const text = sql.replaceAll(/\s+/g, " ").trim();
  expect(createHash("sha256").update(text).digest("hex").slice(0, 16)).toBe(digests[version]);
});

test.each(Array.from({ length: newest }, (_, version) => version))(
  "from version %i a file gets to the newest schema",
  (version) => {
    const { directory } = openAt(version);
    const upgraded = openDatabase(directory);
    const fresh = openDatabase(temporaryDirectory());
    expect(versionOf(upgraded)).toBe(newest);
    expect(upgraded.pragma("application_id", { simple: true })).toBe(APPLICATION_ID);
    expect(schemaOf(upgraded)).toEqual(schemaOf(fresh));
    expect(upgraded.pragma("foreign_key_check")).toEqual([]);
    upgraded.close();
    fresh.close();
  },
);

test("data goes through a step", () => {
  const { directory } = openAt(newest);
  const before = openDatabase(directory);
  before.exec("insert into settings values ('theme', '\"dark\"')");
  before.close();
  const step = { version: newest + 1, name: "x", sql: "alter table settings add column note text" };
  const after = openDatabase(directory, [...migrations, step]);
  expect(after.prepare("select * from settings").all()).toEqual([
    { key: "theme", value: '"dark"', note: null },
  ]);
  expect(versionOf(after)).toBe(newest + 1);
  after.close();
});

test("a step that fails leaves the file byte by byte as it was", () => {
  const { directory, path } = openAt(newest);
  const before = bytesOf(path);
  const steps: readonly Migration[] = [
    ...migrations,
    { version: newest + 1, name: "fine", sql: "create table extra (id integer)" },
    {
      version: newest + 2,
      name: "broken",
      sql: "create table more (id integer); drop table missing",
    },
  ];
  expect(() => openDatabase(directory, steps)).toThrow("no such table: missing");
  expect(bytesOf(path)).toBe(before);
  const database = openDatabase(directory);
  expect(versionOf(database)).toBe(newest);
  database.close();
});

test("a process that comes second finds nothing left to do", () => {
  const path = join(temporaryDirectory(), "x.db");
  const [first, second] = [new SqliteDatabase(path), new SqliteDatabase(path)];
  let runs = 0;
  first.function("count_run", () => ++runs);
  second.function("count_run", () => ++runs);
  const step = { version: 1, name: "one", sql: "create table t (id integer); select count_run()" };
  migrate(first, [step]);
  migrate(second, [step]);
  expect(runs).toBe(1);
  expect(versionOf(second)).toBe(1);
  first.close();
  second.close();
});
