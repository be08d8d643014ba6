import { UserError } from "@agp/core";
import SqliteDatabase from "better-sqlite3";
import { expect, test } from "vitest";

import { explainStorageError, isConstraintViolation, sqliteCode } from "./storage-error.ts";

const errorOf = (code: string) =>
  code.startsWith("SQLITE_")
    ? new SqliteDatabase.SqliteError("driver's words", code)
    : Object.assign(new Error("system's words"), { code });

test.each([
  ["SQLITE_FULL", "DISK_FULL"],
  ["SQLITE_IOERR", "DISK_FAILED"],
  ["SQLITE_IOERR_WRITE", "DISK_FAILED"],
  ["SQLITE_CORRUPT", "DATABASE_CORRUPT"],
  ["SQLITE_CORRUPT_INDEX", "DATABASE_CORRUPT"],
  ["SQLITE_NOTADB", "DATABASE_CORRUPT"],
  ["SQLITE_READONLY", "DATA_DIR_NOT_WRITABLE"],
  ["SQLITE_READONLY_DIRECTORY", "DATA_DIR_NOT_WRITABLE"],
  ["SQLITE_CANTOPEN", "DATA_DIR_NOT_WRITABLE"],
  ["SQLITE_PERM", "DATA_DIR_NOT_WRITABLE"],
  ["SQLITE_BUSY", "DATABASE_BUSY"],
  ["SQLITE_BUSY_SNAPSHOT", "DATABASE_BUSY"],
  ["ENOSPC", "DISK_FULL"],
  ["EDQUOT", "DISK_FULL"],
  ["EIO", "DISK_FAILED"],
  ["EACCES", "DATA_DIR_NOT_WRITABLE"],
  ["EROFS", "DATA_DIR_NOT_WRITABLE"],
])("%s is %s, with the path, a next step and the cause", (code, ours) => {
  const cause = errorOf(code);
  const error = explainStorageError(cause, "/data/proxy.db");
  if (!(error instanceof UserError)) throw new Error("no UserError");
  expect(error.code).toBe(ours);
  expect(error.message).toContain("/data/proxy.db");
  expect(error.nextSteps.length).toBeGreaterThan(0);
  expect(error.cause).toBe(cause);
});

test.each([
  errorOf("SQLITE_CONSTRAINT_UNIQUE"),
  errorOf("SQLITE_ERROR"),
  errorOf("EMFILE"),
  new TypeError("a bug"),
  "a string",
])("%s comes back as it is", (error) => {
  expect(explainStorageError(error, "/data/proxy.db")).toBe(error);
});

test("constraint violations and codes are recognised, and nothing else", () => {
  expect(isConstraintViolation(errorOf("SQLITE_CONSTRAINT_FOREIGNKEY"))).toBe(true);
  expect(isConstraintViolation(errorOf("SQLITE_BUSY"))).toBe(false);
  expect(sqliteCode(errorOf("SQLITE_FULL"))).toBe("SQLITE_FULL");
  expect(sqliteCode(Object.assign(new Error("x"), { code: "ENOENT" }))).toBeUndefined();
  expect(sqliteCode(undefined)).toBeUndefined();
});
