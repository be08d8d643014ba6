import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const root = join(import.meta.dirname, "../..");
const LAUNCHER_FILES = [
  "launch.mjs",
  "setup.mjs",
  "setup-lock.mjs",
  "setup-tools.mjs",
  "toolchain.json",
];

function isOld(node: string): boolean {
  if (!existsSync(node)) return false;
  const [major = 0, minor = 0] = execFileSync(node, ["--version"], { encoding: "utf8" })
    .slice(1)
    .split(".")
    .map(Number);
  return major < 22 || (major === 22 && minor < 19);
}

/** A Node of this machine that is too old for the project, if there is one. */
export const oldNode = ["/usr/bin/node", "/usr/local/bin/node"].find(isOld);

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly outcome: Promise<Outcome>;
  /** Resolves when `text` has been printed on either stream. */
  readonly printed: (text: string) => Promise<void>;
  /** Standard output so far. */
  readonly output: () => string;
}

export interface StartOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly entry?: string;
}

/** A tiny checkout around the real launcher, with a npm that only plays at downloading. */
export class Checkout {
  readonly path: string;
  readonly #bin: string;
  readonly #log: string;
  readonly #running = new Set<ChildProcess>();
  readonly #launcherNode: string;
  #linesRead = 0;

  constructor(launcherNode: string = oldNode ?? process.execPath) {
    const base = mkdtempSync(join(tmpdir(), "agp-launcher-"));
    this.path = join(base, "a path with spaces");
    this.#bin = join(base, "bin");
    this.#log = join(base, "log");
    this.#launcherNode = launcherNode;
    for (const file of LAUNCHER_FILES) {
      cpSync(join(root, "scripts", file), join(this.path, "scripts", file));
    }
    this.write("package.json", `{ "type": "module" }`);
    for (const name of ["pnpm-lock.yaml", "pnpm-workspace.yaml"]) this.write(name, "");
    for (const name of ["tsconfig.json", "tsconfig.base.json"]) this.write(name, "{}");
    this.write("packages/one/package.json", "{}");
    this.write("packages/one/tsconfig.json", "{}");
    this.write("packages/one/src/index.ts", "export const one = 1;\n");
    this.write("script.mjs", "console.log(process.version, ...process.argv.slice(2));\n");
    mkdirSync(this.#bin);
    writeFileSync(this.#log, "");
    const fake = readFileSync(join(import.meta.dirname, "fake-npm.mjs"), "utf8");
    writeFileSync(join(this.#bin, "npm"), `#!${process.execPath}\n${fake}`);
    chmodSync(join(this.#bin, "npm"), 0o755);
  }

  file(name: string): string {
    return join(this.path, name);
  }

  read(name: string): string {
    return readFileSync(this.file(name), "utf8");
  }

  write(name: string, text: string): void {
    mkdirSync(dirname(this.file(name)), { recursive: true });
    writeFileSync(this.file(name), text);
  }

  /** What npm, pnpm and tsc were asked for since the last call, one line each. */
  calls(): readonly string[] {
    const lines = readFileSync(this.#log, "utf8").split("\n").slice(0, -1);
    const fresh = lines.slice(this.#linesRead);
    this.#linesRead = lines.length;
    return fresh;
  }

  /** The names of the tools that ran since the last call, in order. */
  tools(): readonly string[] {
    return this.calls().map((line) => line.split(" ")[0] ?? "");
  }

  /** Starts the launcher, in a session of its own: without a terminal, whoever runs the tests. */
  start(args: readonly string[], options: StartOptions = {}): Running {
    const entry = options.entry ?? this.file("scripts/launch.mjs");
    const child = spawn(this.#launcherNode, [entry, ...args], {
      cwd: this.path,
      detached: true,
      env: {
        PATH: `${this.#bin}:/usr/bin:/bin`,
        FAKE_LOG: this.#log,
        FAKE_NODE: process.execPath,
        ...options.env,
      },
    });
    this.#running.add(child);
    child.stdin.end(options.input ?? "");
    return follow(child);
  }

  run(args: readonly string[], options: StartOptions = {}): Promise<Outcome> {
    return this.start(args, options).outcome;
  }

  remove(): void {
    for (const child of this.#running) {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
    }
    rmSync(dirname(this.path), { recursive: true, force: true });
  }
}

/** Collects what a child prints and how it ends. */
export function follow(child: ChildProcess): Running {
  const output = { stdout: "", stderr: "" };
  const waiting = new Set<() => void>();
  for (const name of ["stdout", "stderr"] as const) {
    child[name]?.setEncoding("utf8").on("data", (text: string) => {
      output[name] += text;
      for (const check of waiting) check();
    });
  }
  const outcome = new Promise<Outcome>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, ...output }));
  });
  const printed = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const check = (): void => {
        if (output.stdout.includes(text) || output.stderr.includes(text)) resolve();
      };
      waiting.add(check);
      check();
      outcome.then(() => reject(new Error(`ended without "${text}"`)), reject);
    });
  return { child, outcome, printed, output: () => output.stdout };
}
