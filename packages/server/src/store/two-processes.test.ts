import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { expect, test, vi } from "vitest";

import { startChild } from "./__fixtures__/child.ts";
import { temporaryDirectory } from "./__fixtures__/temporary-directory.ts";
import { openStore } from "./open-store.ts";

/** Processes start slowly on a busy machine. */
vi.setConfig({ testTimeout: 60_000 });

test("several processes that open a new directory at once all get the store", async () => {
  const directory = join(temporaryDirectory(), "data");
  const children = ["a", "b", "c"].map((name) =>
    startChild("writer-child.ts", [directory, name, "3"]),
  );
  for (const child of children) expect(await child.line()).toBe("ready");
  for (const child of children) child.send("go\n");
  expect(await Promise.all(children.map((child) => child.line()))).toEqual(
    children.map(() => "done"),
  );
  const store = await openStore({ dataDir: directory });
  expect(await store.users.list()).toHaveLength(9);
  await store.close();
});

test("a command line that edits beside a busy server meets no SQLITE_BUSY, nor does the server", async () => {
  const directory = join(temporaryDirectory(), "data");
  mkdirSync(directory);
  const store = await openStore({ dataDir: directory });
  const { account } = await store.accounts.save({ email: "a@example.com", refreshToken: "1//t" });
  const child = startChild("writer-child.ts", [directory, "cli", "200"]);
  await child.line();
  child.send("go\n");
  const result = child.line();
  const state = { isDone: false };
  void result.then(() => (state.isDone = true));
  let writes = 0;
  while (!state.isDone || writes < 50) {
    await store.users.create({ name: `server-${writes}` });
    // Reads before it writes, as the other process does: this is what fails when a transaction begins without the lock.
    await store.users.rotateKey(`server-${writes}`);
    await store.accounts.update(account.id, { tier: `tier-${writes}` });
    store.sessions.set({ key: `s${writes}`, accountId: account.id, model: "m", updatedAt: writes });
    await store.flush();
    writes += 1;
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(await result).toBe("done");
  const names = (await store.users.list()).map(({ name }) => name);
  expect(names.filter((name) => name.startsWith("cli-"))).toHaveLength(200);
  expect(names.filter((name) => name.startsWith("server-"))).toHaveLength(writes);
  expect(await store.sessions.list(0)).toHaveLength(writes);
  await store.close();
});

test("a server sees another process's edit at its next look, without a restart", async () => {
  const directory = temporaryDirectory();
  const store = await openStore({ dataDir: directory });
  const seen: string[][] = [];
  store.onExternalChange(async () => {
    seen.push((await store.users.list()).map(({ name }) => name));
  });
  await store.users.create({ name: "own" });
  await store.refresh();
  expect(seen).toEqual([]);
  const child = startChild("writer-child.ts", [directory, "cli", "1"]);
  await child.line();
  child.send("go\n");
  expect(await child.line()).toBe("done");
  await store.refresh();
  expect(seen.at(-1)).toEqual(["cli-0", "own"]);
  await store.close();
});
