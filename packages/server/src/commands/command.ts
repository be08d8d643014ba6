import type { ParseArgsOptionsConfig } from "node:util";

/** Where a command reads and writes: a terminal, or a test's strings. */
export interface Io {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly stdin: () => Promise<string>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isTerminal: boolean;
}

export interface CommandInput {
  readonly io: Io;
  readonly positionals: readonly string[];
  readonly flags: Readonly<Record<string, string | boolean | undefined>>;
}

export interface Command {
  /** As it is typed, as `accounts add`. */
  readonly name: string;
  readonly summary: string;
  /** The line behind `Usage: agp`, and what each flag means. */
  readonly usage: string;
  readonly flags: ParseArgsOptionsConfig;
  readonly flagHelp: readonly (readonly [flag: string, meaning: string])[];
  /** Resolves to the exit code: 0 done, 1 failed, 2 wrong usage. */
  readonly run: (input: CommandInput) => Promise<number>;
}

/** Exit code of a command that was called wrongly. */
export const WRONG_USAGE = 2;

/** The flags that every command has. */
export const COMMON_FLAGS = {
  help: { type: "boolean", short: "h" },
  json: { type: "boolean" },
  "data-dir": { type: "string" },
} as const satisfies ParseArgsOptionsConfig;

/** A flag's text, or undefined where it was not given. */
export function textFlag(input: CommandInput, name: string): string | undefined {
  const value = input.flags[name];
  return typeof value === "string" ? value : undefined;
}

/** The help of one command, as `--help` prints it. */
export function helpOf(command: Command): string {
  const flags = [
    ...command.flagHelp,
    ["--json", "print JSON"],
    ["--data-dir DIR", "where proxy.db lies (default ./data)"],
    ["-h, --help", "print this"],
  ] as const;
  const width = Math.max(...flags.map(([flag]) => flag.length)) + 2;
  return [
    command.summary,
    "",
    `Usage: agp ${command.usage}`,
    "",
    ...flags.map(([flag, meaning]) => `  ${flag.padEnd(width)}${meaning}`),
    "",
  ].join("\n");
}
