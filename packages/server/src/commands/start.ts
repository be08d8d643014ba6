import { settingsHelp, startFlags } from "../config/setting-rows.ts";
import { loadConfig } from "../config/load-config.ts";
import { createLogger } from "../logging/logger.ts";
import { startServer } from "../start-server.ts";
import { runUntilSignal } from "./run-until-signal.ts";
import type { Command } from "./command.ts";
import { dataDirectory } from "./with-store.ts";

/** `start`: the server in the foreground until a signal ends it. */
export const startCommand: Command = {
  name: "start",
  summary: "Start the server.",
  usage: "start [--port N] [--host ADDRESS] [flags]",
  flags: startFlags,
  flagHelp: settingsHelp,
  run: async (input) => {
    const { io } = input;
    const config = loadConfig({
      env: io.env,
      flags: input.flags,
      dataDir: dataDirectory(input),
    });
    const logger = await createLogger({ level: config.logLevel, isPretty: io.isTerminal });
    const server = await startServer({ config, logger });
    return runUntilSignal(server, logger);
  },
};
