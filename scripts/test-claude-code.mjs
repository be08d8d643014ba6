// Runs the real Claude Code against the server. Its package is large: the pinned version is installed on demand, outside
// node_modules, and kept for later runs.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const VERSION = "2.1.330";
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const home = join(root, ".claude-code", VERSION);

const platform = process.platform === "win32" ? "win32" : process.platform;
const binary = join(
  home,
  "node_modules/@anthropic-ai",
  `claude-code-${platform}-${process.arch}`,
  platform === "win32" ? "claude.exe" : "claude",
);

if (!existsSync(binary)) {
  console.error(`Installing Claude Code ${VERSION} for this test…`);
  const draft = `${home}.${process.pid}`;
  mkdirSync(draft, { recursive: true });
  const args = [
    "install",
    "--prefix",
    draft,
    "--no-save",
    "--no-audit",
    "--no-fund",
    "--ignore-scripts",
  ];
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const result = spawnSync(npm, [...args, `@anthropic-ai/claude-code@${VERSION}`], {
    stdio: ["ignore", "inherit", "inherit"],
    shell: process.platform === "win32",
  });
  if (result.status !== 0) {
    console.error(
      "npm could not install Claude Code: the registry must be reachable for this test.",
    );
    process.exit(1);
  }
  if (existsSync(home)) rmSync(draft, { recursive: true, force: true });
  else renameSync(draft, home);
}

const result = spawnSync(
  process.execPath,
  [
    join(root, "scripts/test.mjs"),
    "--config",
    join(root, "vitest.claude-code.config.ts"),
    ...process.argv.slice(2),
  ],
  { stdio: "inherit", cwd: root, env: { ...process.env, CLAUDE_CODE_BINARY: binary } },
);
process.exit(result.status ?? 1);
