import { pino } from "pino";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { RunningServer } from "../start-server.ts";
import { runUntilSignal } from "./run-until-signal.ts";

const logger = pino({ enabled: false });
const exit = vi.spyOn(process, "exit");
let finishStopping: () => void;
let stops: number;

/** Only what the function uses of a server. */
const server = {
  runningRequests: () => 1,
  stop: () => {
    stops += 1;
    return new Promise<void>((resolve) => (finishStopping = resolve));
  },
} as unknown as RunningServer;

beforeEach(() => {
  stops = 0;
  vi.useFakeTimers({ toFake: ["performance"] });
  exit.mockImplementation((() => {}) as () => never);
});
afterEach(() => {
  process.removeAllListeners("SIGTERM").removeAllListeners("SIGINT");
  exit.mockReset();
  vi.useRealTimers();
});

test.each(["SIGTERM", "SIGINT"] as const)("%s drains, then it is done", async (signal) => {
  const ended = runUntilSignal(server, logger);
  process.emit(signal);
  expect(stops).toBe(1);
  finishStopping();
  expect(await ended).toBe(0);
  expect(exit).not.toHaveBeenCalled();
});

test("the same signal through the launcher as well is one signal", async () => {
  const ended = runUntilSignal(server, logger);
  process.emit("SIGTERM");
  vi.advanceTimersByTime(249);
  process.emit("SIGTERM");
  expect([stops, exit.mock.calls]).toEqual([1, []]);
  finishStopping();
  expect(await ended).toBe(0);
});

test("a second signal ends at once", () => {
  void runUntilSignal(server, logger);
  process.emit("SIGINT");
  vi.advanceTimersByTime(250);
  process.emit("SIGINT");
  expect(exit).toHaveBeenCalledWith(130);
});
