import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";

/** A part of the measurement that runs in a process of its own, so that its CPU and memory are its own as well. */
export interface Child<T> {
  readonly pid: number;
  /** What the process said when it was ready. */
  readonly ready: T;
  stop(): Promise<void>;
}

/** Starts a module of the bench; resolves with its first message, rejects when it ends before. */
export async function forkPart<T>(module: URL, args: readonly string[] = []): Promise<Child<T>> {
  const child = fork(module, args);
  endWithUs(child);
  const ended = once(child, "exit").then(() => {
    throw new Error(`${module.pathname} ended before it was ready`);
  });
  const [ready] = (await Promise.race([once(child, "message"), ended])) as [T];
  ended.catch(() => {});
  return { pid: child.pid ?? 0, ready, stop: () => stopChild(child) };
}

/** Ends a process and resolves when it is gone. */
export async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill();
  await gone;
}

/** A bench that ends early leaves nothing running. */
export function endWithUs(child: ChildProcess): void {
  const kill = () => child.kill();
  process.once("exit", kill);
  child.once("exit", () => process.off("exit", kill));
}
