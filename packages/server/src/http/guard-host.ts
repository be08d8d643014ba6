import type { AnthropicError } from "@agp/core";

/** Names under which the server may be asked, and web origins that may ask. */
export interface HostGuardOptions {
  /** The address that the server is bound to. */
  readonly host: string;
  readonly allowedHosts: readonly string[];
  readonly allowedOrigins: readonly string[];
}

const LOOPBACK_NAMES = ["localhost", "127.0.0.1", "::1"];

/** Whether an address is reached from this machine only. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase();
  return LOOPBACK_NAMES.includes(name) || /^127(?:\.\d{1,3}){3}$/.test(name);
}

/**
 * Makes the check that keeps web pages from spending the quota: a request with an unknown `Host` (DNS rebinding) or with
 * any `Origin` that is not configured (cross-site requests) is refused.
 *
 * Source: design, "Who may do what".
 */
export function createHostGuard(
  options: HostGuardOptions,
): (host: string | undefined, origin: string | undefined) => AnthropicError | undefined {
  const hosts = new Set([...LOOPBACK_NAMES, options.host, ...options.allowedHosts].map(normal));
  const origins = new Set(options.allowedOrigins.map(normal));
  return (host, origin) => {
    if (origin !== undefined && !origins.has(normal(origin))) {
      return forbidden(
        "Requests from web pages are refused: the header Origin is not in ALLOWED_ORIGINS.",
      );
    }
    const name = hostName(host);
    if (name === undefined || !(hosts.has(name) || isLoopback(name))) {
      return forbidden(
        "The header Host names no address of this server. If you reach it by this name, add it to ALLOWED_HOSTS.",
      );
    }
    return undefined;
  };
}

function normal(name: string): string {
  return name.trim().toLowerCase();
}

function hostName(host: string | undefined): string | undefined {
  if (host === undefined || host === "") return undefined;
  const bracketed = /^\[([^\]]*)\](?::\d+)?$/.exec(host);
  if (bracketed !== null) return normal(bracketed[1] ?? "");
  return normal(host.replace(/:\d+$/, ""));
}

function forbidden(message: string): AnthropicError {
  return { status: 403, type: "permission_error", message, shouldRetry: false };
}
