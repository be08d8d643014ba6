import { randomBytes } from "node:crypto";
import { linkSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

import { UserError } from "@agp/core";

import { explainStorageError } from "../store/storage-error.ts";

/** Bits that let anybody but the owner read or write. */
const OTHERS = 0o077;

/**
 * The trimmed text of a file that only its owner may read, or undefined when there is none. Throws
 * SECRET_FILE_PERMISSIONS when others may read it (Windows has no such bits) and SECRET_FILE_EMPTY.
 */
export function readSecretFile(path: string): string | undefined {
  const mode = modeOf(path);
  if (mode === undefined) return undefined;
  if (process.platform !== "win32" && (mode & OTHERS) !== 0) {
    throw new UserError(
      "SECRET_FILE_PERMISSIONS",
      `${path} holds a secret, and its mode ${(mode & 0o777).toString(8).padStart(4, "0")} lets others read it.`,
      {
        nextSteps: [
          `Run: chmod 600 ${path}`,
          "If others had access to this machine, replace the secret.",
        ],
      },
    );
  }
  const text = readFileSync(path, "utf8").trim();
  if (text === "") {
    throw new UserError("SECRET_FILE_EMPTY", `${path} is empty.`, {
      nextSteps: ["Restore it from a backup, or remove it so that a new one is made."],
    });
  }
  return text;
}

/** Reads the file, or makes it with mode 0600. When two processes come at once, both get the first one's text. */
export function readOrCreateSecretFile(path: string, make: () => string): string {
  const existing = readSecretFile(path);
  if (existing !== undefined) return existing;
  // Linked into place complete: nobody ever sees half a secret, and an existing file is never replaced.
  const draft = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString("hex")}`);
  try {
    writeFileSync(draft, `${make()}\n`, { mode: 0o600, flag: "wx" });
    linkSync(draft, path);
  } catch (error) {
    if (!isCode(error, "EEXIST")) throw explainStorageError(error, path);
  } finally {
    rmSync(draft, { force: true });
  }
  const text = readSecretFile(path);
  if (text === undefined) throw new Error(`${path} vanished while it was made`);
  return text;
}

function modeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.mode;
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
