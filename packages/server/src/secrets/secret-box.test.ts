import { createSecretKey, randomBytes } from "node:crypto";

import fc from "fast-check";
import { expect, test } from "vitest";

import { seal, unseal } from "./secret-box.ts";

const key = createSecretKey(randomBytes(32));
const otherKey = createSecretKey(randomBytes(32));

test("any text comes back, and only under its key and context", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.string(), (text, context) => {
      const sealed = seal(key, text, context);
      expect(unseal(key, sealed, context)).toBe(text);
      expect(unseal(otherKey, sealed, context)).toBeUndefined();
      expect(unseal(key, sealed, `${context}x`)).toBeUndefined();
    }),
  );
});

test("the same text is sealed differently each time", () => {
  const values = new Set(Array.from({ length: 50 }, () => seal(key, "1//token", "c")));
  expect(values.size).toBe(50);
});

test("the sealed form is one line of its version, and shows nothing of the text", () => {
  const sealed = seal(key, "1//token", "c");
  expect(sealed).toMatch(/^v1\.[A-Za-z0-9_-]{48}$/);
  expect(Buffer.from(sealed.slice(3), "base64url").includes("token")).toBe(false);
});

test("one altered bit anywhere is noticed", () => {
  const bytes = Buffer.from(seal(key, "1//token", "c").slice(3), "base64url");
  for (let index = 0; index < bytes.length; index++) {
    const altered = Buffer.from(bytes);
    altered[index] = (altered[index] ?? 0) ^ 1;
    expect(unseal(key, `v1.${altered.toString("base64url")}`, "c")).toBeUndefined();
  }
});

test.each([
  "",
  "v1.",
  "v1.AAAA",
  "1//a-token-in-the-clear",
  "v2.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
])("%j is no sealed text", (text) => {
  expect(unseal(key, text, "c")).toBeUndefined();
});
