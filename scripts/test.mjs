// `test.mjs [suite] [vitest's arguments…]`: runs the tests; the last line says the runner's counts.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { countTests, suiteFilters } from "./test-counts.ts";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = mkdtempSync(join(tmpdir(), "agp-tests-"));
const report = join(folder, "report.json");
const progress = join(folder, "progress.json");

const args = process.argv.slice(2);
const filters = Object.hasOwn(suiteFilters, args[0]) ? suiteFilters[args.shift()] : [];
const reporters = ["default", "json", join(root, "scripts/test-counter.mjs")];
const child = spawn(
  process.execPath,
  [
    join(root, "node_modules/vitest/vitest.mjs"),
    "run",
    ...filters,
    ...reporters.map((reporter) => `--reporter=${reporter}`),
    `--outputFile.json=${report}`,
    ...args,
  ],
  { cwd: root, stdio: "inherit", env: { ...process.env, TEST_COUNTS_FILE: progress } },
);
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined; // The run died before it wrote the file, or while it did.
  }
}

child.on("exit", (code, signal) => {
  const exitCode = code ?? 128 + constants.signals[signal];
  const { passed, failed, skipped } = countTests(readJson(report), readJson(progress), exitCode);
  rmSync(folder, { recursive: true, force: true });
  if (passed + failed === 0) console.error("No test ran: that counts as a failure.");
  process.exitCode = passed + failed === 0 ? 1 : failed > 0 && exitCode === 0 ? 1 : exitCode;
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
});
