import { hash } from "node:crypto";

import { customAlphabet } from "nanoid";

const KEY_PREFIX = "sk-proxy-";

/** 40 of 62 characters: 238 bits. */
const randomPart = customAlphabet(
  "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
  40,
);

/** A new key for a client, `sk-proxy-…`. It is shown once and never stored. */
export function makeApiKey(): string {
  return KEY_PREFIX + randomPart();
}

/** What is stored in place of a key: SHA-256, 64 hex digits. The key has 238 random bits, so no salt or slow hash is needed. */
export function hashApiKey(key: string): string {
  return hash("sha256", key);
}

/** The end of a key, by which its owner recognises it in a list. */
export function lastFourOf(key: string): string {
  return key.slice(-4);
}
