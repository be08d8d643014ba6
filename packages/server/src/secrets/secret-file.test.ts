import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { temporaryDirectory } from "../store/__fixtures__/temporary-directory.ts";
import { userErrorOf } from "../store/__fixtures__/user-error.ts";
import { controlToken, readControlToken } from "./control-token.ts";
import { readOrCreateSecretFile, readSecretFile } from "./secret-file.ts";

test("a secret is made once, for its owner only, and nothing else is left in the directory", () => {
  const directory = temporaryDirectory();
  const path = join(directory, "x.key");
  expect(readSecretFile(path)).toBeUndefined();
  expect(readOrCreateSecretFile(path, () => "first")).toBe("first");
  expect(readOrCreateSecretFile(path, () => "second")).toBe("first");
  expect(readFileSync(path, "utf8")).toBe("first\n");
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(directory)).toEqual(["x.key"]);
});

test("a secret that another process makes at the same moment wins", () => {
  const directory = temporaryDirectory();
  const path = join(directory, "x.key");
  const made = readOrCreateSecretFile(path, () => {
    writeFileSync(path, "theirs\n", { mode: 0o600 });
    return "ours";
  });
  expect(made).toBe("theirs");
  expect(readdirSync(directory)).toEqual(["x.key"]);
});

test.each([0o644, 0o640, 0o604, 0o666, 0o620])("mode %o is refused", async (mode) => {
  const path = join(temporaryDirectory(), "x.key");
  writeFileSync(path, "secret");
  chmodSync(path, mode);
  const error = await userErrorOf(() => readSecretFile(path));
  expect(error.code).toBe("SECRET_FILE_PERMISSIONS");
  expect(error.message).toContain(mode.toString(8));
  expect(error.message).not.toContain("secret\n");
  expect(error.nextSteps[0]).toBe(`Run: chmod 600 ${path}`);
});

test("an empty file is refused: it would be a key that anybody knows", async () => {
  const path = join(temporaryDirectory(), "x.key");
  writeFileSync(path, " \n", { mode: 0o600 });
  const error = await userErrorOf(() => readOrCreateSecretFile(path, () => "new"));
  expect(error.code).toBe("SECRET_FILE_EMPTY");
});

test("a directory that cannot be written is told as such", async () => {
  const path = join(temporaryDirectory(), "missing", "x.key");
  const error = await userErrorOf(() => readOrCreateSecretFile(path, () => "new"));
  expect(error.code).toBe("DATA_DIR_NOT_WRITABLE");
});

test("the control token has 256 random bits, and the command line reads the server's", () => {
  const directory = temporaryDirectory();
  expect(readControlToken(directory)).toBeUndefined();
  const token = controlToken(directory);
  expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect(controlToken(directory)).toBe(token);
  expect(readControlToken(directory)).toBe(token);
  expect(controlToken(temporaryDirectory())).not.toBe(token);
  expect(statSync(join(directory, "control.token")).mode & 0o777).toBe(0o600);
});

test("a control token that others can read is refused", async () => {
  const directory = temporaryDirectory();
  controlToken(directory);
  chmodSync(join(directory, "control.token"), 0o644);
  for (const read of [controlToken, readControlToken]) {
    expect((await userErrorOf(() => read(directory))).code).toBe("SECRET_FILE_PERMISSIONS");
  }
});
