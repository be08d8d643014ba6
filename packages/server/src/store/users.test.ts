import { describe, expect, test } from "vitest";

import { hashApiKey } from "../users/api-key.ts";
import { backends } from "./__fixtures__/backends.ts";
import { userErrorOf } from "./__fixtures__/user-error.ts";

describe.each(backends)("users in $name", ({ create }) => {
  test("a new user's key is given once, and only its hash and last four are kept", async () => {
    const { open, clock } = create();
    const store = await open();
    const { user, key } = await store.users.create({ name: "anna", isAdmin: true });
    expect(key).toMatch(/^sk-proxy-[0-9A-Za-z]{40}$/);
    expect(user).toEqual({
      id: expect.stringMatching(/^usr_/),
      name: "anna",
      keyHash: hashApiKey(key),
      keyLastFour: key.slice(-4),
      isAdmin: true,
      createdAt: clock.now(),
      keyCreatedAt: clock.now(),
    });
    expect(await store.users.list()).toEqual([user]);
    expect(JSON.stringify(await store.users.list())).not.toContain(key);
  });

  test("is found by the hash of the key, and by name in any case", async () => {
    const store = await create().open();
    const { user, key } = await store.users.create({ name: "Anna" });
    expect(await store.users.findByKeyHash(hashApiKey(key))).toEqual(user);
    expect(await store.users.findByKeyHash(hashApiKey(`${key}x`))).toBeUndefined();
    expect(await store.users.find("aNNA")).toEqual(user);
    expect(await store.users.find("ann")).toBeUndefined();
    expect(user.isAdmin).toBe(false);
  });

  test("a name that exists, in any case, is refused", async () => {
    const store = await create().open();
    await store.users.create({ name: "anna" });
    const error = await userErrorOf(() => store.users.create({ name: "ANNA" }));
    expect(error.code).toBe("USER_EXISTS");
    expect(error.message).toContain('"ANNA"');
    expect(error.nextSteps.join(" ")).toContain("rotate-key");
    expect(await store.users.list()).toHaveLength(1);
  });

  test("a name that nobody could type is refused before anything is written", async () => {
    const store = await create().open();
    const error = await userErrorOf(() => store.users.create({ name: "a b" }));
    expect(error.code).toBe("USER_NAME_INVALID");
    expect(await store.users.hasEverExisted()).toBe(false);
  });

  test("a rotated key takes the place of the old one", async () => {
    const { open, clock } = create();
    const store = await open();
    const before = await store.users.create({ name: "anna", isAdmin: true });
    clock.advance(1000);
    const after = await store.users.rotateKey("anna");
    expect(after.key).not.toBe(before.key);
    expect(after.user).toEqual({
      ...before.user,
      keyHash: hashApiKey(after.key),
      keyLastFour: after.key.slice(-4),
      keyCreatedAt: clock.now(),
    });
    expect(await store.users.findByKeyHash(hashApiKey(before.key))).toBeUndefined();
    expect(await store.users.findByKeyHash(hashApiKey(after.key))).toEqual(after.user);
  });

  test("a deleted user is gone with its accounts, and other accounts stay", async () => {
    const store = await create().open();
    const { user } = await store.users.create({ name: "anna" });
    const own = { email: "anna@example.com", refreshToken: "1//a", ownerId: user.id };
    const { account } = await store.accounts.save(own);
    const shared = await store.accounts.save({ email: "all@example.com", refreshToken: "1//b" });
    expect(await store.users.delete("Anna")).toEqual({ user, accounts: [account] });
    expect(await store.users.list()).toEqual([]);
    expect(await store.accounts.list()).toEqual([shared.account]);
  });

  test.each(["delete", "rotateKey"] as const)(
    "%s says when there is no such user",
    async (verb) => {
      const store = await create().open();
      const error = await userErrorOf(() => store.users[verb]("nobody"));
      expect(error.code).toBe("USER_NOT_FOUND");
      expect(error.message).toContain('"nobody"');
    },
  );

  test("the first user closes the open mode for good, also after its deletion", async () => {
    const { open } = create();
    const store = await open();
    expect(await store.users.hasEverExisted()).toBe(false);
    await store.users.create({ name: "anna" });
    expect(await store.users.hasEverExisted()).toBe(true);
    await store.users.delete("anna");
    expect(await store.users.hasEverExisted()).toBe(true);
    expect(await (await open()).users.hasEverExisted()).toBe(true);
  });
});
