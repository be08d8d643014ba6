import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test, vi } from "vitest";

import { startChild } from "./__fixtures__/child.ts";
import { temporaryDirectory } from "./__fixtures__/temporary-directory.ts";
import { userErrorOf } from "./__fixtures__/user-error.ts";
import { openStore } from "./open-store.ts";
import { acquireServerLock, findRunningServer } from "./server-lock.ts";

/** Processes start slowly on a busy machine. */
vi.setConfig({ testTimeout: 60_000 });

test("a second server on one data directory is refused, and told which one is there", async () => {
  const directory = temporaryDirectory();
  const child = startChild("server-child.ts", [directory]);
  expect(await child.line()).toBe("locked");
  const error = await userErrorOf(() => acquireServerLock(directory));
  expect(error.code).toBe("DATA_DIR_IN_USE");
  expect(error.message).toContain(`process ${child.pid}`);
  expect(error.message).toContain("http://localhost:1234");
  expect(error.message).toContain(directory);
  expect(error.nextSteps.join(" ")).toContain("DATA_DIR");
  await child.finish();
});

test("the lock ends with the process, also by kill -9", async () => {
  const directory = temporaryDirectory();
  const child = startChild("server-child.ts", [directory]);
  await child.line();
  expect(findRunningServer(directory)).toEqual({
    pid: child.pid,
    url: "http://localhost:1234",
    startedAt: 5,
  });
  await child.kill("SIGKILL");
  expect(existsSync(join(directory, "server.json"))).toBe(true);
  expect(findRunningServer(directory)).toBeUndefined();
  acquireServerLock(directory).release();
});

test("a released lock is free for the next, and nobody is announced", async () => {
  const directory = temporaryDirectory();
  const child = startChild("server-child.ts", [directory]);
  await child.line();
  await child.finish();
  expect(existsSync(join(directory, "server.json"))).toBe(false);
  expect(findRunningServer(directory)).toBeUndefined();
  const next = startChild("server-child.ts", [directory]);
  expect(await next.line()).toBe("locked");
  await next.finish();
});

test("a second server in the same process is refused too, and the first keeps its lock", async () => {
  const directory = temporaryDirectory();
  const lock = acquireServerLock(directory);
  const error = await userErrorOf(() => acquireServerLock(directory));
  expect(error.code).toBe("DATA_DIR_IN_USE");
  const child = startChild("server-child.ts", [directory]);
  expect(await child.line()).toBe("DATA_DIR_IN_USE");
  lock.release();
});

test("the command line may work beside a server", async () => {
  const directory = temporaryDirectory();
  const child = startChild("server-child.ts", [directory]);
  await child.line();
  const store = await openStore({ dataDir: directory });
  await store.users.create({ name: "anna" });
  await store.close();
  expect(findRunningServer(directory)?.pid).toBe(child.pid);
  await child.finish();
});

test("looking for a server does not take its place", () => {
  const directory = temporaryDirectory();
  expect(findRunningServer(directory)).toBeUndefined();
  expect(existsSync(join(directory, "server.lock"))).toBe(false);
});

test("a server that has not said where it listens is not found, and broken word of one neither", () => {
  const directory = temporaryDirectory();
  const lock = acquireServerLock(directory);
  expect(findRunningServer(directory)).toBeUndefined();
  for (const text of ["{", "[]", '{"pid":"1","url":"x","startedAt":1}']) {
    writeFileSync(join(directory, "server.json"), text);
    expect(findRunningServer(directory)).toBeUndefined();
  }
  lock.release();
});

test("lock and word are for their owner only, and the lock stays empty", () => {
  const directory = temporaryDirectory();
  const lock = acquireServerLock(directory);
  lock.announce({ pid: 1, url: "http://localhost:1", startedAt: 2 });
  for (const name of ["server.lock", "server.json"]) {
    expect(statSync(join(directory, name)).mode & 0o777).toBe(0o600);
  }
  expect(statSync(join(directory, "server.lock")).size).toBe(0);
  expect(JSON.parse(readFileSync(join(directory, "server.json"), "utf8"))).toMatchObject({
    pid: 1,
  });
  lock.release();
});
