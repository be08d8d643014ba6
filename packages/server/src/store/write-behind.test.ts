import { expect, test } from "vitest";

import { ManualClock } from "./__fixtures__/manual-clock.ts";
import { fillDisk, rawDatabase } from "./__fixtures__/raw-store.ts";
import { recordingLogger } from "./__fixtures__/recording-logger.ts";
import type { PendingLimits } from "./pending-records.ts";
import { WriteBehind } from "./write-behind.ts";

interface Row {
  readonly key: string;
  readonly value: string;
}

function setUp(limits?: PendingLimits) {
  const { raw, database } = rawDatabase();
  const clock = new ManualClock();
  const logger = recordingLogger();
  const writeBehind = new WriteBehind({
    database,
    clock,
    logger,
    ...(limits === undefined ? {} : { limits }),
  });
  const sink = writeBehind.sink<Row>(async (transaction, row) => {
    await transaction
      .insertInto("settings")
      .values(row)
      .onConflict((conflict) => conflict.column("key").doUpdateSet({ value: row.value }))
      .execute();
  });
  const put = (key: string, value = "v") => sink.put(key, { key, value }, value.length);
  const stored = () => raw.prepare("select key from settings order by rowid").pluck().all();
  return { raw, clock, logger, writeBehind, sink, put, stored };
}

const BIG = "x".repeat(20_000);

test("a record is readable at once and on disk 100 ms later", async () => {
  const { clock, writeBehind, sink, put, raw } = setUp();
  put("a");
  expect(sink.pending("a")).toEqual({ key: "a", value: "v" });
  clock.advance(99);
  await writeBehind.flush();
  put("b");
  expect(sink.pending("a")).toBeUndefined();
  clock.advance(100);
  await expect.poll(() => sink.pending("b")).toBeUndefined();
  expect(raw.prepare("select count(*) from settings").pluck().get()).toBe(2);
});

test("many records go in batches, and the timer goes on until all are written", async () => {
  const { clock, sink, put, raw } = setUp();
  for (let index = 0; index < 1000; index++) put(`k${index}`);
  await expect
    .poll(() => {
      clock.advance(100);
      return sink.pendingValues().length;
    })
    .toBe(0);
  expect(raw.prepare("select count(*) from settings").pluck().get()).toBe(1000);
});

test("of the same key the last value is written, once", async () => {
  const { writeBehind, put, raw } = setUp();
  put("a", "1");
  put("b", "1");
  put("a", "2");
  await writeBehind.flush();
  expect(raw.prepare("select key, value from settings").all()).toEqual([
    { key: "a", value: "2" },
    { key: "b", value: "1" },
  ]);
});

test("a value that is put while the old one is being written is written too", async () => {
  const { writeBehind, put, raw } = setUp();
  put("a", "old");
  const flushed = writeBehind.flush();
  put("a", "new");
  await flushed;
  await writeBehind.flush();
  expect(raw.prepare("select value from settings").pluck().all()).toEqual(["new"]);
});

test("a record that is taken back is not written", async () => {
  const { writeBehind, sink, put, raw } = setUp();
  put("a");
  sink.discard("a");
  await writeBehind.flush();
  expect(raw.prepare("select count(*) from settings").pluck().get()).toBe(0);
});

test("a full disk is logged once, nothing is lost, and the records are written when there is room", async () => {
  const { raw, clock, logger, writeBehind, sink, put } = setUp();
  const makeRoom = fillDisk(raw);
  put("a", BIG);
  clock.advance(100);
  await expect.poll(() => logger.lines.length).toBe(1);
  expect(logger.lines[0]).toMatchObject({ level: "error", fields: { code: "DISK_FULL" } });
  put("b", BIG);
  clock.advance(10_000);
  await writeBehind.flush();
  expect(sink.pending("a")).toBeDefined();
  expect(sink.pending("b")).toBeDefined();
  expect(logger.lines).toHaveLength(1);
  makeRoom();
  await expect
    .poll(() => {
      clock.advance(30_000);
      return sink.pendingValues().length;
    })
    .toBe(0);
  expect(raw.prepare("select count(*) from settings").pluck().get()).toBe(2);
  expect(logger.lines.map(({ level }) => level)).toEqual(["error", "info"]);
});

test("what waits for room is bounded in number; the oldest are given up and counted", async () => {
  const { raw, logger, writeBehind, sink, put } = setUp({ maxRecords: 3, maxBytes: 1_000_000 });
  const makeRoom = fillDisk(raw);
  for (const key of ["a", "b", "c", "d", "e"]) put(key, BIG);
  await writeBehind.flush();
  expect(sink.pendingValues().map(({ key }) => key)).toEqual(["c", "d", "e"]);
  makeRoom();
  await writeBehind.flush();
  expect(logger.lines.at(-1)).toMatchObject({ level: "info", fields: { givenUp: 2 } });
});

test("what waits for room is bounded in bytes", async () => {
  const { sink, put } = setUp({ maxRecords: 100, maxBytes: 50_000 });
  for (const key of ["a", "b", "c"]) put(key, BIG);
  expect(sink.pendingValues().map(({ key }) => key)).toEqual(["b", "c"]);
  // Replaced values count once.
  for (let index = 0; index < 10; index++) put("c", BIG);
  expect(sink.pendingValues().map(({ key }) => key)).toEqual(["b", "c"]);
});

test("one record that the database refuses is dropped alone", async () => {
  const { raw, logger, writeBehind, sink, put } = setUp();
  const sessions = writeBehind.sink<string>(async (transaction, account_id) => {
    const row = { key: account_id, account_id, model: "m", updated_at: 1 };
    await transaction.insertInto("sessions").values(row).execute();
  });
  put("a");
  sessions.put("s", "acc_gone");
  put("b");
  await writeBehind.flush();
  expect(raw.prepare("select key from settings order by key").pluck().all()).toEqual(["a", "b"]);
  expect([sink.pendingValues(), sessions.pendingValues()]).toEqual([[], []]);
  expect(logger.lines).toMatchObject([{ level: "warn" }]);
});

test("closing writes what waits, stops the timer, and says what could not be written", async () => {
  const { raw, clock, logger, writeBehind, put } = setUp();
  put("a");
  await writeBehind.close();
  expect(raw.prepare("select key from settings").pluck().all()).toEqual(["a"]);
  expect(clock.pendingTimers).toBe(0);
  fillDisk(raw);
  put("b", BIG);
  await writeBehind.close();
  expect(clock.pendingTimers).toBe(0);
  expect(logger.lines.at(-1)).toMatchObject({ level: "error", fields: { records: 1 } });
});
