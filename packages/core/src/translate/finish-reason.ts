import type { StopReason } from "../anthropic/messages.ts";
import type { AnswerProblem } from "../routing/failure.ts";

/** The most that an answer brought: `thoughts` only those that the client was shown. */
export type Received = "nothing" | "thoughts" | "content" | "calls";

/** How an answer ends for the client, or why it is none. */
export type FinishVerdict =
  | { readonly kind: "stop"; readonly stopReason: StopReason }
  | { readonly kind: "problem"; readonly problem: AnswerProblem };

type FinishOutcome = "end" | "max_tokens" | "refusal" | "malformed" | "end_if_content";

/** Source: cloud-code §7.4. */
const FINISH_REASONS = {
  STOP: "end",
  FINISH_REASON_UNSPECIFIED: "end",
  OTHER: "end",
  MAX_TOKENS: "max_tokens",
  SAFETY: "refusal",
  RECITATION: "refusal",
  BLOCKLIST: "refusal",
  PROHIBITED_CONTENT: "refusal",
  SPII: "refusal",
  LANGUAGE: "refusal",
  IMAGE_SAFETY: "refusal",
  IMAGE_PROHIBITED_CONTENT: "refusal",
  IMAGE_RECITATION: "refusal",
  MALFORMED_FUNCTION_CALL: "malformed",
  UNEXPECTED_TOOL_CALL: "malformed",
  TOO_MANY_TOOL_CALLS: "malformed",
  MALFORMED_RESPONSE: "malformed",
  MISSING_THOUGHT_SIGNATURE: "malformed",
  NO_IMAGE: "end_if_content",
  IMAGE_OTHER: "end_if_content",
} as const satisfies Record<string, FinishOutcome>;

/** False for a value that the backend gained since: it is treated as `OTHER`, and worth a line in the log. */
export function isKnownFinishReason(reason: string): reason is keyof typeof FINISH_REASONS {
  return Object.hasOwn(FINISH_REASONS, reason);
}

/**
 * Judges a whole answer by its `finishReason`. A refusal wins over calls, since the turn is not to be continued; calls win
 * over everything else, so that none that came whole is lost. An answer cut by `MAX_TOKENS` before its first word is no
 * empty one: the same request again would end the same way.
 *
 * Source: cloud-code §7.4 and §7.5.
 */
export function judgeFinish(reason: string, received: Received): FinishVerdict {
  const outcome: FinishOutcome = isKnownFinishReason(reason) ? FINISH_REASONS[reason] : "end";
  if (outcome === "refusal") return stop("refusal");
  if (received === "calls") return stop("tool_use");
  if (outcome === "malformed") return problem("malformed");
  if (outcome === "max_tokens") return stop("max_tokens");
  if (outcome === "end_if_content" && received !== "content") return problem("malformed");
  return received === "nothing" ? problem("empty") : stop("end_turn");
}

/**
 * Judges an answer that ended cleanly without a `finishReason`. `endsProperly`: its last event had usage and ended in an
 * empty text, as complete answers do; text without it may have been cut.
 *
 * Source: cloud-code §7.5.
 */
export function judgeMissingFinish(received: Received, endsProperly: boolean): FinishVerdict {
  if (received === "nothing") return problem("empty");
  if (received === "calls") return stop("tool_use");
  return received === "thoughts" || endsProperly ? stop("end_turn") : problem("cut");
}

function stop(stopReason: StopReason): FinishVerdict {
  return { kind: "stop", stopReason };
}

function problem(what: AnswerProblem): FinishVerdict {
  return { kind: "problem", problem: what };
}
