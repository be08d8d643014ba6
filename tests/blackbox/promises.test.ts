import { readFileSync } from "node:fs";
import { join } from "node:path";

import { openStore } from "@agp/server";
import { expect, test } from "vitest";

import { runAgp } from "../support/agp.ts";
import { post, request, stream } from "../support/client.ts";
import { startWorld } from "../support/world.ts";

const HOUR_MS = 3_600_000;

test("P37: a limited account comes back by itself after the reset", async () => {
  let offset = 0;
  const clock = {
    now: () => Date.now() + offset,
    after: (ms: number, callback: () => void) => {
      const timer = setTimeout(callback, ms);
      timer.unref();
      return () => clearTimeout(timer);
    },
  };
  const world = await startWorld({ clock, env: { MAX_WAIT: "2" } });
  try {
    const limited = request({
      messages: [{ role: "user", content: "Hello [[fault 429-quota times=1]]" }],
    });
    const calls = () =>
      world.emulator.requests.filter(({ rpc }) => rpc === "streamGenerateContent").length;
    expect((await post(world.url, limited)).status).toBe(429);
    const before = calls();
    expect((await post(world.url, limited)).status).toBe(429);
    // The limited account was not asked again.
    expect(calls()).toBe(before);
    offset = 3 * HOUR_MS;
    expect((await post(world.url, limited)).status).toBe(200);
  } finally {
    await world.close();
  }
});

test("P23: use is tracked per user, also for streamed requests", async () => {
  const world = await startWorld();
  try {
    const options = { dataDir: world.dataDir, env: world.emulator.environment };
    const created = await runAgp(["users", "create", "alice", "--json"], options);
    const { key } = JSON.parse(created.out) as { readonly key: string };
    await post(world.url, request(), { "x-api-key": key });
    await stream(world.url, request(), { "x-api-key": key });
    await world.restart();
    const store = await openStore({ dataDir: world.dataDir });
    const alice = await store.users.find("alice");
    const records = await store.requests.list({ limit: 10 });
    await store.close();
    expect(records.map(({ userId, isStream }) => [userId, isStream])).toEqual([
      [alice?.id, true],
      [alice?.id, false],
    ]);
    for (const { inputTokens, outputTokens } of records) {
      expect(inputTokens).toBeGreaterThan(0);
      expect(outputTokens).toBeGreaterThan(0);
    }
  } finally {
    await world.close();
  }
});

test.each(["signatures", "multiturn", "streaming", "interleaved", "images", "caching"])(
  "P42: npm run test:%s is there and has its suite",
  (suite) => {
    const root = join(import.meta.dirname, "../..");
    const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
      readonly scripts: Readonly<Record<string, string>>;
    };
    expect(scripts[`test:${suite}`]).toBe(`node scripts/launch.mjs scripts/test.mjs ${suite}`);
    expect(readFileSync(join(root, `tests/suites/${suite}.test.ts`), "utf8")).toMatch(/test\(/);
  },
);
