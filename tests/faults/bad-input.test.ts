import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";

import type { Clock } from "@agp/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { AGP_ARGS, runAgp } from "../support/agp.ts";
import { message, post, request } from "../support/client.ts";
import { startWorld, type World } from "../support/world.ts";

const TIMEOUT = 30_000;

let world: World;
/** What the server's clock adds to the true time, ms. */
let offset = 0;
const clock: Clock = {
  now: () => Date.now() + offset,
  after(ms, callback) {
    const timer = setTimeout(callback, ms).unref();
    return () => clearTimeout(timer);
  },
};

beforeAll(async () => {
  world = await startWorld({ clock, env: { MAX_WAIT: "2" } });
});
afterAll(() => world.close());

const generates = () =>
  world.emulator.requests.filter(({ rpc }) => rpc === "streamGenerateContent").length;
const user = (content: unknown) => ({ role: "user", content });
const assistant = (content: unknown) => ({ role: "assistant", content });
const tool = { name: "t", input_schema: { type: "object" } };
const result = { type: "tool_result", tool_use_id: "toolu_1", content: "18" };
const call = { type: "tool_use", id: "toolu_1", name: "t", input: {} };

describe("a request that is wrong is a 400 that says where", () => {
  test.each([
    [
      "a number for a text",
      { messages: [user([{ type: "text", text: 5 }])] },
      "messages.0.content.0.text.text",
    ],
    [
      "a list for an input, three levels down",
      { messages: [user("a"), assistant([{ ...call, input: [] }]), user([result])] },
      "messages.1.content.0.tool_use.input",
    ],
    [
      "a wrong block inside a tool result",
      {
        messages: [
          user("a"),
          assistant([call]),
          user([{ ...result, content: [{ type: "text" }] }]),
        ],
      },
      "messages.2.content.0.tool_result.content.0.text.text",
    ],
    ["a text for max_tokens", { max_tokens: "many" }, "max_tokens"],
    [
      "a schema that is no object",
      { tools: [{ ...tool, input_schema: "none" }] },
      "tools.0.custom.input_schema",
    ],
    ["messages that are no list", { messages: {} }, "messages"],
    ["no message", { messages: [] }, "messages"],
    ["an empty message", { messages: [user("")] }, "messages.0"],
    ["a tool_result without tool_use", { messages: [user([result])] }, "messages.0.content.0"],
    [
      "a tool_use without tool_result",
      { messages: [user("a"), assistant([call]), user("b")] },
      "messages.1",
    ],
  ])(
    "%s",
    async (_name, more, path) => {
      const before = generates();
      const answer = await post(world.url, request(more));
      expect(answer.status).toBe(400);
      expect(answer.body).toMatchObject({ error: { type: "invalid_request_error" } });
      const told = (answer.body["error"] as { readonly message: string }).message;
      expect(told.slice(0, path.length + 2)).toBe(`${path}: `);
      // Nothing of it reaches the backend.
      expect(generates()).toBe(before);
    },
    TIMEOUT,
  );
});

test.each(["claude-sonnet-4-6", "gemini-3-flash"])(
  "a thinking block with a foreign signature goes on (%s)",
  async (model) => {
    const foreign = Buffer.from("signed by somebody else").toString("base64");
    const answer = await message(
      world.url,
      request({
        model,
        max_tokens: 4000,
        thinking: { type: "enabled", budget_tokens: 2000 },
        tools: [tool],
        messages: [
          user("Call it"),
          assistant([{ type: "thinking", thinking: "Hm.", signature: foreign }, call]),
          user([result]),
        ],
      }),
    );
    expect(answer.stop_reason).toBe("end_turn");
  },
  TIMEOUT,
);

describe("a header with control characters", () => {
  test.each([
    ["a name with NUL", "x-a\0b: c"],
    ["a value with NUL", "x-a: b\0c"],
    ["a key with BEL", "x-api-key: sk\x07"],
    ["a line without colon", "nonsense"],
  ])(
    "%s is a 400, and the server lives",
    async (_name, line) => {
      const socket = connect(Number(new URL(world.url).port), "127.0.0.1");
      await once(socket, "connect");
      const answer = text(socket);
      socket.write(
        `GET /health HTTP/1.1\r\nHost: localhost\r\n${line}\r\nConnection: close\r\n\r\n`,
      );
      const raw = await answer;
      expect(raw).toMatch(/^HTTP\/1\.1 400 [^]*\r\nrequest-id: req_/);
      const body: unknown = JSON.parse(raw.slice(raw.indexOf("\r\n\r\n") + 4));
      expect(body).toMatchObject({ type: "error", error: { type: "invalid_request_error" } });
      expect((await fetch(`${world.url}/health`)).status).toBe(200);
    },
    TIMEOUT,
  );
});

describe("a clock that jumps", () => {
  const YEARS = 10 * 365 * 24 * 3_600_000;

  test.each([
    ["forward", YEARS],
    ["back", -YEARS],
  ])(
    "%s between requests: the next ones are served",
    async (_name, jump) => {
      offset = 0;
      await message(world.url, request());
      offset = jump;
      expect((await message(world.url, request())).stop_reason).toBe("end_turn");
      offset = 0;
      expect((await message(world.url, request())).stop_reason).toBe("end_turn");
    },
    TIMEOUT,
  );

  test(
    "back in the middle of a request: it is answered, and its record has no negative time",
    async () => {
      offset = 0;
      const held = message(world.url, request({ messages: [user("[[gate jump]] [[text done]]")] }));
      await world.emulator.waitFor((event) => event.type === "gate" && event.name === "jump");
      offset = -3_600_000;
      world.emulator.openGate("jump");
      expect((await held).stop_reason).toBe("end_turn");
      const line = world.log.findLast(({ msg }) => msg === "request");
      expect(line?.["totalMs"]).toBeGreaterThanOrEqual(0);
      offset = 0;
    },
    TIMEOUT,
  );
});

const FULL_DISK = "/dev/full";

test.skipIf(!existsSync(FULL_DISK))(
  "a full disk behind the log: the server serves on, and still ends well",
  async () => {
    const dataDir = mkdtempSync(join(tmpdir(), "agp-full-"));
    const log = openSync(FULL_DISK, "w");
    const child = spawn(process.execPath, [...AGP_ARGS, "start"], {
      env: { PATH: process.env["PATH"], DATA_DIR: dataDir, PORT: "0", LOG_LEVEL: "debug" },
      stdio: ["ignore", log, "ignore"],
    });
    const ended = once(child, "close");
    try {
      let url = "";
      // Its log cannot say where it listens: `status` does.
      await expect
        .poll(
          async () => {
            const status = await runAgp(["status", "--json"], { dataDir });
            if (status.code === 0) url = (JSON.parse(status.out) as { readonly url: string }).url;
            return status.code;
          },
          { timeout: TIMEOUT },
        )
        .toBe(0);
      for (let index = 0; index < 3; index += 1) {
        // No account: each gives a line of the log, and the honest answer.
        expect((await post(url, request())).status).toBe(503);
      }
      child.kill("SIGTERM");
      expect(await ended).toEqual([0, null]);
    } finally {
      child.kill("SIGKILL");
      await ended;
      closeSync(log);
      rmSync(dataDir, { recursive: true, force: true });
    }
  },
  2 * TIMEOUT,
);
