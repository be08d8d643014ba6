import { spawnSync } from "node:child_process";
import { existsSync, rmSync, utimesSync } from "node:fs";
import { hostname } from "node:os";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Checkout } from "./checkout.ts";

let checkout: Checkout;
beforeEach(() => {
  checkout = new Checkout();
});
afterEach(() => checkout.remove());

/** The id of a process that has ended. */
const deadPid = (): number => spawnSync(process.execPath, ["-e", ""]).pid;

describe("first runs that meet", () => {
  test("set up once; each then runs its script", async () => {
    const outcomes = await Promise.all(
      ["one", "two", "three"].map((name) => checkout.run(["script.mjs", name])),
    );
    expect(outcomes.map(({ code, stdout }) => [code, stdout.trim()])).toEqual([
      [0, `${process.version} one`],
      [0, `${process.version} two`],
      [0, `${process.version} three`],
    ]);
    const waited = outcomes.filter(({ stderr }) => stderr.includes("Another start"));
    expect(waited).toHaveLength(2);
    const tools = checkout.tools();
    expect(tools.filter((tool) => tool === "pnpm")).toHaveLength(1);
    expect(tools.filter((tool) => tool === "tsc")).toHaveLength(1);
    expect(existsSync(checkout.file(".toolchain/lock"))).toBe(false);
  });

  test("one waits while the other's process lives", async () => {
    checkout.write(".toolchain/lock", `${process.pid}@${hostname()}`);
    const { outcome, printed } = checkout.start(["script.mjs"]);
    await printed("Another start");
    expect(checkout.calls()).toEqual([]);
    rmSync(checkout.file(".toolchain/lock"));
    expect((await outcome).code).toBe(0);
  });

  test("a lock whose process is gone is taken over, by one of two", async () => {
    checkout.write(".toolchain/lock", `${deadPid()}@${hostname()}`);
    const outcomes = await Promise.all([
      checkout.run(["script.mjs"]),
      checkout.run(["script.mjs"]),
    ]);
    expect(outcomes.map(({ code }) => code)).toEqual([0, 0]);
    expect(checkout.tools().filter((tool) => tool === "tsc")).toHaveLength(1);
  });

  test("a lock of another machine counts until its heart stops", async () => {
    checkout.write(".toolchain/lock", `${deadPid()}@another-machine`);
    const { outcome, printed } = checkout.start(["script.mjs"]);
    await printed("Another start");
    const longAgo = new Date(Date.now() - 60_000);
    utimesSync(checkout.file(".toolchain/lock"), longAgo, longAgo);
    expect((await outcome).code).toBe(0);
  });
});
