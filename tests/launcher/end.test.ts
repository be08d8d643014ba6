import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Checkout, follow, oldNode } from "./checkout.ts";

let checkout: Checkout;
beforeAll(async () => {
  checkout = new Checkout();
  checkout.write("exit.mjs", "process.exitCode = Number(process.argv[2]);");
  checkout.write(
    "die.mjs",
    "process.kill(process.pid, process.argv[2]); setInterval(() => {}, 1e6);",
  );
  checkout.write(
    "signals.mjs",
    `
    const seen = [];
    for (const name of ["SIGINT", "SIGHUP", "SIGTERM"]) {
      process.on(name, () => {
        seen.push(name);
        console.log("seen " + seen.join(" ") + ";");
        if (name === "SIGTERM") process.exit(42);
      });
    }
    setInterval(() => {}, 1e6);
    console.log("ready " + process.ppid);
    `,
  );
  await checkout.run(["--setup"]);
});
afterAll(() => checkout.remove());

describe("how a run ends", () => {
  test.each([0, 1, 2, 7, 255])("with the script's exit code %i", async (code) => {
    expect((await checkout.run(["exit.mjs", `${code}`])).code).toBe(code);
  });

  test.each([
    ["SIGTERM", 15],
    ["SIGKILL", 9],
    ["SIGABRT", 6],
  ])("with 128 + n when the script died of %s", async (signal, number) => {
    expect((await checkout.run(["die.mjs", signal])).code).toBe(128 + number);
  });

  test("a script that does not exist fails with its name", async () => {
    const { code, stderr } = await checkout.run(["missing.mjs"]);
    expect(code).toBe(1);
    expect(stderr).toContain("missing.mjs");
  });
});

describe("signals", () => {
  test("reach the script, which alone decides when to end", async () => {
    const { child, outcome, printed } = checkout.start(["signals.mjs"]);
    await printed("ready");
    child.kill("SIGINT");
    await printed("seen SIGINT;");
    child.kill("SIGHUP");
    await printed("seen SIGINT SIGHUP;");
    child.kill("SIGTERM");
    const { code, stdout } = await outcome;
    expect(code).toBe(42);
    expect(stdout).toContain("seen SIGINT SIGHUP SIGTERM;");
  });

  // script(1) gives the launcher a terminal of its own; on a Mac its arguments differ.
  test.skipIf(process.platform !== "linux" || !existsSync("/usr/bin/script"))(
    "Ctrl-C in a terminal arrives once, not twice",
    async () => {
      const command = `exec "${oldNode ?? process.execPath}" scripts/launch.mjs signals.mjs`;
      const child = spawn("/usr/bin/script", ["-qefc", command, "/dev/null"], {
        cwd: checkout.path,
        env: { ...process.env, SHELL: "/bin/sh" },
      });
      const { outcome, output, printed } = follow(child);
      await printed("ready");
      child.stdin.write("\x03");
      await printed("seen SIGINT;");
      // The launcher takes its signals in order: a second SIGINT would be passed on before this.
      process.kill(Number(/ready (\d+)/.exec(output())?.[1]), "SIGTERM");
      const { code, stdout } = await outcome;
      expect(stdout).toContain("seen SIGINT SIGTERM;");
      expect(code).toBe(42);
    },
  );
});
