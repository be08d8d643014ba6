import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { onTestFinished } from "vitest";

/** A process of its own that runs a script of this directory. */
export interface Child {
  readonly pid: number;
  /** The next line that it prints. */
  line(): Promise<string>;
  send(text: string): void;
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Ends its input and waits for its end. */
  finish(): Promise<void>;
}

export function startChild(script: string, args: readonly string[]): Child {
  const path = join(import.meta.dirname, script);
  const child = spawn(process.execPath, ["--conditions=source", path, ...args], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  onTestFinished(() => void child.kill("SIGKILL"));
  return {
    pid: child.pid ?? 0,
    async line() {
      const { value, done } = await lines.next();
      return done === true ? "(ended)" : String(value);
    },
    send: (text) => void child.stdin.write(text),
    async kill(signal) {
      child.kill(signal);
      await exited;
    },
    async finish() {
      child.stdin.end();
      await exited;
    },
  };
}
