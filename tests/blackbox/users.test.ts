import { afterEach, beforeEach, expect, test } from "vitest";

import { runAgp } from "../support/agp.ts";
import { post, request } from "../support/client.ts";
import { startWorld, type World } from "../support/world.ts";

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

const agp = (...args: string[]) =>
  runAgp(args, { dataDir: world.dataDir, env: world.emulator.environment });

const keyOf = (out: string): string => /API Key: (sk-proxy-\S+)/.exec(out)?.[1] ?? "";

test("P22: users create prints name and key; the key works at once, and stops working at once", async () => {
  const created = await agp("users", "create", "alice");
  expect(created.code).toBe(0);
  expect(created.out).toMatch(/^Username: alice\nAPI Key: sk-proxy-/);
  const key = keyOf(created.out);
  expect((await post(world.url, request(), { "x-api-key": key })).status).toBe(200);
  expect((await agp("users", "list")).out).toContain("alice");
  expect((await agp("users", "list")).out).not.toContain(key);
  await agp("users", "delete", "alice");
  expect((await post(world.url, request(), { "x-api-key": key })).status).toBe(401);
});

test("P24: a key works as x-api-key and as Bearer; a wrong one is a 401 that no client retries", async () => {
  const key = keyOf((await agp("users", "create", "bob")).out);
  expect((await post(world.url, request(), { "x-api-key": key })).status).toBe(200);
  expect((await post(world.url, request(), { authorization: `Bearer ${key}` })).status).toBe(200);
  const wrong = await post(world.url, request(), { authorization: "Bearer sk-proxy-wrong" });
  expect(wrong.status).toBe(401);
  expect(wrong.headers.get("x-should-retry")).toBe("false");
  expect(JSON.stringify(wrong.body)).not.toContain("sk-proxy-wrong");
  expect((await post(world.url, request())).status).toBe(401);
});

test("an open server takes any key or none, until the first user closes it for good", async () => {
  expect((await post(world.url, request())).status).toBe(200);
  expect((await post(world.url, request(), { authorization: "Bearer test" })).status).toBe(200);
  await agp("users", "create", "carol");
  await agp("users", "delete", "carol");
  expect((await post(world.url, request())).status).toBe(401);
  expect((await fetch(`${world.url}/health`)).status).toBe(200);
});

test("rotate-key replaces the key at once", async () => {
  const old = keyOf((await agp("users", "create", "dave")).out);
  const fresh = keyOf((await agp("users", "rotate-key", "dave")).out);
  expect((await post(world.url, request(), { "x-api-key": old })).status).toBe(401);
  expect((await post(world.url, request(), { "x-api-key": fresh })).status).toBe(200);
});

test("only an admin refreshes tokens", async () => {
  const key = keyOf((await agp("users", "create", "erin")).out);
  const admin = keyOf((await agp("users", "create", "root", "--admin")).out);
  const refresh = async (token: string) =>
    (await fetch(`${world.url}/refresh-token`, { method: "POST", headers: { "x-api-key": token } }))
      .status;
  expect(await refresh(key)).toBe(403);
  expect(await refresh(admin)).toBe(200);
});

test.each([
  [["users", "create"], 2],
  [["users", "create", "a b"], 1],
  [["users", "delete", "nobody"], 1],
  [["users", "creat", "x"], 2],
  [["usres"], 2],
  [["users", "list", "--nonsense"], 2],
])("agp %j exits %i with a reason", async (args, code) => {
  const result = await agp(...args);
  expect(result.code).toBe(code);
  expect(result.err).not.toBe("");
});

test("an account added by the CLI serves at once on the running server", async () => {
  const { email, refreshToken } = world.emulator.addAccount({ email: "late@example.test" });
  const added = await agp("accounts", "add", "--email", email, "--refresh-token", refreshToken);
  expect(added.out).toMatch(/^Added late@example.test. OK: project /);
  await agp("accounts", "remove", "user1@example.test");
  expect((await post(world.url, request())).status).toBe(200);
  expect(
    world.emulator.requests.findLast(({ rpc }) => rpc === "streamGenerateContent")?.email,
  ).toBe(email);
  expect((await agp("accounts", "verify")).code).toBe(0);
  expect((await agp("accounts", "list")).out).toContain("late@example.test");
});
