import { describe, expect, test } from "vitest";

import { backends } from "./__fixtures__/backends.ts";
import { userErrorOf } from "./__fixtures__/user-error.ts";

const added = { email: "ada@example.com", refreshToken: "1//token-of-ada" };

describe.each(backends)("accounts in $name", ({ create }) => {
  test("a new account is active, belongs to everybody, and keeps its token apart", async () => {
    const { open, clock } = create();
    const store = await open();
    const { account, isNew } = await store.accounts.save(added);
    expect(isNew).toBe(true);
    expect(account).toEqual({
      id: expect.stringMatching(/^acc_/),
      email: "ada@example.com",
      projectIsChosen: false,
      status: "active",
      createdAt: clock.now(),
      updatedAt: clock.now(),
    });
    expect(await store.accounts.find(account.id)).toEqual(account);
    expect(await store.accounts.readRefreshToken(account.id)).toBe("1//token-of-ada");
    expect(JSON.stringify(await store.accounts.list())).not.toContain("token-of-ada");
  });

  test("saved again it keeps id, project and history, and is active again", async () => {
    const { open, clock } = create();
    const store = await open();
    const { account } = await store.accounts.save({ ...added, projectId: "mine" });
    await store.accounts.update(account.id, {
      status: "invalid",
      statusReason: "revoked",
      validationUrl: "https://accounts.google.com/x",
      restsUntil: 5,
      tier: "free-tier",
    });
    clock.advance(1000);
    const again = await store.accounts.save({ email: "ADA@example.com", refreshToken: "1//new" });
    expect(again.isNew).toBe(false);
    expect(again.account).toEqual({
      ...account,
      projectId: "mine",
      projectIsChosen: true,
      tier: "free-tier",
      updatedAt: clock.now(),
    });
    expect(await store.accounts.readRefreshToken(account.id)).toBe("1//new");
    expect(await store.accounts.list()).toHaveLength(1);
  });

  test("the same address may belong to everybody and to two users", async () => {
    const store = await create().open();
    const anna = await store.users.create({ name: "anna" });
    const bert = await store.users.create({ name: "bert" });
    const shared = await store.accounts.save(added);
    const annas = await store.accounts.save({ ...added, ownerId: anna.user.id });
    const berts = await store.accounts.save({ ...added, ownerId: bert.user.id });
    expect([annas.isNew, berts.isNew]).toEqual([true, true]);
    const ids = [shared, annas, berts].map(({ account }) => account.id);
    const found = await store.accounts.findByEmail("Ada@Example.com");
    expect(found.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
    expect(annas.account.ownerId).toBe(anna.user.id);
    expect(shared.account).not.toHaveProperty("ownerId");
  });

  test("an owner that does not exist is refused", async () => {
    const store = await create().open();
    const error = await userErrorOf(() => store.accounts.save({ ...added, ownerId: "usr_gone" }));
    expect(error.code).toBe("USER_NOT_FOUND");
    expect(await store.accounts.list()).toEqual([]);
  });

  test("an update changes what it names; undefined takes away", async () => {
    const { open, clock } = create();
    const store = await open();
    const { account } = await store.accounts.save(added);
    clock.advance(5);
    const changed = await store.accounts.update(account.id, {
      status: "frozen",
      statusReason: "verify",
      tier: "g1-pro-tier",
    });
    expect(changed).toEqual({
      ...account,
      status: "frozen",
      statusReason: "verify",
      tier: "g1-pro-tier",
      updatedAt: clock.now(),
    });
    const restored = await store.accounts.update(account.id, {
      status: "active",
      statusReason: undefined,
    });
    expect(restored).toEqual({ ...account, tier: "g1-pro-tier", updatedAt: clock.now() });
    expect(await store.accounts.update("acc_gone", { tier: "x" })).toBeUndefined();
  });

  test("a token that Google replaced is the one that is read from then on", async () => {
    const { open } = create();
    const store = await open();
    const { account } = await store.accounts.save(added);
    await store.accounts.storeRefreshToken(account.id, "1//rotated");
    expect(await (await open()).accounts.readRefreshToken(account.id)).toBe("1//rotated");
    await store.accounts.storeRefreshToken("acc_gone", "1//x");
    expect(await store.accounts.readRefreshToken("acc_gone")).toBeUndefined();
  });

  test("a removed account takes its limits and sessions with it", async () => {
    const { open } = create();
    const store = await open();
    const { account } = await store.accounts.save(added);
    store.sessions.set({ key: "s", accountId: account.id, model: "m", updatedAt: 1 });
    store.limits.set({
      accountId: account.id,
      model: "m",
      until: 9,
      class: "quota",
      repetition: 1,
      source: "body",
    });
    store.accounts.markUsed(account.id, 7);
    await store.flush();
    expect(await store.accounts.remove(account.id)).toBe(true);
    expect(await store.accounts.remove(account.id)).toBe(false);
    expect(await store.sessions.list(0)).toEqual([]);
    expect(await store.limits.list()).toEqual([]);
  });

  test("the time of the last use is written behind", async () => {
    const { open } = create();
    const store = await open();
    const { account } = await store.accounts.save(added);
    store.accounts.markUsed(account.id, 77);
    await store.flush();
    expect(await (await open()).accounts.find(account.id)).toEqual({ ...account, lastUsedAt: 77 });
  });

  test("are listed from the oldest to the newest", async () => {
    const { open, clock } = create();
    const store = await open();
    for (const name of ["c", "a", "b"]) {
      await store.accounts.save({ email: `${name}@example.com`, refreshToken: "1//x" });
      clock.advance(1);
    }
    const emails = (await store.accounts.list()).map(({ email }) => email[0]);
    expect(emails).toEqual(["c", "a", "b"]);
  });

  test.each(["", "ada", "a b@example.com", "a@b@c", "ada@example.com\n", `${"a".repeat(65)}@b.c`])(
    "%j is no e-mail address",
    async (email) => {
      const store = await create().open();
      const error = await userErrorOf(() => store.accounts.save({ ...added, email }));
      expect(error.code).toBe("EMAIL_INVALID");
    },
  );

  test.each(["", "two words", "1//x\n", "'quoted’", "x".repeat(4097)])(
    "a token that is %j is refused, and not shown",
    async (refreshToken) => {
      const store = await create().open();
      const error = await userErrorOf(() => store.accounts.save({ ...added, refreshToken }));
      expect(error.code).toBe("REFRESH_TOKEN_INVALID");
      expect(error.message).not.toContain(refreshToken || "undefined");
    },
  );
});
