import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { type Emulator, startEmulator } from "@agp/emulator";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { runAgp } from "../support/agp.ts";
import { message, post, request } from "../support/client.ts";
import { type ServerProcess, startServerProcess } from "../support/server-process.ts";

const TIMEOUT = 60_000;

let emulator: Emulator;
let dataDir: string;
const running: ServerProcess[] = [];

beforeEach(async () => {
  emulator = await startEmulator();
  dataDir = mkdtempSync(join(tmpdir(), "agp-process-"));
});
afterEach(async () => {
  for (const server of running.splice(0)) {
    server.kill("SIGKILL");
    await server.ended;
  }
  await emulator.close();
  rmSync(dataDir, { recursive: true, force: true });
}, TIMEOUT);

const agp = (args: readonly string[], env: Record<string, string> = {}, directory = dataDir) =>
  runAgp(args, { dataDir: directory, env: { ...emulator.environment, ...env } });

async function start(env: Record<string, string> = {}, args: readonly string[] = []) {
  const server = await startServerProcess({
    dataDir,
    env: { ...emulator.environment, ...env },
    args,
  });
  running.push(server);
  return server;
}

async function addAccount(): Promise<string> {
  const { email, refreshToken } = emulator.addAccount({ email: "one@example.test" });
  const added = await agp(["accounts", "add", "--email", email, "--refresh-token", refreshToken]);
  expect(added.code).toBe(0);
  return refreshToken;
}

/** A port that was free a moment ago, or one that stays taken until it is released. */
async function takePort(): Promise<{ port: number; release: () => Promise<void> }> {
  const holder = createServer();
  await new Promise<void>((resolve) => holder.listen(0, "127.0.0.1", resolve));
  const address = holder.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    port: address.port,
    release: () => new Promise((resolve) => void holder.close(() => resolve())),
  };
}

describe("start", () => {
  test(
    "P10: /health answers on the port that PORT names, and start says where it listens",
    async () => {
      const { port, release } = await takePort();
      await release();
      const server = await start({ PORT: String(port) });
      expect(server.url).toMatch(new RegExp(`^http://(?:localhost|127\\.0\\.0\\.1):${port}$`));
      expect((await fetch(`http://localhost:${port}/health`)).status).toBe(200);
    },
    TIMEOUT,
  );

  test(
    "--port wins over PORT",
    async () => {
      const { port, release } = await takePort();
      await release();
      const server = await start({ PORT: "1" }, ["--port", String(port)]);
      expect(new URL(server.url).port).toBe(String(port));
    },
    TIMEOUT,
  );

  test(
    "a taken port: exit 1, and what to do",
    async () => {
      const { port, release } = await takePort();
      const result = await agp(["start"], { PORT: String(port) });
      await release();
      expect(result.code).toBe(1);
      expect(result.err).toContain(`Port ${port} of 127.0.0.1 is taken`);
      expect(result.err).toContain("Choose another one with PORT or --port");
      const json = await agp(["status", "--json"]);
      expect(json.code).toBe(1);
    },
    TIMEOUT,
  );

  test(
    "a second server on the same data directory is refused, and the first one serves on",
    async () => {
      const server = await start();
      const second = await agp(["start", "--json"], { PORT: "0" });
      expect(second.code).toBe(1);
      expect(JSON.parse(second.err)).toMatchObject({
        error: { code: "DATA_DIR_IN_USE", message: expect.stringContaining(server.url) },
      });
      expect((await fetch(`${server.url}/health`)).status).toBe(200);
    },
    TIMEOUT,
  );

  test(
    "a data directory that cannot be made",
    async () => {
      // Modes do not stop root, a file in place of a directory does.
      const file = join(dataDir, "file");
      writeFileSync(file, "");
      const result = await agp(["start", "--json"], { PORT: "0" }, join(file, "data"));
      expect(result.code).toBe(1);
      expect(JSON.parse(result.err)).toMatchObject({ error: { code: "DATA_DIR_NOT_WRITABLE" } });
    },
    TIMEOUT,
  );

  test(
    "a broken config.json is named with line and column",
    async () => {
      writeFileSync(join(dataDir, "config.json"), '{\n  "port": 8080,\n  oops\n}\n');
      const result = await agp(["start"], { PORT: "0" });
      expect(result.code).toBe(1);
      expect(result.err).toMatch(/config\.json is no JSON: line 3, column 3/);
    },
    TIMEOUT,
  );

  test(
    "a wrong value is named with its source",
    async () => {
      const result = await agp(["start", "--json"], { PORT: "eighty" });
      expect(result.code).toBe(1);
      expect(JSON.parse(result.err)).toMatchObject({
        error: { code: "CONFIG_INVALID", message: expect.stringMatching(/PORT.*eighty/) },
      });
    },
    TIMEOUT,
  );
});

