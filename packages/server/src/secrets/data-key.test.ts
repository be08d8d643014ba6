import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { temporaryDirectory } from "../store/__fixtures__/temporary-directory.ts";
import { userErrorOf } from "../store/__fixtures__/user-error.ts";
import { loadDataKey } from "./data-key.ts";

async function keyOf(dataKey: string | undefined, salt = "salt", dataDir = "/nowhere") {
  const key = await loadDataKey({ dataDir, dataKey, salt, isInUse: false });
  return key.export();
}

test("32 bytes as hex, base64 or base64url are the key itself", async () => {
  const bytes = Buffer.from(Array.from({ length: 32 }, (_, index) => 255 - index));
  for (const encoding of ["hex", "base64", "base64url"] as const) {
    expect(await keyOf(bytes.toString(encoding))).toEqual(bytes);
  }
});

test("any other text gives a key of 32 bytes, another one for each text and database", async () => {
  const keys = [
    await keyOf("correct horse"),
    await keyOf("correct horsf"),
    await keyOf("correct horse", "other salt"),
    await keyOf("é"),
    await keyOf("a".repeat(63)),
  ];
  expect(new Set(keys.map((key) => key.toString("hex"))).size).toBe(keys.length);
  for (const key of keys) expect(key).toHaveLength(32);
  expect(await keyOf("correct horse")).toEqual(keys[0]);
});

test("without a text the key lies in secret.key, made once", async () => {
  const dataDir = temporaryDirectory();
  const first = await keyOf(undefined, "salt", dataDir);
  expect(Buffer.from(readFileSync(join(dataDir, "secret.key"), "utf8"), "base64")).toEqual(first);
  expect(await keyOf(undefined, "another salt", dataDir)).toEqual(first);
});

test("a key file that is gone is not made anew while secrets need the old one", async () => {
  const dataDir = temporaryDirectory();
  const error = await userErrorOf(() => loadDataKey({ dataDir, salt: "s", isInUse: true }));
  expect(error.code).toBe("DATA_KEY_MISSING");
  expect(error.message).toContain(join(dataDir, "secret.key"));
  expect(error.nextSteps.join(" ")).toContain("DATA_KEY");
  expect(existsSync(join(dataDir, "secret.key"))).toBe(false);
});
