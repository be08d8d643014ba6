import { describe, expect, test } from "vitest";

import { backends } from "./__fixtures__/backends.ts";
import type { StickySession, Store, StoredLimit } from "./store.ts";

async function addAccount(store: Store, email = "ada@example.com"): Promise<string> {
  const { account } = await store.accounts.save({ email, refreshToken: "1//x" });
  return account.id;
}

describe.each(backends)("sticky sessions in $name", ({ create }) => {
  test("are found at once, and by another process after the flush", async () => {
    const { open } = create();
    const store = await open();
    const accountId = await addAccount(store);
    const session: StickySession = { key: "s1", accountId, model: "m", updatedAt: 5 };
    store.sessions.set(session);
    expect(await store.sessions.find("s1")).toEqual(session);
    await store.flush();
    const other = await open();
    expect(await other.sessions.find("s1")).toEqual(session);
    expect(await other.sessions.find("s2")).toBeUndefined();
  });

  test("survive the store's end without a flush by hand", async () => {
    const { open } = create();
    const store = await open();
    const accountId = await addAccount(store);
    store.sessions.set({ key: "s1", accountId, model: "m", updatedAt: 5 });
    await store.close();
    expect(await (await open()).sessions.find("s1")).toMatchObject({ accountId, model: "m" });
  });

  test("the last word about a conversation counts", async () => {
    const { open } = create();
    const store = await open();
    const [ada, bob] = [await addAccount(store), await addAccount(store, "bob@example.com")];
    store.sessions.set({ key: "s", accountId: ada, model: "m1", updatedAt: 1 });
    await store.flush();
    store.sessions.set({ key: "s", accountId: bob, model: "m2", updatedAt: 2 });
    expect(await store.sessions.list(0)).toEqual([
      { key: "s", accountId: bob, model: "m2", updatedAt: 2 },
    ]);
  });

  test("a list holds what changed since a time, oldest first", async () => {
    const store = await create().open();
    const accountId = await addAccount(store);
    for (const updatedAt of [30, 10, 20]) {
      store.sessions.set({ key: `s${updatedAt}`, accountId, model: "m", updatedAt });
    }
    const keys = (await store.sessions.list(20)).map(({ key }) => key);
    expect(keys).toEqual(["s20", "s30"]);
  });

  test("one of an account that is gone is dropped, and does not hold up the others", async () => {
    const store = await create().open();
    const accountId = await addAccount(store);
    store.sessions.set({ key: "lost", accountId: "acc_gone", model: "m", updatedAt: 1 });
    store.sessions.set({ key: "kept", accountId, model: "m", updatedAt: 1 });
    await store.flush();
    expect((await store.sessions.list(0)).map(({ key }) => key)).toEqual(["kept"]);
    expect(await store.sessions.find("lost")).toBeUndefined();
  });
});

describe.each(backends)("limits in $name", ({ create }) => {
  const limit = (accountId: string, model: string): StoredLimit => ({
    accountId,
    model,
    until: 100,
    class: "quota",
    repetition: 2,
    source: "RetryInfo",
  });

  test("are there after a restart", async () => {
    const { open } = create();
    const store = await open();
    const accountId = await addAccount(store);
    store.limits.set(limit(accountId, "m"));
    store.limits.set({ ...limit(accountId, "m"), until: 200 });
    await store.close();
    const again = await open();
    expect(await again.limits.list()).toEqual([{ ...limit(accountId, "m"), until: 200 }]);
  });

  test("are cleared for one model or for a whole account, in the order of the calls", async () => {
    const store = await create().open();
    const [ada, bob] = [await addAccount(store), await addAccount(store, "bob@example.com")];
    for (const id of [ada, bob])
      for (const model of ["m1", "m2"]) store.limits.set(limit(id, model));
    store.limits.clear(ada, "m1");
    store.limits.clear(bob);
    store.limits.set(limit(bob, "m2"));
    const rest = (await store.limits.list()).map((row) => `${row.accountId} ${row.model}`);
    expect(rest.toSorted()).toEqual([`${ada} m2`, `${bob} m2`].toSorted());
  });
});
