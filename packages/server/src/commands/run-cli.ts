import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";

import { UserError } from "@agp/core";

import { VERSION } from "../version.ts";
import { type Command, COMMON_FLAGS, helpOf, type Io, WRONG_USAGE } from "./command.ts";

interface Group {
  /** First words of its commands. */
  readonly words: readonly string[];
  readonly load: () => Promise<readonly Command[]>;
}

/** Every command by its first word; what one does not need is not loaded. */
const GROUPS: readonly Group[] = [
  { words: ["start"], load: async () => [(await import("./start.ts")).startCommand] },
  { words: ["demo"], load: async () => [(await import("./demo.ts")).demoCommand] },
  { words: ["status"], load: async () => [(await import("./status.ts")).statusCommand] },
  { words: ["accounts"], load: async () => (await import("./accounts.ts")).accountCommands },
  { words: ["users"], load: async () => (await import("./users.ts")).userCommands },
];

/** Runs a command line (without node and script) and resolves to its exit code. */
export async function runCli(argv: readonly string[], io: Io = processIo()): Promise<number> {
  const [word] = argv;
  if (word === "--version" || word === "-v") {
    io.out(`${VERSION}\n`);
    return 0;
  }
  if (word === undefined || word === "--help" || word === "-h" || word === "help") {
    io.out(await overview());
    return word === undefined ? WRONG_USAGE : 0;
  }
  const group = GROUPS.find(({ words }) => words.includes(word));
  if (group === undefined) {
    io.err(`Unknown command "${word}". ${nearest(word)}agp --help lists all commands.\n`);
    return WRONG_USAGE;
  }
  const commands = await group.load();
  const command = findCommand(commands, argv);
  if (command === undefined) {
    const names = commands.map(({ name }) => name).join(", ");
    io.err(`"${word}" needs one of: ${names}. agp ${names.split(",")[0]} --help explains one.\n`);
    return WRONG_USAGE;
  }
  return runCommand(command, argv.slice(command.name.split(" ").length), io);
}

async function runCommand(command: Command, args: readonly string[], io: Io): Promise<number> {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      options: { ...COMMON_FLAGS, ...command.flags },
      allowPositionals: true,
    });
  } catch (error) {
    io.err(`${error instanceof Error ? error.message : String(error)}\n`);
    io.err(`Usage: agp ${command.usage}\n`);
    return WRONG_USAGE;
  }
  if (parsed.values["help"] === true) {
    io.out(helpOf(command));
    return 0;
  }
  // Every flag of ours is a single text or a switch.
  const flags = parsed.values as Readonly<Record<string, string | boolean | undefined>>;
  try {
    return await command.run({ io, positionals: parsed.positionals, flags });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    if (flags["json"] === true) {
      io.err(`${JSON.stringify({ error: { code: error.code, message: error.message } })}\n`);
    } else {
      io.err(`${error.message}\n`);
      for (const step of error.nextSteps) io.err(`  ${step}\n`);
    }
    return 1;
  }
}

/** The command with the longest name that the words begin with. */
function findCommand(commands: readonly Command[], argv: readonly string[]): Command | undefined {
  return commands.find(({ name }) => name.split(" ").every((word, index) => argv[index] === word));
}

async function overview(): Promise<string> {
  const commands = (await Promise.all(GROUPS.map(({ load }) => load()))).flat();
  const width = Math.max(...commands.map(({ name }) => name.length)) + 2;
  return [
    `antigravity-claude-proxy ${VERSION}`,
    "",
    "Usage: agp COMMAND [flags]   (agp COMMAND --help explains one)",
    "",
    ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}${firstSentence(summary)}`),
    "",
  ].join("\n");
}

function firstSentence(summary: string): string {
  return summary.split(/(?<=[.;]) /)[0] ?? summary;
}

/** The command that was probably meant: the one with the most letters in common at its beginning. */
function nearest(word: string): string {
  const words = GROUPS.flatMap((group) => group.words);
  const shared = (candidate: string) => {
    let length = 0;
    while (length < word.length && candidate[length] === word[length]) length += 1;
    return length;
  };
  const best = words.toSorted((a, b) => shared(b) - shared(a))[0];
  return best !== undefined && shared(best) >= 2 ? `Did you mean "${best}"? ` : "";
}

function processIo(): Io {
  return {
    out: (line) => void process.stdout.write(line),
    err: (line) => void process.stderr.write(line),
    stdin: () => text(process.stdin),
    env: process.env,
    isTerminal: process.stdout.isTTY,
  };
}
