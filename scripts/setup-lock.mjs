// One setup at a time in a checkout, also when two first starts meet.
import * as fs from "node:fs";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

const HEARTBEAT_MS = 2_000;
const SILENT_FOR_MS = 30_000;

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** Of this machine: its process is gone. Of any, a container's too: it has stopped beating. */
function isStale(file) {
  const [pid, host] = fs.readFileSync(file, "utf8").split("@");
  const isGone = host === hostname() && !isAlive(Number(pid));
  return isGone || Date.now() - fs.statSync(file).mtimeMs > SILENT_FOR_MS;
}

async function take(file) {
  const me = `${process.pid}@${hostname()}`;
  for (let hasWaited = false; ;) {
    try {
      fs.writeFileSync(file, me, { flag: "wx" });
      // Who removed a stale lock may have hit one that was new by then: only who stays has it.
      await sleep(50);
      if (fs.readFileSync(file, "utf8") === me) return;
    } catch (error) {
      if (error.code !== "EEXIST" && error.code !== "ENOENT") throw error;
    }
    try {
      if (isStale(file)) fs.rmSync(file, { force: true });
      else if (!hasWaited) console.error("Another start is setting this checkout up; waiting …");
      hasWaited = true;
    } catch (error) {
      if (error.code !== "ENOENT") throw error;
    }
    await sleep(200);
  }
}

/** Runs `work` as the only holder of the lock file, and waits for another holder first. */
export async function withLock(file, work) {
  await take(file);
  const release = () => fs.rmSync(file, { force: true });
  process.once("exit", release);
  const touch = () => fs.utimes(file, new Date(), new Date(), () => {});
  const heartbeat = setInterval(touch, HEARTBEAT_MS);
  try {
    await work();
  } finally {
    clearInterval(heartbeat);
    process.off("exit", release);
    release();
  }
}
