import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { countTests, suiteFilters } from "../../scripts/test-counts.ts";

const root = join(import.meta.dirname, "../..");
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "agp-images-"));
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const HEAD = `import { expect, test } from "vitest";\n`;
const write = (name: string, text: string): void =>
  writeFileSync(join(folder, `${name}.test.ts`), HEAD + text);

/** Runs the suite of the temporary folder. */
function runTests(...args: readonly string[]): Promise<{ exitCode: number; lastLine: string }> {
  const command = [join(root, "scripts/test.mjs"), ...args, "--root", folder, "--maxWorkers=1"];
  return new Promise((resolve) => {
    execFile(process.execPath, command, (error, stdout) => {
      expect(stdout.endsWith("\n")).toBe(true);
      const lastLine = stdout.split("\n").at(-2) ?? "";
      resolve({ exitCode: Number(error?.code ?? 0), lastLine });
    });
  });
}

describe("npm test", { timeout: 120_000 }, () => {
  test("counts what passed, failed and was skipped, and a file that did not load", async () => {
    write("mixed", `test("a", () => {}); test("b", () => expect(1).toBe(2)); test.todo("c");`);
    write("skip", `test.skip("d", () => {}); test("e", () => {});`);
    write("broken", `throw new Error("at load");`);
    expect(await runTests()).toEqual({ exitCode: 1, lastLine: "2 passed, 2 failed, 2 skipped" });
  });

  test("passes, runs a named suite alone, and hands arguments on", async () => {
    write("images", `test("a", () => {}); test("b", () => {});`);
    write("other", `test("c", () => { throw new Error("c"); });`);
    expect(await runTests("images")).toEqual({
      exitCode: 0,
      lastLine: "2 passed, 0 failed, 0 skipped",
    });
    expect(await runTests("images", "-t", "a")).toEqual({
      exitCode: 0,
      lastLine: "1 passed, 0 failed, 1 skipped",
    });
  });

  test("fails when no test ran", async () => {
    expect(await runTests()).toEqual({ exitCode: 1, lastLine: "0 passed, 0 failed, 0 skipped" });
    write("skipped", `test.skip("a", () => {});`);
    expect(await runTests()).toEqual({ exitCode: 1, lastLine: "0 passed, 0 failed, 1 skipped" });
  });

  test("fails on an error outside every test", async () => {
    write("loose", `test("a", () => { void Promise.reject(new Error("loose")); });`);
    expect(await runTests()).toEqual({ exitCode: 1, lastLine: "1 passed, 1 failed, 0 skipped" });
  });

  test("tells the count so far when the runner is killed", async () => {
    write(
      "killed",
      `test("a", () => {});\ntest("b", () => { process.kill(process.ppid, "SIGKILL"); });`,
    );
    const { exitCode, lastLine } = await runTests("--pool=forks");
    expect(lastLine).toMatch(/^[01] passed, 1 failed, 0 skipped$/);
    expect(exitCode).toBe(128 + 9);
  });
});

describe("countTests", () => {
  const file = (status: string, ...outcomes: readonly string[]) => ({
    status,
    assertionResults: outcomes.map((outcome) => ({ status: outcome })),
  });

  test.each([
    ["all passed", [file("passed", "passed", "passed")], 0, [2, 0, 0]],
    [
      "skipped in every way",
      [file("passed", "pending", "todo", "skipped", "passed")],
      0,
      [1, 0, 3],
    ],
    ["a file that did not load", [file("failed"), file("passed", "passed")], 1, [1, 1, 0]],
    ["a failed file with a failed test counts once", [file("failed", "failed")], 1, [0, 1, 0]],
    ["a hook that failed after its tests", [file("failed", "passed")], 1, [1, 1, 0]],
    ["an exit code that no test explains", [file("passed", "passed")], 1, [1, 1, 0]],
    ["nothing", [], 1, [0, 0, 0]],
  ])("%s", (_name, testResults, exitCode, [passed, failed, skipped]) => {
    expect(countTests({ testResults }, undefined, exitCode)).toEqual({ passed, failed, skipped });
  });

  test("without a report, the counts so far and one failure", () => {
    const progress = { passed: 3, failed: 1, skipped: 2 };
    expect(countTests(undefined, progress, 137)).toEqual({ passed: 3, failed: 2, skipped: 2 });
    expect(countTests(undefined, undefined, 1)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });
});

test("each named suite has a script, and each script a suite", async () => {
  const { default: manifest } = await import("../../package.json", { with: { type: "json" } });
  const scripts = Object.entries(manifest.scripts).filter(([, command]) =>
    command.includes("scripts/test.mjs "),
  );
  expect(scripts.map(([name]) => name.slice("test:".length)).toSorted()).toEqual(
    Object.keys(suiteFilters).toSorted(),
  );
});
