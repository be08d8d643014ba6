import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Checkout, oldNode } from "./checkout.ts";

const root = join(import.meta.dirname, "../..");
const pins = JSON.parse(readFileSync(join(root, "scripts/toolchain.json"), "utf8"));
const nodePin = pins.node[`${process.platform}-${process.arch}`];
const ci =
  "ci --ignore-scripts --no-audit --no-fund --prefer-offline --fetch-retry-mintimeout=1000 --fetch-retry-maxtimeout=5000";

let checkout: Checkout;
beforeEach(() => {
  checkout = new Checkout();
});
afterEach(() => checkout.remove());

describe.skipIf(oldNode === undefined)("on a machine whose Node is too old", () => {
  test("gets Node and pnpm, installs, builds, then runs the script with that Node", async () => {
    const { code, stdout, stderr } = await checkout.run(["script.mjs", "a b", "--c"]);
    expect(stderr.split("\n")).toEqual([
      `Getting Node ${nodePin.version} …`,
      `Getting pnpm ${pins.pnpm.version} …`,
      "Installing packages …",
      "Building …",
      "",
    ]);
    expect(stdout).toBe(`${process.version} a b --c\n`);
    expect(code).toBe(0);
    expect(checkout.calls()).toEqual([
      `npm ${ci} ${nodePin.name}@${nodePin.version} sha512-`,
      `npm ${ci} pnpm@${pins.pnpm.version} sha512-`,
      `pnpm install --frozen-lockfile --prefer-offline --config.confirm-modules-purge=false ["",""]`,
      "tsc -b",
    ]);
  });

  test("a Node that does not run here is not kept", async () => {
    const { code, stderr } = await checkout.run(["script.mjs"], { env: { FAKE_NODE: "broken" } });
    expect(code).toBe(1);
    expect(stderr).toContain("This system cannot run that build: install Node 22.19 or newer");
    expect(readdirSync(checkout.file(".toolchain"))).not.toContain(
      `${nodePin.name}-${nodePin.version}`,
    );
  });

  test("a platform without a pinned Node is told so", async () => {
    checkout.write("scripts/toolchain.json", JSON.stringify({ ...pins, node: {} }));
    const { code, stderr } = await checkout.run(["script.mjs"]);
    expect(code).toBe(1);
    expect(stderr).toContain(`no build is pinned for ${process.platform}-${process.arch}`);
    expect(stderr).toContain("install Node 22.19 or newer");
  });
});

describe("with a Node that is new enough", () => {
  test("uses it, and gets pnpm only", async () => {
    checkout.remove();
    checkout = new Checkout(process.execPath);
    const { stdout } = await checkout.run(["script.mjs"]);
    expect(stdout).toBe(`${process.version}\n`);
    expect(checkout.tools()).toEqual(["npm", "pnpm", "tsc"]);
  });
});

describe("what may go wrong in a first run", () => {
  test.each([
    ["network", "ENOTFOUND", "Check the network, HTTPS_PROXY, and the registry"],
    ["disk", "ENOSPC", "The disk is full"],
    ["integrity", "EINTEGRITY", "not what scripts/toolchain.json pins"],
    ["registry", "404 Not Found", "failed"],
  ])("npm: %s", async (fault, sign, hint) => {
    const { code, stdout, stderr } = await checkout.run(["script.mjs"], {
      env: { FAKE_NPM: fault },
    });
    expect(code).toBe(1);
    expect(stdout).toBe("");
    expect(stderr).toMatch(/^Getting \S+ \S+ failed:$/m);
    expect(stderr).toContain(sign);
    expect(stderr).toContain(hint);
    expect((await checkout.run(["script.mjs"])).code).toBe(0);
  });

  test("no npm", async () => {
    const { code, stderr } = await checkout.run(["script.mjs"], { env: { PATH: "/nonexistent" } });
    expect(code).toBe(1);
    expect(stderr).toContain("Install npm beside Node");
  });

  test("a build that fails shows the compiler's words, and is tried again", async () => {
    checkout.write("packages/one/src/index.ts", "TYPE ERROR");
    const { code, stdout, stderr } = await checkout.run(["script.mjs"]);
    expect(code).toBe(1);
    expect(stdout).toBe("");
    expect(stderr).toContain("Building failed:");
    expect(stderr).toContain("packages/one/src/index.ts(1,1): error TS2322: that does not fit");
    checkout.calls();
    checkout.write("packages/one/src/index.ts", "export {};");
    expect((await checkout.run(["script.mjs"])).code).toBe(0);
    expect(checkout.tools()).toEqual(["tsc"]);
  });

  test("a download that was cut off is not used", async () => {
    const first = checkout.start(["script.mjs"], { env: { FAKE_NPM: "hang" } });
    await expect.poll(() => checkout.tools(), { timeout: 10_000 }).toContain("hanging");
    first.child.kill("SIGTERM");
    expect((await first.outcome).code).toBe(128 + 15);
    expect(readdirSync(checkout.file(".toolchain"))).toEqual(["new"]);
    const { code, stdout } = await checkout.run(["script.mjs"]);
    expect([code, stdout]).toEqual([0, `${process.version}\n`]);
  });

  test("--setup does all of it and runs nothing; --no-build leaves the build out", async () => {
    const { code, stdout } = await checkout.run(["--no-build", "script.mjs", "x"]);
    expect([code, stdout]).toEqual([0, `${process.version} x\n`]);
    expect(checkout.tools()).not.toContain("tsc");
    expect(await checkout.run(["--setup"])).toEqual({
      code: 0,
      stdout: "",
      stderr: "Building …\n",
    });
  });
});
