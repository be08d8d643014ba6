import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { openStore } from "@agp/server";

import { forkPart } from "./child-process.ts";
import type { EmulatorReady } from "./emulator-process.ts";
import type { PassThroughReady } from "./pass-through-process.ts";
import { startBuiltServer, type StartedServer } from "./server-process.ts";
import type { Target } from "./target.ts";

const BACKEND_PATH = "/v1internal:streamGenerateContent?alt=sse";

/** The backend, the pass-through and the data of the server; every part is a process of its own. */
export interface World {
  /** Starts the server; one at a time has the data directory. */
  startServer(): Promise<StartedServer>;
  /** The three ways to an answer, with this server as the third. */
  targets(server: StartedServer): readonly Target[];
  close(): Promise<void>;
}

/** Starts the parts that stay for the whole run. */
export async function startWorld(): Promise<World> {
  const dataDir = mkdtempSync(join(tmpdir(), "agp-bench-"));
  const forget = () => rmSync(dataDir, { recursive: true, force: true });
  process.once("exit", forget);
  const emulator = await forkPart<EmulatorReady>(new URL("emulator-process.ts", import.meta.url));
  const { url, accessToken, environment, email, refreshToken } = emulator.ready;
  const passThrough = await forkPart<PassThroughReady>(
    new URL("pass-through-process.ts", import.meta.url),
    [url, BACKEND_PATH, accessToken],
  );
  const store = await openStore({ dataDir });
  await store.accounts.save({ email, refreshToken });
  await store.close();

  return {
    startServer: () => startBuiltServer({ ...environment, DATA_DIR: dataDir }),
    targets: (server) => [
      {
        name: "direct",
        url,
        path: BACKEND_PATH,
        headers: { authorization: `Bearer ${accessToken}` },
        pid: emulator.pid,
        endMark: '"finishReason"',
      },
      {
        name: "passThrough",
        url: passThrough.ready.url,
        path: "/v1/messages",
        headers: {},
        pid: passThrough.pid,
        endMark: '"finishReason"',
      },
      {
        name: "server",
        url: server.url,
        path: "/v1/messages",
        headers: { "anthropic-version": "2023-06-01" },
        pid: server.pid,
        endMark: "message_stop",
      },
    ],
    async close() {
      await passThrough.stop();
      await emulator.stop();
      forget();
    },
  };
}