describe("signals", () => {
  const held = () =>
    request({
      stream: true,
      messages: [{ role: "user", content: "[[text begun]] [[gate held]] [[text finished]]" }],
    });

  /** Opens a stream and resolves when it waits at the gate. */
  async function holdStream(url: string): Promise<Response> {
    const response = await fetch(`${url}/v1/messages`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(held()),
    });
    await emulator.waitFor((event) => event.type === "gate" && event.name === "held");
    return response;
  }

  test(
    "SIGTERM: no new requests, the running stream finishes, exit 0",
    async () => {
      await addAccount();
      const server = await start();
      const response = await holdStream(server.url);
      server.kill("SIGTERM");
      await server.logged('"msg":"stopping');
      const refused = await post(server.url, request()).then(
        ({ status }) => status,
        () => "refused",
      );
      expect([503, "refused"]).toContain(refused);
      emulator.openGate("held");
      const text = await response.text();
      expect(text).toContain("finished");
      expect(text).toContain("event: message_stop");
      expect(await server.ended).toEqual({ code: 0, signal: null });
    },
    TIMEOUT,
  );

  test(
    "a second signal ends at once",
    async () => {
      await addAccount();
      const server = await start();
      const response = await holdStream(server.url);
      const text = response.text().catch(() => "broken");
      server.kill("SIGTERM");
      await server.logged('"msg":"stopping');
      // One that follows at once counts as the same signal, passed on twice: so again, until it is taken.
      const again = setInterval(() => server.kill("SIGTERM"), 50);
      const end = await server.ended;
      clearInterval(again);
      expect(end).toEqual({ code: 130, signal: null });
      expect(await text).toBe("broken");
    },
    TIMEOUT,
  );

  test(
    "kill -9: the next start works, and the account is still there",
    async () => {
      await addAccount();
      const first = await start();
      await message(first.url, request());
      first.kill("SIGKILL");
      await first.ended;
      expect((await agp(["status"])).code).toBe(1);
      const second = await start();
      expect((await message(second.url, request())).stop_reason).toBe("end_turn");
      expect((await agp(["accounts", "list"])).out).toContain("one@example.test");
    },
    TIMEOUT,
  );
});

describe("other commands", () => {
  test(
    "status without a server says how to start one",
    async () => {
      const result = await agp(["status"]);
      expect(result.code).toBe(1);
      expect(result.err).toContain("npm start");
    },
    TIMEOUT,
  );

  test(
    "status with a server shows address, state and accounts",
    async () => {
      await addAccount();
      const server = await start();
      const result = await agp(["status"]);
      expect(result.code).toBe(0);
      expect(result.out).toContain(`${server.url}  ok`);
      expect(result.out).toMatch(/one@example\.test +active/);
      const json = JSON.parse((await agp(["status", "--json"])).out) as Record<string, unknown>;
      expect(json).toMatchObject({ url: server.url, health: { status: "ok" } });
    },
    TIMEOUT,
  );

  test(
    "--help lists every command, --version is a version",
    async () => {
      const help = await agp(["--help"]);
      expect(help.code).toBe(0);
      for (const name of ["start", "demo", "status", "accounts add", "users create"]) {
        expect(help.out).toContain(`  ${name} `);
      }
      const version = await agp(["--version"]);
      expect([version.code, version.out]).toEqual([
        0,
        expect.stringMatching(/^\d+\.\d+\.\d+\S*\n$/),
      ]);
    },
    TIMEOUT,
  );

  test(
    "an unknown command names the nearest one",
    async () => {
      const result = await agp(["stat"]);
      expect(result.code).toBe(2);
      expect(result.err).toMatch(/Unknown command "stat"\. Did you mean "sta(?:rt|tus)"\?/);
    },
    TIMEOUT,
  );
});

test(
  "the log is JSON lines, without key, token or content",
  async () => {
    const refreshToken = await addAccount();
    const created = await agp(["users", "create", "alice"]);
    const key = /sk-proxy-\S+/.exec(created.out)?.[0] ?? "";
    expect(key).not.toBe("");
    const server = await start({ LOG_LEVEL: "debug" });
    const messages = [{ role: "user", content: "a most private sentence" }];
    expect((await post(server.url, request({ messages }), { "x-api-key": key })).status).toBe(200);
    expect((await post(server.url, request(), { "x-api-key": "sk-proxy-unknown" })).status).toBe(
      401,
    );
    await post(server.url, '{"model": "a most private sentence"', { "x-api-key": key });
    server.kill("SIGTERM");
    expect((await server.ended).code).toBe(0);
    const lines = server.log();
    expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toContain("request");
    const access = emulator.accessToken("one@example.test");
    const text = lines.join("\n");
    for (const secret of [key, refreshToken, "sk-proxy-unknown", "private sentence", access]) {
      expect(text).not.toContain(secret);
    }
  },
  TIMEOUT,
);
