import { describe, expect, test } from "vitest";

import { backends } from "./__fixtures__/backends.ts";
import type { RequestRecord } from "./store.ts";

describe.each(backends)("settings in $name", ({ create }) => {
  test("keep any JSON value until it is deleted", async () => {
    const { open } = create();
    const store = await open();
    await store.settings.set("columns", { hidden: ["tier"], width: 3 });
    await store.settings.set("theme", "dark");
    await store.settings.set("theme", "light");
    const other = await open();
    expect(await other.settings.get("columns")).toEqual({ hidden: ["tier"], width: 3 });
    expect(await other.settings.list()).toEqual(
      new Map<string, unknown>([
        ["columns", { hidden: ["tier"], width: 3 }],
        ["theme", "light"],
      ]),
    );
    await other.settings.delete("theme");
    expect(await store.settings.get("theme")).toBeUndefined();
  });
});

describe.each(backends)("the request log in $name", ({ create }) => {
  const full: RequestRecord = {
    id: "req_1",
    startedAt: 1000,
    userId: "usr_1",
    requestedModel: "claude-opus-5-5",
    model: "claude-opus-4-6-thinking",
    accountId: "acc_1",
    isStream: true,
    status: 200,
    errorCode: "x",
    inputTokens: 10,
    outputTokens: 20,
    cacheReadTokens: 5,
    thinkingTokens: 3,
    firstTokenMs: 40,
    totalMs: 90,
    attempts: [{ model: "m", outcome: "ok" }],
    dropped: [{ path: "tools[].strict", rule: "strict", count: 2 }],
  };
  const { userId: _u, model: _m, accountId: _a, errorCode: _e, firstTokenMs: _f, ...short } = full;

  test("gives back every field, and leaves out what was not there", async () => {
    const { open } = create();
    const store = await open();
    store.requests.append(full);
    store.requests.append({ ...short, id: "req_2", isStream: false });
    expect(await store.requests.find("req_1")).toEqual(full);
    await store.flush();
    const other = await open();
    expect(await other.requests.find("req_1")).toEqual(full);
    expect(await other.requests.find("req_2")).toEqual({ ...short, id: "req_2", isStream: false });
    expect(await other.requests.find("req_3")).toBeUndefined();
  });

  test("lists the newest first", async () => {
    const store = await create().open();
    for (const startedAt of [2, 3, 1]) {
      store.requests.append({ ...full, id: `req_${startedAt}`, startedAt });
    }
    const ids = (await store.requests.list({ limit: 2 })).map(({ id }) => id);
    expect(ids).toEqual(["req_3", "req_2"]);
  });
});
