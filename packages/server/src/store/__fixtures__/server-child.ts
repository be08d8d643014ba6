/** Holds the lock of a data directory until it is killed, or releases it when its stdin ends. Prints one line when ready. */
import { acquireServerLock } from "../server-lock.ts";

const [, , dataDir = ""] = process.argv;
try {
  const lock = acquireServerLock(dataDir);
  lock.announce({ pid: process.pid, url: "http://localhost:1234", startedAt: 5 });
  process.stdin.on("end", () => lock.release()).resume();
  process.stdout.write("locked\n");
} catch (error) {
  const code = error instanceof Error && "code" in error ? String(error.code) : "?";
  process.stdout.write(`${code}\n`);
}
