// `check.mjs [--fix]`: format, types, lint and layers, dead code. Every step runs, also after a failure.
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const isFixing = process.argv.includes("--fix");
const steps = [
  ["format", "oxfmt/bin/oxfmt", isFixing ? ["."] : ["--check", "."]],
  // Before the linter, which knows other packages by the declarations that this writes.
  ["types", "typescript/bin/tsc", ["-b"]],
  ["types of tests", "typescript/bin/tsc", ["-p", "tests"]],
  [
    "lint and layers",
    "oxlint/bin/oxlint",
    ["--type-aware", "--deny-warnings", ...(isFixing ? ["--fix"] : []), "."],
  ],
  ["dead code", "knip/bin/knip.js", []],
  // Without the tests as entries: a file that only its test uses is dead.
  ["dead files", "knip/bin/knip.js", ["--production", "--include", "files,dependencies"]],
];

const failed = [];
for (const [title, tool, args] of steps) {
  const start = performance.now();
  const result = spawnSync(process.execPath, [join(root, "node_modules", tool), ...args], {
    cwd: root,
    encoding: "utf8",
  });
  const isOk = result.status === 0;
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${isOk ? "ok    " : "FAILED"} ${title} (${seconds} s)`);
  if (isOk) continue;
  failed.push(title);
  console.log(`${result.stdout}${result.stderr}${result.error?.message ?? ""}`.trim());
}
if (failed.length > 0) {
  console.log(
    `\ncheck failed: ${failed.join(", ")}. "npm run fix" repairs format and simple lint.`,
  );
  process.exitCode = 1;
}
