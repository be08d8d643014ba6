import {
  type BigIntStats,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Checkout } from "./checkout.ts";

let checkout: Checkout;
beforeAll(async () => {
  checkout = new Checkout();
  await checkout.run(["script.mjs"]);
  checkout.calls();
});
afterAll(() => checkout.remove());

/** The tools that the launcher needs for the next run. */
async function toolsOfNextRun(): Promise<readonly string[]> {
  const { code } = await checkout.run(["script.mjs"]);
  expect(code).toBe(0);
  return checkout.tools();
}

function snapshot(folder: string): Record<string, BigIntStats["mtimeNs"]> {
  const times: Record<string, bigint> = { [folder]: statSync(folder, { bigint: true }).mtimeNs };
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    times[path] = statSync(path, { bigint: true }).mtimeNs;
  }
  return times;
}

describe("a later run", () => {
  test("is quiet, needs no npm, and writes nothing: a built checkout may be read-only", async () => {
    const before = snapshot(checkout.path);
    const start = performance.now();
    const outcome = await checkout.run(["script.mjs"], { env: { PATH: "/nonexistent" } });
    console.log(`a later run of a tiny script took ${Math.round(performance.now() - start)} ms`);
    expect(outcome).toEqual({ code: 0, stdout: `${process.version}\n`, stderr: "" });
    expect(snapshot(checkout.path)).toEqual(before);
  });

  test("builds when a source changed, and only then", async () => {
    checkout.write("packages/one/src/index.ts", "export const one = 2;\n");
    expect(await toolsOfNextRun()).toEqual(["tsc"]);
    expect(checkout.read("packages/one/dist/index.js")).toBe("export const one = 2;\n");
    expect(await toolsOfNextRun()).toEqual([]);
  });

  test("does not build for a file that was only touched, nor for a test", async () => {
    utimesSync(checkout.file("packages/one/src/index.ts"), new Date(), new Date());
    checkout.write("packages/one/src/index.test.ts", "a test");
    checkout.write("packages/one/src/__fixtures__/a.ts", "a fixture");
    expect(await toolsOfNextRun()).toEqual([]);
  });

  test("builds when a source came or went, and leaves no output of what went", async () => {
    checkout.write("packages/one/src/two.ts", "export const two = 2;\n");
    expect(await toolsOfNextRun()).toEqual(["tsc"]);
    rmSync(checkout.file("packages/one/src/two.ts"));
    expect(await toolsOfNextRun()).toEqual(["tsc"]);
    expect(readdirSync(checkout.file("packages/one/dist"))).not.toContain("two.js");
  });

  test("builds when the output or a compiler option changed", async () => {
    rmSync(checkout.file("packages/one/dist"), { recursive: true });
    expect(await toolsOfNextRun()).toEqual(["tsc"]);
    checkout.write("tsconfig.base.json", `{ "compilerOptions": {} }`);
    expect(await toolsOfNextRun()).toEqual(["tsc"]);
  });

  test.each(["pnpm-lock.yaml", "pnpm-workspace.yaml", "packages/one/package.json"])(
    "installs and builds when %s changed",
    async (name) => {
      checkout.write(name, `${checkout.read(name)}\n`);
      expect(await toolsOfNextRun()).toEqual(["pnpm", "tsc"]);
      expect(await toolsOfNextRun()).toEqual([]);
    },
  );

  test("installs when node_modules is gone", async () => {
    rmSync(checkout.file("node_modules"), { recursive: true });
    expect(await toolsOfNextRun()).toEqual(["pnpm"]);
  });

  test("takes no folder for a package that another branch left behind", async () => {
    mkdirSync(checkout.file("packages/gone/dist"), { recursive: true });
    expect(await toolsOfNextRun()).toEqual([]);
    rmSync(checkout.file("packages/gone"), { recursive: true });
  });
});

describe("what reaches the script", () => {
  test("standard input, and the working directory", async () => {
    checkout.write(
      "input.mjs",
      "process.stdin.pipe(process.stdout); process.stderr.write(process.cwd());",
    );
    const { stdout, stderr } = await checkout.run(["input.mjs"], { input: "typed\n" });
    expect([stdout, stderr]).toEqual(["typed\n", checkout.path]);
  });

  test("NODE_OPTIONS and NODE_ENV, which the setup does not see", async () => {
    checkout.write("env.mjs", "console.log(process.env.NODE_OPTIONS, process.env.NODE_ENV);");
    checkout.write("pnpm-lock.yaml", "changed");
    const env = { NODE_OPTIONS: "--no-deprecation", NODE_ENV: "production" };
    const { stdout } = await checkout.run(["env.mjs"], { env });
    expect(stdout).toBe("--no-deprecation production\n");
    expect(checkout.calls()[0]).toBe(
      `pnpm install --frozen-lockfile --prefer-offline --config.confirm-modules-purge=false ["",""]`,
    );
  });

  test("as a command on PATH: all arguments go to the server's command line", async () => {
    const main = "console.log('server', ...process.argv.slice(2));";
    checkout.write("packages/server/package.json", "{}");
    checkout.write("packages/server/tsconfig.json", "{}");
    checkout.write("packages/server/src/main.ts", main);
    const entry = checkout.file("agp");
    symlinkSync(checkout.file("scripts/launch.mjs"), entry);
    const { stdout } = await checkout.run(["accounts", "list"], { entry });
    expect(stdout).toBe("server accounts list\n");
    expect((await checkout.run([], { entry })).stdout).toBe("server\n");
  });
});
