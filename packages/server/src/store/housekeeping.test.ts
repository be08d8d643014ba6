import { expect, test } from "vitest";

import { ManualClock } from "./__fixtures__/manual-clock.ts";
import { rawDatabase } from "./__fixtures__/raw-store.ts";
import { recordingLogger } from "./__fixtures__/recording-logger.ts";
import { prune, startHousekeeping } from "./housekeeping.ts";

const DAY_MS = 24 * 60 * 60_000;

function setUp() {
  const { raw, database } = rawDatabase();
  const clock = new ManualClock();
  const options = { database, clock, logger: recordingLogger() };
  const addSignature = (key: string, ageMs: number, sizeBytes = 100) =>
    raw
      .prepare("insert into signatures values (?, 'tool_use', 'gemini', 'm', null, ?, ?, 'v')")
      .run(key, clock.now() - ageMs, sizeBytes);
  const signatures = () => raw.prepare("select key from signatures order by key").pluck().all();
  return { raw, clock, options, addSignature, signatures };
}

test("signatures, sessions and requests go 30 days after their last use", async () => {
  const { raw, clock, options, addSignature, signatures } = setUp();
  addSignature("old", 30 * DAY_MS + 1);
  addSignature("young", 30 * DAY_MS - 1);
  raw.exec(`insert into accounts (id, email, refresh_token, project_is_chosen, status, created_at, updated_at)
    values ('acc', 'a@b', 'x', 0, 'active', 1, 1)`);
  for (const days of [29, 31]) {
    const at = clock.now() - days * DAY_MS;
    raw.prepare("insert into sessions values (?, 'acc', 'm', ?)").run(`s${days}`, at);
    raw
      .prepare(
        "insert into requests values (?, ?, null, 'm', null, null, 0, 200, null, 0, 0, 0, 0, null, 1, '[]', '[]')",
      )
      .run(`r${days}`, at);
  }
  await prune(options);
  expect(signatures()).toEqual(["young"]);
  expect(raw.prepare("select key from sessions").pluck().all()).toEqual(["s29"]);
  expect(raw.prepare("select id from requests").pluck().all()).toEqual(["r29"]);
});

test("past the size the oldest signatures go, and none that was used within a day", async () => {
  const { options, addSignature, signatures } = setUp();
  for (let days = 0; days < 6; days++) addSignature(`d${days}`, days * DAY_MS + 1000, 100);
  await prune({ ...options, maxSignatureBytes: 600 });
  expect(signatures()).toHaveLength(6);
  await prune({ ...options, maxSignatureBytes: 250 });
  expect(signatures()).toEqual(["d0", "d1"]);
  await prune({ ...options, maxSignatureBytes: 0 });
  expect(signatures()).toEqual(["d0"]);
});

test("limits that were over a day ago go", async () => {
  const { raw, clock, options } = setUp();
  raw.exec(`insert into accounts (id, email, refresh_token, project_is_chosen, status, created_at, updated_at)
    values ('acc', 'a@b', 'x', 0, 'active', 1, 1)`);
  for (const days of [-1, 0.5, 2]) {
    raw
      .prepare("insert into account_limits values ('acc', ?, ?, 'quota', 1, 'body')")
      .run(`m${days}`, clock.now() - days * DAY_MS);
  }
  await prune(options);
  const rest = raw.prepare("select model from account_limits order by model").pluck().all();
  expect(rest).toEqual(["m-1", "m0.5"]);
});

test("thousands go in portions", async () => {
  const { raw, options, addSignature, signatures } = setUp();
  raw.transaction(() => {
    for (let index = 0; index < 1700; index++) addSignature(`k${index}`, 40 * DAY_MS);
  })();
  await prune(options);
  expect(signatures()).toEqual([]);
});

test("begins a minute after the start, goes on every hour, and ends when told", async () => {
  const { clock, options, addSignature, signatures } = setUp();
  const stop = startHousekeeping(options);
  addSignature("a", 40 * DAY_MS);
  clock.advance(59_999);
  expect(signatures()).toEqual(["a"]);
  clock.advance(1);
  await expect.poll(signatures).toEqual([]);
  await expect.poll(() => clock.pendingTimers).toBe(1);
  addSignature("b", 40 * DAY_MS);
  clock.advance(60 * 60_000);
  await expect.poll(signatures).toEqual([]);
  await expect.poll(() => clock.pendingTimers).toBe(1);
  stop();
  expect(clock.pendingTimers).toBe(0);
});
