import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { ManualClock } from "./__fixtures__/manual-clock.ts";
import { fillDisk } from "./__fixtures__/raw-store.ts";
import { recordingLogger } from "./__fixtures__/recording-logger.ts";
import { temporaryDirectory } from "./__fixtures__/temporary-directory.ts";
import { userErrorOf } from "./__fixtures__/user-error.ts";
import { openDatabase } from "./database.ts";
import { composeStore, openStore } from "./open-store.ts";
import type { RequestRecord } from "./store.ts";

const modeOf = (path: string) => statSync(path).mode & 0o777;

test("the directory is made for its owner only, and so is every file in it", async () => {
  const dataDir = join(temporaryDirectory(), "a", "data");
  const store = await openStore({ dataDir });
  await store.accounts.save({ email: "a@example.com", refreshToken: "1//t" });
  expect(modeOf(dataDir)).toBe(0o700);
  const names = readdirSync(dataDir).toSorted();
  expect(names).toEqual(["proxy.db", "proxy.db-shm", "proxy.db-wal", "secret.key"]);
  for (const name of names) expect(modeOf(join(dataDir, name))).toBe(0o600);
  await store.close();
});

test("the refresh token is nowhere in the files", async () => {
  const dataDir = temporaryDirectory();
  const store = await openStore({ dataDir });
  const refreshToken = "1//0eSecretRefreshTokenThatNobodyMaySee";
  await store.accounts.save({ email: "a@example.com", refreshToken });
  const { key } = await store.users.create({ name: "anna" });
  await store.close();
  for (const name of readdirSync(dataDir)) {
    const bytes = readFileSync(join(dataDir, name));
    expect(bytes.includes(refreshToken)).toBe(false);
    expect(bytes.includes(key)).toBe(false);
  }
});

test("the database runs with a log, foreign keys and one sync per checkpoint", () => {
  const database = openDatabase(temporaryDirectory());
  const pragma = (name: string) => database.pragma(name, { simple: true });
  expect([pragma("journal_mode"), pragma("foreign_keys"), pragma("synchronous")]).toEqual([
    "wal",
    1,
    1,
  ]);
  database.close();
});

test("a path under a file, and a file in place of the directory, are refused with the next step", async () => {
  const file = join(temporaryDirectory(), "file");
  writeFileSync(file, "");
  for (const dataDir of [file, join(file, "data")]) {
    const error = await userErrorOf(() => openStore({ dataDir }));
    expect(error.code).toBe("DATA_DIR_NOT_WRITABLE");
    expect(error.message).toContain(dataDir);
    expect(error.nextSteps.join(" ")).toContain("DATA_DIR");
  }
});

test("a directory that may not be written is refused", async () => {
  const error = await userErrorOf(() => openStore({ dataDir: unwritableDirectory() }));
  expect(error.code).toBe("DATA_DIR_NOT_WRITABLE");
  expect(error.nextSteps.join(" ")).toContain("write access");
});

/** No mode stops root, but nobody makes files in a process's list of threads. */
function unwritableDirectory(): string {
  if (process.getuid?.() === 0 && process.platform === "linux") return "/proc/self/task";
  const path = join(temporaryDirectory(), "data");
  mkdirSync(path, { mode: 0o500 });
  return path;
}

test("on a full disk an edit fails with its reason, and what is written behind waits", async () => {
  const dataDir = temporaryDirectory();
  const database = openDatabase(dataDir);
  const logger = recordingLogger();
  const store = composeStore(database, { dataDir, clock: new ManualClock(), logger });
  const { account } = await store.accounts.save({ email: "a@example.com", refreshToken: "1//t" });
  const makeRoom = fillDisk(database);
  const big = "x".repeat(100_000);
  const error = await userErrorOf(() => store.settings.set("big", big));
  expect(error.code).toBe("DISK_FULL");
  const record = { kind: "thinking", thinking: big, family: "claude", model: "m" } as const;
  store.signatures.remember([{ ...record, signature: "s" }], account.id);
  await store.flush();
  const keys = { toolUseIds: [], thinking: [{ thinking: "", signature: "s" }] };
  expect((await store.signatures.load(keys)).origin("s")?.thinking).toBe(big);
  expect(logger.lines.filter(({ level }) => level === "error")).toHaveLength(1);
  makeRoom();
  await store.flush();
  await store.close();
  const again = await openStore({ dataDir });
  expect((await again.signatures.load(keys)).origin("s")?.thinking).toBe(big);
  await again.close();
});

test("lists hold what a full disk has not taken", async () => {
  const dataDir = temporaryDirectory();
  const database = openDatabase(dataDir);
  const store = composeStore(database, { dataDir, clock: new ManualClock() });
  const { account } = await store.accounts.save({ email: "a@example.com", refreshToken: "1//t" });
  const accountId = account.id;
  const limit = { accountId, until: 5, class: "quota", repetition: 1, source: "body" } as const;
  store.limits.set({ ...limit, model: "m1" });
  store.limits.set({ ...limit, model: "m2" });
  store.sessions.set({ key: "s1", accountId, model: "m", updatedAt: 1 });
  await store.flush();
  fillDisk(database);
  const filler = { kind: "thinking", thinking: "x".repeat(100_000), family: "claude" } as const;
  store.signatures.remember([{ ...filler, model: "m", signature: "s" }], accountId);
  store.limits.clear(accountId, "m1");
  store.limits.set({ ...limit, model: "m3" });
  store.sessions.set({ key: "s2", accountId, model: "m", updatedAt: 2 });
  store.requests.append({ ...emptyRequest, id: "req_1" });
  expect((await store.limits.list()).map(({ model }) => model)).toEqual(["m2", "m3"]);
  expect((await store.sessions.list(0)).map(({ key }) => key)).toEqual(["s1", "s2"]);
  expect((await store.requests.list({ limit: 9 })).map(({ id }) => id)).toEqual(["req_1"]);
  await store.close();
});

const emptyRequest: RequestRecord = {
  id: "",
  startedAt: 1,
  requestedModel: "m",
  isStream: false,
  status: 200,
  inputTokens: 0,
  outputTokens: 0,
  cacheReadTokens: 0,
  thinkingTokens: 0,
  totalMs: 1,
  attempts: [],
  dropped: [],
};

test("a closed store leaves no timer behind", async () => {
  const clock = new ManualClock();
  const store = await openStore({ dataDir: temporaryDirectory(), clock });
  store.onExternalChange(() => {});
  const { account } = await store.accounts.save({ email: "a@example.com", refreshToken: "1//t" });
  store.accounts.markUsed(account.id, 1);
  expect(clock.pendingTimers).toBeGreaterThan(0);
  await store.close();
  expect(clock.pendingTimers).toBe(0);
});
