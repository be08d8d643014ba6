import { rmSync } from "node:fs";
import { join } from "node:path";

import SqliteDatabase from "better-sqlite3";
import { expect, test } from "vitest";

import { temporaryDirectory } from "./__fixtures__/temporary-directory.ts";
import { userErrorOf } from "./__fixtures__/user-error.ts";
import { openStore } from "./open-store.ts";

const account = { email: "a@example.com", refreshToken: "1//the-token" };

/** A data directory with one account, whose id it gives. */
async function withAccount(dataDir: string, dataKey?: string): Promise<string> {
  const store = await openStore({ dataDir, dataKey });
  const { account: added } = await store.accounts.save(account);
  await store.close();
  return added.id;
}

test.each([undefined, "a passphrase", Buffer.alloc(32, 7).toString("base64")])(
  "with the key %j a token can be read again",
  async (dataKey) => {
    const dataDir = temporaryDirectory();
    const id = await withAccount(dataDir, dataKey);
    const store = await openStore({ dataDir, dataKey });
    expect(await store.accounts.readRefreshToken(id)).toBe("1//the-token");
    await store.close();
  },
);

test.each([
  ["another text", "a passphrase", "another", "DATA_KEY_WRONG", "DATA_KEY is not the key"],
  [
    "none, where there was one",
    "a passphrase",
    undefined,
    "DATA_KEY_MISSING",
    "DATA_KEY is not set",
  ],
  [
    "one, where there was none",
    undefined,
    "a passphrase",
    "DATA_KEY_WRONG",
    "DATA_KEY is not the key",
  ],
])("%s: says so, and writes nothing under it", async (_name, right, wrong, code, message) => {
  const dataDir = temporaryDirectory();
  const id = await withAccount(dataDir, right);
  const store = await openStore({ dataDir, dataKey: wrong });
  const edits = [
    () => store.accounts.readRefreshToken(id),
    () => store.accounts.save({ email: "b@example.com", refreshToken: "1//x" }),
    () => store.accounts.storeRefreshToken(id, "1//y"),
  ];
  for (const edit of edits) {
    const error = await userErrorOf(edit);
    expect(error.code).toBe(code);
    expect(error.message).toContain(message);
    expect(error.message).not.toContain("passphrase");
    expect(error.nextSteps.join(" ")).toContain("remove the accounts");
  }
  expect(await store.accounts.list()).toHaveLength(1);
  await store.close();
});

test("what needs no key works without it", async () => {
  const dataDir = temporaryDirectory();
  const id = await withAccount(dataDir);
  rmSync(join(dataDir, "secret.key"));
  const store = await openStore({ dataDir });
  await store.users.create({ name: "anna" });
  expect(await store.accounts.list()).toHaveLength(1);
  await store.accounts.update(id, { status: "disabled" });
  await store.close();
});

test("with a lost key the way out works: remove the accounts, add them again", async () => {
  const dataDir = temporaryDirectory();
  const id = await withAccount(dataDir);
  rmSync(join(dataDir, "secret.key"));
  const store = await openStore({ dataDir });
  expect((await userErrorOf(() => store.accounts.save(account))).code).toBe("DATA_KEY_MISSING");
  await store.accounts.remove(id);
  const added = await store.accounts.save(account);
  expect(await store.accounts.readRefreshToken(added.account.id)).toBe("1//the-token");
  await store.close();
});

test("a server takes over a key that another process began anew with", async () => {
  const dataDir = temporaryDirectory();
  const id = await withAccount(dataDir);
  const server = await openStore({ dataDir });
  await server.accounts.readRefreshToken(id);
  const cli = await openStore({ dataDir });
  await cli.accounts.remove(id);
  rmSync(join(dataDir, "secret.key"));
  const { account: added } = await cli.accounts.save(account);
  await cli.close();
  expect(await server.accounts.readRefreshToken(added.id)).toBe("1//the-token");
  await server.close();
});

test("a token that was copied to another account's row is not read there", async () => {
  const dataDir = temporaryDirectory();
  await withAccount(dataDir);
  const store = await openStore({ dataDir });
  const other = await store.accounts.save({ email: "b@example.com", refreshToken: "1//other" });
  const raw = new SqliteDatabase(join(dataDir, "proxy.db"));
  raw.exec(
    "update accounts set refresh_token = (select refresh_token from accounts order by created_at limit 1)",
  );
  raw.close();
  const error = await userErrorOf(() => store.accounts.readRefreshToken(other.account.id));
  expect(error.code).toBe("DATA_KEY_WRONG");
  await store.close();
});
