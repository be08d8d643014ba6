import { readControlToken } from "../secrets/control-token.ts";
import { findRunningServer } from "../store/server-lock.ts";
import type { Command } from "./command.ts";
import { drawTable } from "./table.ts";
import { dataDirectory } from "./with-store.ts";

const TIMEOUT_MS = 5_000;

/** `status`: what the running server says of itself and of its accounts. */
export const statusCommand: Command = {
  name: "status",
  summary: "Show the running server and its accounts.",
  usage: "status",
  flags: {},
  flagHelp: [],
  run: async (input) => {
    const { io } = input;
    const dataDir = dataDirectory(input);
    const running = findRunningServer(dataDir);
    if (running === undefined) {
      io.err(`No server runs on the data directory ${dataDir}. Start one with: npm start\n`);
      return 1;
    }
    const { url } = running;
    const health = await getJson(`${url}/health`, undefined);
    if (health === undefined) {
      io.err(`The server (process ${running.pid}) does not answer at ${url}.\n`);
      return 1;
    }
    const limits = await getJson(`${url}/account-limits`, readControlToken(dataDir));
    if (input.flags["json"] === true) {
      io.out(`${JSON.stringify({ url, health, ...limits }, undefined, 2)}\n`);
      return 0;
    }
    io.out(`${url}  ${text(health["status"])}${reasonOf(health)}\n`);
    const accounts = Array.isArray(limits?.["accounts"]) ? limits["accounts"] : [];
    if (accounts.length > 0) {
      io.out(
        drawTable(
          ["Account", "State"],
          accounts.map((row) => [text(row?.email), text(row?.state)]),
        ),
      );
    }
    return 0;
  },
};

function reasonOf(health: Record<string, unknown>): string {
  return health["reason"] === undefined ? "" : `: ${text(health["reason"])}`;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "-";
}

async function getJson(
  url: string,
  token: string | undefined,
): Promise<Record<string, unknown> | undefined> {
  try {
    const response = await fetch(url, {
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const body: unknown = await response.json();
    return typeof body === "object" && body !== null ? { ...body } : undefined;
  } catch {
    return undefined;
  }
}
