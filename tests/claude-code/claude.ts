import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A home directory and a project of their own for one Claude Code. */
export interface Project {
  readonly dir: string;
  readonly home: string;
  remove(): void;
}

/** Makes them; onboarding and the trust question are answered beforehand. */
export function createProject(): Project {
  const base = mkdtempSync(join(tmpdir(), "agp-claude-"));
  const dir = join(base, "project");
  const home = join(base, "home");
  mkdirSync(dir);
  mkdirSync(home);
  const settings = {
    hasCompletedOnboarding: true,
    theme: "dark",
    projects: { [dir]: { hasTrustDialogAccepted: true } },
  };
  writeFileSync(join(home, ".claude.json"), JSON.stringify(settings));
  return { dir, home, remove: () => rmSync(base, { recursive: true, force: true }) };
}

export interface ClaudeOptions {
  readonly url: string;
  readonly project: Project;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly token?: string;
}

export interface ClaudeResult {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs Claude Code in print mode with a prompt and collects what it prints. */
export function claude(prompt: string, options: ClaudeOptions): Promise<ClaudeResult> {
  const { url, project, args = [], env = {}, token = "test" } = options;
  const binary = process.env["CLAUDE_CODE_BINARY"];
  if (binary === undefined) throw new Error("Run this by npm run test:claude-code");
  const child = spawn(binary, ["-p", prompt, "--dangerously-skip-permissions", ...args], {
    cwd: project.dir,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PATH: process.env["PATH"],
      HOME: project.home,
      TERM: "xterm",
      LANG: "C.UTF-8",
      IS_SANDBOX: "1",
      ANTHROPIC_BASE_URL: url,
      ANTHROPIC_AUTH_TOKEN: token,
      DISABLE_TELEMETRY: "1",
      DISABLE_ERROR_REPORTING: "1",
      DISABLE_AUTOUPDATER: "1",
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
      CLAUDE_CODE_MAX_RETRIES: "2",
      ...env,
    },
  });
  let out = "";
  let err = "";
  child.stdout.on("data", (bytes: Buffer) => (out += bytes.toString()));
  child.stderr.on("data", (bytes: Buffer) => (err += bytes.toString()));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, out, err }));
  });
}
