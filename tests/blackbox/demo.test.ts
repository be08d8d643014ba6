import { createServer } from "node:net";

import { expect, test } from "vitest";

import { runAgp } from "../support/agp.ts";

const TIMEOUT = 120_000;

const demo = (...args: string[]) =>
  // The demo makes a data directory of its own: this one must stay untouched.
  runAgp(["demo", "--once", ...args], { dataDir: "/nonexistent" });

test(
  "demo --once plays a conversation with thinking, parallel tools and a cached turn",
  async () => {
    const result = await demo("--port", "0");
    expect(result.err).toBe("");
    expect(result.code).toBe(0);
    expect(result.out).toMatch(/^ {2}export ANTHROPIC_BASE_URL=http:\/\/\S+:\d+$/m);
    expect(result.out).toMatch(/^ {2}\(thinks\) /m);
    expect(result.out.match(/^ {2}\[get_weather /gm)).toHaveLength(2);
    expect(result.out).toMatch(/ [1-9]\d* cached, /);
    expect(result.out).toContain("All went well.");
  },
  TIMEOUT,
);

test(
  "a port that is taken gives way to a free one",
  async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, "127.0.0.1", resolve));
    const address = holder.address();
    const taken = typeof address === "object" && address !== null ? address.port : 0;
    const result = await demo("--port", String(taken));
    await new Promise((resolve) => void holder.close(resolve));
    expect(result.code).toBe(0);
    const port = /ANTHROPIC_BASE_URL=http:\/\/\S+:(\d+)/.exec(result.out)?.[1];
    expect(port).toMatch(/^\d+$/);
    expect(port).not.toBe(String(taken));
  },
  TIMEOUT,
);
