import { expect, test } from "vitest";

import { ManualClock } from "./__fixtures__/manual-clock.ts";
import { recordingLogger } from "./__fixtures__/recording-logger.ts";
import { ChangeWatcher } from "./change-watcher.ts";

function watch() {
  const clock = new ManualClock();
  const logger = recordingLogger();
  const state = { version: 1, fails: false };
  const readVersion = () => {
    if (state.fails) throw new Error("no database");
    return state.version;
  };
  return { clock, logger, state, watcher: new ChangeWatcher({ readVersion, clock, logger }) };
}

test("polls four times a second, and calls only after a change", async () => {
  const { clock, state, watcher } = watch();
  let calls = 0;
  watcher.add(() => void calls++);
  clock.advance(10_000);
  await watcher.refresh();
  expect(calls).toBe(0);
  state.version = 2;
  clock.advance(249);
  expect(calls).toBe(0);
  clock.advance(1);
  await Promise.resolve();
  expect(calls).toBe(1);
});

test("nobody listens: no timer runs", () => {
  const { clock, watcher } = watch();
  expect(clock.pendingTimers).toBe(0);
  watcher.add(() => {});
  expect(clock.pendingTimers).toBe(1);
  watcher.close();
  expect(clock.pendingTimers).toBe(0);
});

test("refresh waits for the reload, also for one that another caller began", async () => {
  const { state, watcher } = watch();
  const reload = Promise.withResolvers<void>();
  const order: string[] = [];
  watcher.add(async () => {
    await reload.promise;
    order.push("reloaded");
  });
  state.version = 2;
  const first = watcher.refresh().then(() => order.push("first"));
  const second = watcher.refresh().then(() => order.push("second"));
  reload.resolve();
  await Promise.all([first, second]);
  expect(order).toEqual(["reloaded", "first", "second"]);
});

test("a change during a reload is reloaded again, since that one may have read too early", async () => {
  const { state, watcher } = watch();
  const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let calls = 0;
  watcher.add(() => gates[calls++]?.promise);
  state.version = 2;
  const first = watcher.refresh();
  await Promise.resolve();
  state.version = 3;
  const second = watcher.refresh();
  gates[0]?.resolve();
  gates[1]?.resolve();
  await Promise.all([first, second]);
  expect(calls).toBe(2);
});

test("a listener that fails is logged, and the others are still called", async () => {
  const { state, watcher, logger } = watch();
  let calls = 0;
  watcher.add(() => Promise.reject(new Error("broken")));
  watcher.add(() => void calls++);
  state.version = 2;
  await watcher.refresh();
  expect(calls).toBe(1);
  expect(logger.lines).toMatchObject([{ level: "error" }]);
});

test("a database that does not answer is logged, and no change", async () => {
  const { state, watcher, logger } = watch();
  watcher.add(() => {
    throw new Error("not called");
  });
  state.fails = true;
  await watcher.refresh();
  expect(logger.lines).toMatchObject([{ level: "warn" }]);
});

test("a listener that was taken away is not called", async () => {
  const { state, watcher } = watch();
  let calls = 0;
  const remove = watcher.add(() => void calls++);
  remove();
  state.version = 2;
  await watcher.refresh();
  expect(calls).toBe(0);
});
