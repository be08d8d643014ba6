/**
 * Anthropic's error types, their HTTP status, and the envelope that carries them.
 *
 * Source: anthropic-messages §7.1; cloud-code §9.4.
 */
export type AnthropicErrorType =
  | "invalid_request_error"
  | "authentication_error"
  | "billing_error"
  | "permission_error"
  | "not_found_error"
  | "conflict_error"
  | "request_too_large"
  | "rate_limit_error"
  | "api_error"
  | "timeout_error"
  | "overloaded_error";

export interface ErrorDetails {
  readonly error_code: string;
  readonly [key: string]: unknown;
}

export interface ErrorEnvelope {
  readonly type: "error";
  readonly error: {
    readonly type: AnthropicErrorType;
    readonly message: string;
    readonly details?: ErrorDetails;
  };
  readonly request_id: string;
}

/** An answer that is an error: what the client gets, complete but for its request id. */
export interface AnthropicError {
  readonly status: number;
  readonly type: AnthropicErrorType;
  readonly message: string;
  readonly details?: ErrorDetails;
  /** Whole seconds for `retry-after`, >= 1. */
  readonly retryAfterSeconds?: number;
  /** `x-should-retry`: absent leaves the decision to the client's own rules. */
  readonly shouldRetry?: boolean;
}

/** Makes the JSON body of an error answer. */
export function errorEnvelope(error: AnthropicError, requestId: string): ErrorEnvelope {
  return {
    type: "error",
    error: {
      type: error.type,
      message: error.message,
      ...(error.details === undefined ? {} : { details: error.details }),
    },
    request_id: requestId,
  };
}

/** A 400 `invalid_request_error`; `message` begins with the path of what is wrong, as Anthropic's do. */
export function invalidRequest(message: string, details?: ErrorDetails): AnthropicError {
  return {
    status: 400,
    type: "invalid_request_error",
    message,
    ...(details === undefined ? {} : { details }),
  };
}
