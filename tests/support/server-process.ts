import { type ChildProcess, spawn } from "node:child_process";

import { AGP_ARGS } from "./agp.ts";

/** A server in a process of its own, as `agp start` runs it. */
export interface ServerProcess {
  readonly url: string;
  /** The lines of its log so far, as they came. */
  readonly log: () => readonly string[];
  kill(signal: NodeJS.Signals): void;
  /** Resolves when the log has a line with the text; rejects when the process ends before. */
  logged(text: string): Promise<void>;
  /** Resolves when the process is gone. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
}

export interface ServerProcessOptions {
  readonly dataDir: string;
  readonly env: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
}

/** Starts one and resolves when it listens; rejects with what it printed when it ends before. */
export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  const child = spawn(process.execPath, [...AGP_ARGS, "start", ...(options.args ?? [])], {
    env: {
      PATH: process.env["PATH"],
      DATA_DIR: options.dataDir,
      NO_COLOR: "1",
      PORT: "0",
      ...options.env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = collect(child);
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.on("close", (code, signal) => resolve({ code, signal }));
  });
  await output.has('"msg":"listening"');
  const line = output.lines().find((text) => text.includes('"msg":"listening"')) ?? "{}";
  return {
    url: (JSON.parse(line) as { readonly url: string }).url,
    log: output.lines,
    kill: (signal) => void child.kill(signal),
    logged: output.has,
    ended,
  };
}

function collect(child: ChildProcess) {
  let out = "";
  let err = "";
  let isClosed = false;
  const waiting = new Set<() => void>();
  const wake = () => {
    for (const check of waiting) check();
  };
  child.stdout?.on("data", (bytes: Buffer) => {
    out += bytes.toString();
    wake();
  });
  child.stderr?.on("data", (bytes: Buffer) => (err += bytes.toString()));
  child.on("close", () => {
    isClosed = true;
    wake();
  });
  const lines = () => out.split("\n").filter((line) => line !== "");
  const has = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const check = () => {
        const isThere = lines().some((line) => line.includes(text));
        if (!isThere && !isClosed) return;
        waiting.delete(check);
        if (isThere) resolve();
        else reject(new Error(`The server ended: ${out}${err}`));
      };
      waiting.add(check);
      check();
    });
  return { lines, has };
}
