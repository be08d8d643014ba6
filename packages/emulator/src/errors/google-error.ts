import type { Reply } from "../http/reply.ts";

const STATUS_NAMES: Readonly<Record<number, string>> = {
  400: "INVALID_ARGUMENT",
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  408: "DEADLINE_EXCEEDED",
  409: "ABORTED",
  429: "RESOURCE_EXHAUSTED",
  499: "CANCELLED",
  500: "INTERNAL",
  501: "UNIMPLEMENTED",
  503: "UNAVAILABLE",
  504: "DEADLINE_EXCEEDED",
  529: "UNAVAILABLE",
};

export interface GoogleErrorOptions {
  /** Overrides the name that belongs to the HTTP status. */
  readonly status?: string;
  readonly details?: readonly object[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** An error answer in google.rpc's shape. Source: cloud-code §9.1. */
export function googleError(
  code: number,
  message: string,
  options: GoogleErrorOptions = {},
): Reply {
  const status = options.status ?? STATUS_NAMES[code] ?? "UNKNOWN";
  const error = { code, message, status, ...(options.details && { details: options.details }) };
  return { status: code, body: { error }, ...(options.headers && { headers: options.headers }) };
}

/** A `google.rpc.ErrorInfo` detail. */
export function errorInfo(
  reason: string,
  domain: string,
  metadata?: Readonly<Record<string, string>>,
): object {
  return {
    "@type": "type.googleapis.com/google.rpc.ErrorInfo",
    reason,
    domain,
    ...(metadata && { metadata }),
  };
}

/** A `google.rpc.RetryInfo` detail; `retryDelay` is a proto Duration such as `3.5s`. */
export function retryInfo(retryDelay: string): object {
  return { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay };
}

/** A 400 `INVALID_ARGUMENT` with one message. */
export function invalidArgument(message: string): Reply {
  return googleError(400, message);
}

/** A refusal that the real backend is not known to make: a rule of cloud-code §14 that strict mode adds, so that it says so. */
export function strictRefusal(message: string): Reply {
  return googleError(400, `[emulator, strict] ${message}`);
}
