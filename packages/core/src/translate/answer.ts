import type { StopReason, Usage } from "../anthropic/messages.ts";
import type { UpstreamFailure } from "../routing/failure.ts";
import type { ToolNames } from "./context.ts";
import type { ThinkingOptions } from "./thinking-blocks.ts";

export interface StreamOptions extends ThinkingOptions {
  readonly toolNames: ToolNames;
  /** The answer has to be one JSON text. */
  readonly jsonOutput: boolean;
  /** The request was a search: the text waits for the sources that come behind it. */
  readonly webSearch: boolean;
  /** Whether the conversation has a call of that id already. */
  readonly isKnownToolId: (id: string) => boolean;
}

/** What one attempt's answer told about itself, for the log. */
export interface AnswerFacts {
  readonly finishReason?: string;
  readonly modelVersion?: string;
  readonly responseId?: string;
  readonly traceId?: string;
  /** Parts of an unknown kind, or not in the known shape: they were left out. */
  readonly unknownParts: number;
  /** Events that were no JSON object: they were left out. */
  readonly invalidEvents: number;
}

export type AnswerEnd =
  | ({
      readonly kind: "complete";
      readonly stopReason: StopReason;
      readonly usage: Usage;
    } & AnswerFacts)
  /** Nothing was written for it: the caller tries again, or ends the message with an error. */
  | { readonly kind: "failure"; readonly failure: UpstreamFailure };
