import { hash } from "node:crypto";

import type { ModelFamily } from "@agp/core";

/** Keys of the signature table: SHA-256 in base64url, so that ids and texts of any length make keys of one length. */

export function toolUseKey(id: string): string {
  return digest(`tool_use\0${id}`);
}

/** By the exact text: one changed character is another key. */
export function thinkingKey(family: ModelFamily, thinking: string): string {
  return digest(`thinking\0${family}\0${thinking}`);
}

export function signatureKey(signature: string): string {
  return digest(`signature\0${signature}`);
}

function digest(text: string): string {
  return hash("sha256", text, "base64url");
}
