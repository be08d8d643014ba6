import { readFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { post, readAnswer, request } from "../support/client.ts";
import { startWorld, type World } from "../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

const get = async (path: string, headers: Record<string, string> = {}) =>
  readAnswer(await fetch(world.url + path, { headers }));

/** By node:http: fetch sets Host itself. */
function rawGet(
  path: string,
  headers: Record<string, string>,
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const call = httpRequest(world.url + path, { headers }, (response) => {
      let body = "";
      response.on("data", (bytes: Buffer) => (body += bytes.toString()));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
    });
    call.on("error", reject);
    call.end();
  });
}

test("P20: /health answers ok with a usable account, without a key", async () => {
  const answer = await get("/health");
  expect(answer.status).toBe(200);
  expect(answer.body).toMatchObject({ status: "ok", accounts: { total: 1, active: 1 } });
  expect(answer.headers.get("request-id")).toMatch(/^req_/);
});

test("P21: /account-limits?format=table is a table for people, without a key on an open server", async () => {
  const response = await fetch(`${world.url}/account-limits?format=table`);
  const text = await response.text();
  expect(response.headers.get("content-type")).toMatch(/^text\/plain/);
  expect(text).toContain("user1@example.test");
  expect(text).toContain("claude-sonnet-4-6");
});

test("P41: every endpoint of the original answers", async () => {
  const limits = await get("/account-limits");
  expect(limits.body["accounts"]).toMatchObject([{ email: "user1@example.test", state: "active" }]);
  const models = await get("/v1/models?limit=1000");
  expect(models.body).toMatchObject({ has_more: false });
  const before = world.emulator.requests.filter(({ rpc }) => rpc === "token").length;
  const refreshed = await readAnswer(await fetch(`${world.url}/refresh-token`, { method: "POST" }));
  expect(refreshed.body).toMatchObject({ status: "ok" });
  const after = world.emulator.requests.filter(({ rpc }) => rpc === "token").length;
  expect(after).toBe(before + 1);
});

describe("models", () => {
  test("P33: the list pages, holds every model, and names what Claude Code's picker would hide", async () => {
    const ids: string[] = [];
    let after: string | undefined;
    for (;;) {
      const page = await get(
        `/v1/models?limit=5${after === undefined ? "" : `&after_id=${after}`}`,
      );
      const data = page.body["data"] as { id: string }[];
      ids.push(...data.map(({ id }) => id));
      if (page.body["has_more"] !== true) break;
      after = page.body["last_id"] as string;
    }
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toContain("claude-sonnet-4-6");
    expect(ids).toContain("gemini-3-flash");
    expect(ids).toContain("claude-via-gemini-3-flash");
  });

  test("one model by id, also by its hidden name; an unknown one is a 404", async () => {
    expect((await get("/v1/models/claude-via-gemini-3-flash")).body).toMatchObject({
      type: "model",
    });
    const unknown = await get("/v1/models/gpt-9");
    expect(unknown.status).toBe(404);
    expect(unknown.body).toMatchObject({
      type: "error",
      error: { type: "not_found_error", message: "model: gpt-9" },
    });
  });

  test("a limit that is no number is a 400", async () => {
    expect((await get("/v1/models?limit=many")).status).toBe(400);
  });
});

describe("everything else is a proper Anthropic error", () => {
  test.each([
    ["GET", "/v1/nothing", 404, "not_found_error"],
    ["POST", "/v1/messages/batches", 404, "not_found_error"],
    ["GET", "/v1/messages", 405, "invalid_request_error"],
    ["DELETE", "/health", 405, "invalid_request_error"],
    ["GET", "/%ff", 404, "not_found_error"],
  ])("%s %s is %i", async (method, path, status, type) => {
    const answer = await readAnswer(await fetch(world.url + path, { method }));
    expect(answer.status).toBe(status);
    const id = answer.headers.get("request-id");
    expect(answer.body).toMatchObject({ type: "error", error: { type }, request_id: id });
    expect(answer.headers.get("allow") !== null).toBe(status === 405);
  });

  test("HEAD / and GET / are probes", async () => {
    expect((await fetch(world.url, { method: "HEAD" })).status).toBe(200);
    expect((await fetch(world.url)).status).toBe(200);
  });

  test("OPTIONS is 204 without CORS headers", async () => {
    const response = await fetch(`${world.url}/v1/messages`, { method: "OPTIONS" });
    expect(response.status).toBe(204);
    expect(response.headers.get("access-control-allow-origin")).toBeNull();
  });
});

describe("bodies", () => {
  test.each([
    [
      "no JSON",
      '{"model": ',
      /not valid JSON: unexpected end of data: line 1 column 11 \(char 10\)/,
    ],
    ["empty", "", /the body is empty/],
    ["a list", "[]", /./],
  ])("%s is a 400 that says where", async (_name, body, text) => {
    const answer = await post(world.url, body);
    expect(answer.status).toBe(400);
    expect((answer.body["error"] as { message: string }).message).toMatch(text);
  });

  test("a secret in a broken body does not come back", async () => {
    const answer = await post(world.url, '{"model": sk-secret-123}');
    expect(JSON.stringify(answer.body)).not.toContain("sk-secret");
  });

  test("another content type is a 400", async () => {
    const answer = await post(world.url, request(), { "content-type": "text/plain" });
    expect(answer.status).toBe(400);
  });

  test("a compressed body is refused with the code that clients know", async () => {
    const answer = await post(world.url, request(), { "content-encoding": "gzip" });
    expect(answer.body).toMatchObject({
      error: { details: { error_code: "request_body_encoding_unsupported" } },
    });
  });

  test("over 32 MB is a 413 that the client sees", async () => {
    const answer = await post(world.url, `"${"x".repeat(33 * 1024 * 1024)}"`);
    expect(answer.status).toBe(413);
    expect(answer.body).toMatchObject({ error: { type: "request_too_large" } });
  });

  test("nested too deeply is a 400", async () => {
    const depth = 5000;
    const answer = await post(world.url, `{"messages":${"[".repeat(depth)}${"]".repeat(depth)}}`);
    expect(answer.status).toBe(400);
  });
});

describe("guards", () => {
  test("a web page's Origin is refused", async () => {
    const answer = await get("/v1/models", { origin: "https://evil.example" });
    expect(answer.status).toBe(403);
    expect(answer.headers.get("x-should-retry")).toBe("false");
  });

  test("a Host that is not ours is refused", async () => {
    const answer = await rawGet("/health", { host: "evil.example" });
    expect(answer.status).toBe(403);
  });

  test.each(["localhost:1", "127.0.0.1", "[::1]:9"])("Host %s is ours", async (host) => {
    expect((await rawGet("/health", { host })).status).toBe(200);
  });

  test("the control token is an admin's key, and a file of mode 0600", async () => {
    const token = readFileSync(join(world.dataDir, "control.token"), "utf8").trim();
    const response = await fetch(`${world.url}/refresh-token`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}` },
    });
    expect(response.status).toBe(200);
  });
});
