import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { startEmulator } from "@agp/emulator";

import { loadConfig } from "../config/load-config.ts";
import { createLogger } from "../logging/logger.ts";
import { type RunningServer, startServer } from "../start-server.ts";
import { openStore } from "../store/open-store.ts";
import { type Command, textFlag } from "./command.ts";
import { playConversation } from "./demo-conversation.ts";
import { runUntilSignal } from "./run-until-signal.ts";

const ACCOUNTS = ["ada", "blaise", "claude", "dorothy"].map((name) => `${name}@example.test`);
const DEFAULT_PORT = 8080;

/** `demo`: the emulated backend and the real server, in a temporary data directory that goes with them. */
export const demoCommand: Command = {
  name: "demo",
  summary: "Try it without a Google account: emulated backend, real server.",
  usage: "demo [--once] [--port N]",
  flags: {
    once: { type: "boolean" },
    headless: { type: "boolean" },
    port: { type: "string" },
    "log-level": { type: "string" },
  },
  flagHelp: [
    ["--once", "play one conversation, print it, and end"],
    ["--headless", "stay up without a dashboard (there is none yet)"],
    [
      "--port N",
      `first port to try (default ${DEFAULT_PORT}); a taken one gives way to a free one`,
    ],
    ["--log-level LEVEL", "how much the server logs (default warn)"],
  ],
  run: async (input) => {
    const { io } = input;
    const emulator = await startEmulator();
    const dataDir = await mkdtemp(join(tmpdir(), "agp-demo-"));
    let server: RunningServer | undefined;
    try {
      await addAccounts(dataDir, (email) => emulator.addAccount({ email }).refreshToken);
      const isOnce = input.flags["once"] === true || !io.isTerminal;
      const level = textFlag(input, "log-level") ?? "warn";
      const logger = await createLogger({ level, isPretty: io.isTerminal });
      const start = async (port: string) => {
        const config = loadConfig({ env: emulator.environment, flags: { port }, dataDir });
        return startServer({ config, logger });
      };
      server = await startOnFreePort(textFlag(input, "port") ?? String(DEFAULT_PORT), start);
      io.out(banner(server.url, emulator.url, dataDir));
      if (!isOnce || input.flags["headless"] === true) return await runUntilSignal(server, logger);
      return await playOnce(server.url, io);
    } finally {
      await server?.stop(0);
      await emulator.close();
      await rm(dataDir, { recursive: true, force: true });
    }
  },
};

async function playOnce(
  url: string,
  io: { out: (text: string) => void; err: (text: string) => void },
): Promise<number> {
  try {
    await playConversation({ url, model: "claude-opus-5-5", print: (line) => io.out(`${line}\n`) });
    io.out("\nThe conversation went through the real server. All went well.\n");
    return 0;
  } catch (error) {
    io.err(`\nThe demo failed: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

async function addAccounts(dataDir: string, tokenOf: (email: string) => string): Promise<void> {
  const store = await openStore({ dataDir });
  try {
    for (const email of ACCOUNTS)
      await store.accounts.save({ email, refreshToken: tokenOf(email) });
  } finally {
    await store.close();
  }
}

/** Starts on the wished port, or on a free one when that is taken. */
async function startOnFreePort(
  port: string,
  start: (port: string) => Promise<RunningServer>,
): Promise<RunningServer> {
  try {
    return await start(port);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "PORT_IN_USE")) throw error;
    return start("0");
  }
}

function banner(url: string, backendUrl: string, dataDir: string): string {
  return [
    `Server            ${url}   (four emulated accounts, data in ${dataDir})`,
    `Emulated backend  ${backendUrl}`,
    "",
    "Point Claude Code at it, in another terminal:",
    `  export ANTHROPIC_BASE_URL=${url}`,
    "  export ANTHROPIC_AUTH_TOKEN=test",
    "  claude",
    "",
    "Ctrl-C ends it.",
    "",
  ].join("\n");
}
