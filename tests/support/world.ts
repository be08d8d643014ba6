import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { type Emulator, startEmulator } from "@agp/emulator";
import { type Clock, loadConfig, openStore, type RunningServer, startServer } from "@agp/server";
import { pino } from "pino";

/** A real server on a real port with a real database file, and the emulated backend behind it. */
export interface World {
  readonly emulator: Emulator;
  readonly url: string;
  readonly dataDir: string;
  /** Lines of the server's log, as objects. */
  readonly log: readonly Record<string, unknown>[];
  /** Stops the server and starts it again on the same data. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export interface WorldOptions {
  readonly accounts?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** The server's time; by default the system's. */
  readonly clock?: Clock;
  /** Keys of `config.json` that have no variable are written there by the test itself. */
  readonly prepare?: (dataDir: string) => Promise<void> | void;
}

/** Starts one; close it, and everything it made is gone. */
export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const emulator = await startEmulator();
  const dataDir = mkdtempSync(join(tmpdir(), "agp-world-"));
  const store = await openStore({ dataDir });
  for (let index = 0; index < (options.accounts ?? 1); index += 1) {
    const account = emulator.addAccount({ email: `user${index + 1}@example.test` });
    await store.accounts.save({ email: account.email, refreshToken: account.refreshToken });
  }
  await store.close();
  await options.prepare?.(dataDir);
  const log: Record<string, unknown>[] = [];
  const logger = pino(
    { level: "debug", base: null },
    { write: (line) => void log.push(JSON.parse(line)) },
  );
  const start = () =>
    startServer({
      config: loadConfig({ env: { ...emulator.environment, PORT: "0", ...options.env }, dataDir }),
      logger,
      ...(options.clock === undefined ? {} : { clock: options.clock }),
      // Full jitter of nothing: back-off takes no time.
      random: () => 0,
    });
  let server: RunningServer = await start();
  return {
    emulator,
    get url() {
      return server.url;
    },
    dataDir,
    log,
    async restart() {
      await server.stop(0);
      server = await start();
    },
    async close() {
      await server.stop(0);
      await emulator.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
