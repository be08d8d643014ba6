import { closeSync, openSync } from "node:fs";

/**
 * Makes an empty file with mode 0600 where there is none. An existing one is not even opened: closing it would end the locks
 * that SQLite holds on it in this process.
 *
 * Source: sqlite.org/howtocorrupt.html §2.2.
 */
export function createPrivateFile(path: string): void {
  try {
    closeSync(openSync(path, "wx", 0o600));
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
}
