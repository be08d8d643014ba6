import { accessSync, constants, mkdirSync, statSync } from "node:fs";
import { resolve } from "node:path";

import { UserError } from "@agp/core";

/**
 * Makes the data directory (mode 0700) where there is none, and gives its absolute path. Throws DATA_DIR_NOT_WRITABLE when
 * it cannot be made or written, or is no directory.
 */
export function ensureDataDirectory(dataDir: string): string {
  const path = resolve(dataDir);
  try {
    // The mode counts only for directories that are made here.
    mkdirSync(path, { recursive: true, mode: 0o700 });
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw notWritable(path, error);
  }
  if (!statSync(path).isDirectory()) throw notWritable(path, undefined);
  return path;
}

function notWritable(path: string, cause: unknown): UserError {
  const reason = cause instanceof Error && "code" in cause ? ` (${String(cause.code)})` : "";
  return new UserError(
    "DATA_DIR_NOT_WRITABLE",
    `The data directory ${path} cannot be made or written${reason}.`,
    {
      nextSteps: [
        "Give the user that runs this program write access to it, or choose another one with --data-dir or DATA_DIR.",
      ],
      cause,
    },
  );
}
