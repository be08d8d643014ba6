import { UserError } from "@agp/core";

/** The SQLite result code of a driver's error (`SQLITE_FULL` …), or undefined for any other error. */
export function sqliteCode(error: unknown): string | undefined {
  const code = codeOf(error);
  return code?.startsWith("SQLITE_") === true ? code : undefined;
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/** Whether the database refused a row by its rules (a duplicate, a missing parent): no fault of disk or file. */
export function isConstraintViolation(error: unknown): boolean {
  return sqliteCode(error)?.startsWith("SQLITE_CONSTRAINT") === true;
}

/**
 * What the user can act upon, as a `UserError` that keeps the error of SQLite or of the file system as its cause; everything
 * else, constraint violations included, comes back as it is.
 */
export function explainStorageError(error: unknown, path: string): unknown {
  const code = codeOf(error);
  const row =
    code === undefined ? undefined : explanations.find(([prefix]) => code.startsWith(prefix));
  if (row === undefined) return error;
  const [, explanation] = row;
  return new UserError(explanation.code, explanation.message(path), {
    nextSteps: explanation.nextSteps,
    cause: error,
  });
}

interface Explanation {
  readonly code: string;
  readonly message: (path: string) => string;
  readonly nextSteps: readonly string[];
}

const corrupt: Explanation = {
  code: "DATABASE_CORRUPT",
  message: (path) => `${path} is damaged, or is no SQLite database. It was left as it is.`,
  nextSteps: [
    "Restore the file from a backup.",
    "Or move it away and start again with an empty one: accounts and users then have to be added anew.",
  ],
};

const notWritable: Explanation = {
  code: "DATA_DIR_NOT_WRITABLE",
  message: (path) => `${path} cannot be written.`,
  nextSteps: [
    "Give the user that runs this program write access to the data directory, or choose another one with --data-dir or DATA_DIR.",
  ],
};

const full: Explanation = {
  code: "DISK_FULL",
  message: (path) => `There is no space left on the disk that holds ${path}.`,
  nextSteps: ["Free some space, or move the data directory to a larger disk."],
};

const failed: Explanation = {
  code: "DISK_FAILED",
  message: (path) => `The disk that holds ${path} failed to read or write.`,
  nextSteps: ["Check that the disk is mounted, healthy and not full, then start again."],
};

const busy: Explanation = {
  code: "DATABASE_BUSY",
  message: (path) => `Another program held ${path} locked for too long.`,
  nextSteps: ["Close other programs that have the file open, then try again."],
};

/** By prefix of SQLite's result code, or by the system's error code; the first that matches wins. */
const explanations: readonly (readonly [string, Explanation])[] = [
  ["SQLITE_FULL", full],
  ["SQLITE_IOERR", failed],
  ["SQLITE_CORRUPT", corrupt],
  ["SQLITE_NOTADB", corrupt],
  ["SQLITE_READONLY", notWritable],
  ["SQLITE_CANTOPEN", notWritable],
  ["SQLITE_PERM", notWritable],
  ["SQLITE_BUSY", busy],
  ["ENOSPC", full],
  ["EDQUOT", full],
  ["EIO", failed],
  ["EACCES", notWritable],
  ["EPERM", notWritable],
  ["EROFS", notWritable],
  ["ENOENT", notWritable],
  ["ENOTDIR", notWritable],
];

/** The error of a file that cannot be read as a database. */
export function corruptDatabase(path: string, cause: unknown): UserError {
  return new UserError(corrupt.code, corrupt.message(path), {
    nextSteps: corrupt.nextSteps,
    cause,
  });
}
