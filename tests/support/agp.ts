import { spawn } from "node:child_process";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");

export interface AgpOptions {
  readonly dataDir: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
}

export interface AgpResult {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The arguments with which Node runs the command line from its sources. */
export const AGP_ARGS = ["--conditions=source", join(ROOT, "packages/server/src/main.ts")];

/** Runs a command as a process of its own, beside the server that a test has started. */
export function runAgp(args: readonly string[], options: AgpOptions): Promise<AgpResult> {
  const child = spawn(process.execPath, [...AGP_ARGS, ...args], {
    env: { PATH: process.env["PATH"], DATA_DIR: options.dataDir, NO_COLOR: "1", ...options.env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let out = "";
  let err = "";
  child.stdout.on("data", (bytes: Buffer) => (out += bytes.toString()));
  child.stderr.on("data", (bytes: Buffer) => (err += bytes.toString()));
  child.stdin.end(options.stdin ?? "");
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, out, err }));
  });
}
