import { expect, test } from "vitest";

import { hashApiKey, lastFourOf, makeApiKey } from "./api-key.ts";
import { checkUserName } from "./user-name.ts";

test("a key has the prefix and 40 random letters and digits", () => {
  const keys = Array.from({ length: 500 }, () => makeApiKey());
  for (const key of keys) expect(key).toMatch(/^sk-proxy-[A-Za-z0-9]{40}$/);
  expect(new Set(keys).size).toBe(500);
  const characters = new Set(keys.join("").replaceAll("sk-proxy-", ""));
  expect(characters.size).toBe(62);
});

test("the hash is SHA-256 in hex", () => {
  expect(hashApiKey("abc")).toBe(
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
});

test("the last four are the end of the key", () => {
  expect(lastFourOf("sk-proxy-abcdWXYZ")).toBe("WXYZ");
});

test.each(["a", "Anna", "anna.b-c_d", "ci+bot@example.com", "7", "x".repeat(64)])(
  "%s is a user name",
  (name) => {
    expect(() => checkUserName(name)).not.toThrow();
  },
);

test.each([
  "",
  " ",
  "a b",
  "-x",
  ".x",
  "@x",
  "a/b",
  "a\n",
  "a\u0000",
  "jürgen",
  "x".repeat(65),
  "a'b",
])("%j is none", (name) => {
  expect(() => checkUserName(name)).toThrow(expect.objectContaining({ code: "USER_NAME_INVALID" }));
});

test("a name that is refused is shown shortened and without raw control characters", () => {
  expect(() => checkUserName(`\u001b[31m${"x".repeat(500)}`)).toThrow(
    /^"\\u001b\[31mx{10,75}" is no user name/,
  );
});
