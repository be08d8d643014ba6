/** What can go wrong with one attempt at the backend. The classes are the rows of cloud-code §9.3. */

/** An attempt's end as the edge saw it, before anybody judged it. */
export type UpstreamFailure =
  | {
      readonly kind: "http";
      readonly status: number;
      /** Lower-case names. */
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
    }
  /** An `{"error": …}` object inside a stream that began with 200. */
  | { readonly kind: "stream_error"; readonly body: unknown }
  /** The socket failed: `code` as Node and undici name it (ECONNREFUSED, UND_ERR_SOCKET …). */
  | { readonly kind: "network"; readonly code: string; readonly message: string }
  | { readonly kind: "timeout"; readonly phase: "connect" | "first_byte" | "idle" }
  /** The backend answered 200, and the answer is none. */
  | { readonly kind: "answer"; readonly problem: AnswerProblem; readonly message: string };

export type AnswerProblem =
  /** No text, no call, no image (cloud-code §7.5). */
  | "empty"
  /** MALFORMED_FUNCTION_CALL and its kin (§7.4). */
  | "malformed"
  /** A clean end without finishReason behind text (§7.5). */
  | "cut"
  /** The version gate that comes as an answer's text (§9.3). */
  | "client_gate"
  /** Structured output was asked for, and the text is no JSON (§5.2). */
  | "not_json";

export type FailureClass =
  | "quota"
  | "rate"
  | "capacity"
  | "overloaded"
  | "soft"
  | "credits"
  | "auth"
  /** The OAuth client's id or secret is refused: a fault of the configuration, of no account (§2). */
  | "oauth_client"
  | "validation"
  | "banned"
  | "project"
  | "denied"
  | "location"
  | "signature"
  | "too_long"
  | "bad_request"
  | "not_found"
  | "timeout"
  | "too_large"
  | "server"
  | "unimplemented"
  | "client_gate"
  | "network"
  | "empty"
  | "malformed"
  | "cut";

export interface Failure {
  readonly class: FailureClass;
  /** HTTP status where there was one; the `code` of an error inside a stream. */
  readonly status?: number;
  /** google.rpc ErrorInfo reason, finishReason or socket code. */
  readonly reason?: string;
  /** One sentence for the client: unwrapped, without secrets. */
  readonly message: string;
  /** How long the backend asks to wait, rounded up; absent when it told none (cloud-code §9.2). */
  readonly waitMs?: number;
  /** Only https links to accounts.google.com. For the admin's view, never for a client's message. */
  readonly validationUrl?: string;
  /** Paths of `BadRequest.fieldViolations`, for the log. */
  readonly fieldViolations?: readonly string[];
  /** Anthropic's id of a refusal on the backend's side (`req_vrtx_…`), for the log. */
  readonly upstreamRequestId?: string;
}
