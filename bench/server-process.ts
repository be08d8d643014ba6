import { spawn } from "node:child_process";
import { once } from "node:events";
import { get } from "node:http";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

import { endWithUs, stopChild } from "./child-process.ts";

const MAIN = join(import.meta.dirname, "../packages/server/dist/main.js");
const POLL_MS = 2;
const GIVE_UP_MS = 30_000;

export interface StartedServer {
  readonly url: string;
  readonly pid: number;
  /** From the spawn to the first 200 of `/health`. */
  readonly healthyMs: number;
  stop(): Promise<void>;
}

/** Starts the built server as users do; rejects when it does not become healthy in 30 s. */
export async function startBuiltServer(
  env: Readonly<Record<string, string>>,
): Promise<StartedServer> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const startedAt = performance.now();
  const args = [...serverNodeFlags(), MAIN, "start"];
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env["PATH"], ...env, PORT: String(port) },
    stdio: ["ignore", "ignore", "inherit"],
  });
  endWithUs(child);
  while ((await healthStatus(url)) !== 200) {
    if (child.exitCode !== null) throw new Error(`The server ended with ${child.exitCode}`);
    if (performance.now() - startedAt > GIVE_UP_MS) throw new Error("The server is not healthy");
    await pause(POLL_MS);
  }
  const healthyMs = performance.now() - startedAt;
  return { url, pid: child.pid ?? 0, healthyMs, stop: () => stopChild(child) };
}

/** `BENCH_SERVER_FLAGS="--cpu-prof --cpu-prof-dir=…"` profiles the measured server. */
function serverNodeFlags(): string[] {
  return (process.env["BENCH_SERVER_FLAGS"] ?? "").split(" ").filter((flag) => flag !== "");
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  // A server that listens on TCP has an address of this type.
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

function healthStatus(url: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    const request = get(`${url}/health`, { agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    request.on("error", () => resolve(undefined));
  });
}
