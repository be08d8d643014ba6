import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

import type { AnthropicError } from "@agp/core";

import type { User } from "../store/store.ts";

/** Who asks: a user by key, the holder of the control token, or anybody while the server is open. */
export type Caller =
  | { readonly kind: "user"; readonly user: User }
  | { readonly kind: "control" }
  | { readonly kind: "anonymous" };

export interface Authenticator {
  /** What a key gives, or the 401. */
  authenticate(headers: IncomingHttpHeaders): Caller | AnthropicError;
  /** Whether any key or none is accepted. */
  isOpen(): boolean;
}

export interface AuthenticatorOptions {
  readonly mode: "auto" | "required" | "open";
  /** Bound to an address that only this machine reaches. */
  readonly isLoopback: boolean;
  readonly controlToken: string;
  /** By SHA-256 of the key, 64 hex digits. */
  readonly userByKeyHash: (keyHash: string) => User | undefined;
  readonly hasEverHadUsers: () => boolean;
}

/** Makes the check of `x-api-key` and `Authorization: Bearer`; both carry the same kind of key, `x-api-key` wins. */
export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  const controlDigest = digest(options.controlToken);

  function isOpen(): boolean {
    if (options.mode === "open") return true;
    return options.mode === "auto" && options.isLoopback && !options.hasEverHadUsers();
  }

  return {
    isOpen,
    authenticate(headers) {
      const key = keyOf(headers);
      if (key !== undefined) {
        const keyDigest = digest(key);
        if (timingSafeEqual(keyDigest, controlDigest)) return { kind: "control" };
        const user = options.userByKeyHash(keyDigest.toString("hex"));
        if (user !== undefined) return { kind: "user", user };
      }
      if (isOpen()) return { kind: "anonymous" };
      return unauthorized(key === undefined);
    },
  };
}

/** Whether the caller may do what changes or shows other people's things. */
export function isAdmin(caller: Caller, isOpen: boolean): boolean {
  if (caller.kind === "control") return true;
  return caller.kind === "user" ? caller.user.isAdmin : isOpen;
}

function keyOf(headers: IncomingHttpHeaders): string | undefined {
  const apiKey = headers["x-api-key"];
  if (typeof apiKey === "string" && apiKey !== "") return apiKey;
  const bearer = /^Bearer +(\S+)$/i.exec(headers.authorization ?? "");
  return bearer?.[1];
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

function unauthorized(isMissing: boolean): AnthropicError {
  // Without the words "x-api-key": Claude Code takes a message with them for its own login and shows "Please run /login".
  const message = isMissing
    ? "This server needs a key. Ask its admin for one (agp users create NAME) and set it as ANTHROPIC_AUTH_TOKEN."
    : "This server does not know the key. It may have been deleted or rotated; ask its admin for a new one (agp users create NAME, agp users rotate-key NAME).";
  return { status: 401, type: "authentication_error", message, shouldRetry: false };
}
