import { expect, test } from "vitest";

import { retrySync } from "./retry-sync.ts";

function failing(times: number, message = "busy") {
  let calls = 0;
  const action = () => {
    calls += 1;
    if (calls <= times) throw new Error(`${message} ${calls}`);
    return "done";
  };
  return { action, calls: () => calls };
}

const options = { isTransient: () => true, attempts: 3, waitMs: 1 };

test("gives the first success", () => {
  const { action, calls } = failing(2);
  expect(retrySync(options, action)).toBe("done");
  expect(calls()).toBe(3);
});

test("throws the last error when the attempts are used up", () => {
  const { action, calls } = failing(5);
  expect(() => retrySync(options, action)).toThrow("busy 3");
  expect(calls()).toBe(3);
});

test("does not repeat what will fail again", () => {
  const { action, calls } = failing(5);
  expect(() => retrySync({ ...options, isTransient: () => false }, action)).toThrow("busy 1");
  expect(calls()).toBe(1);
});
