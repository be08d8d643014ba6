import type { MessageHead } from "./message-writer.ts";
import type { RefusalDetails, Usage } from "../anthropic/messages.ts";
import type { CloudCodeChunk } from "../google/cloud-code.ts";
import type {
  Candidate,
  GenerateContentResponse,
  GroundingMetadata,
  UsageMetadata,
} from "../google/generate-content.ts";
import { asText } from "../google/read-json.ts";
import type { AnswerProblem, UpstreamFailure } from "../routing/failure.ts";
import type { AnswerFacts } from "./answer.ts";
import { judgeFinish, judgeMissingFinish } from "./finish-reason.ts";
import type { FinishVerdict, Received } from "./finish-reason.ts";
import { mergeGrounding } from "./grounding.ts";
import { finalUsage, hasCounts } from "./usage.ts";
import { isObject, listOf } from "./wire-value.ts";

/**
 * What an answer tells about itself besides its content: how it ended, what it cost, where it came from; and the judgement
 * of the whole answer by that.
 *
 * Source: cloud-code §7.1 and §7.4–7.6.
 */
export class AnswerRecord {
  #finishReason: string | undefined;
  #finishMessage: string | undefined;
  #blockReason: string | undefined;
  #usage: UsageMetadata | undefined;
  #grounding: GroundingMetadata | undefined;
  /** The last event had usage and ended in an empty text. */
  #endsProperly = false;
  #modelVersion: string | undefined;
  #responseId: string | undefined;
  #traceId: string | undefined;
  #unknownParts = 0;
  #invalidEvents = 0;

  get facts(): AnswerFacts {
    return {
      ...(this.#finishReason === undefined ? {} : { finishReason: this.#finishReason }),
      ...(this.#modelVersion === undefined ? {} : { modelVersion: this.#modelVersion }),
      ...(this.#responseId === undefined ? {} : { responseId: this.#responseId }),
      ...(this.#traceId === undefined ? {} : { traceId: this.#traceId }),
      unknownParts: this.#unknownParts,
      invalidEvents: this.#invalidEvents,
    };
  }

  /** Whether the backend counted any token; a canned text has no counts. */
  get isCounted(): boolean {
    return this.#usage !== undefined;
  }

  get grounding(): GroundingMetadata | undefined {
    return this.#grounding;
  }

  skipEvent(): void {
    this.#invalidEvents += 1;
  }

  skipPart(): void {
    this.#unknownParts += 1;
  }

  /** Reads one event, whose `response` may be the chunk itself, and gives back the candidate that counts. */
  read(chunk: CloudCodeChunk, response: GenerateContentResponse): Candidate | undefined {
    this.#traceId ??= asText(chunk.traceId);
    this.#modelVersion ??= asText(response.modelVersion);
    this.#responseId ??= asText(response.responseId);
    if (isObject(response.promptFeedback)) {
      this.#blockReason = asText(response.promptFeedback.blockReason) ?? this.#blockReason;
    }
    const metadata = response.usageMetadata;
    // Counts are cumulative: the last ones win.
    if (isObject(metadata) && hasCounts(metadata)) this.#usage = metadata;
    const candidate = listOf(response.candidates)[0];
    if (!isObject(candidate)) {
      this.#endsProperly = false;
      return undefined;
    }
    this.#finishReason = asText(candidate.finishReason) ?? this.#finishReason;
    this.#finishMessage = asText(candidate.finishMessage) ?? this.#finishMessage;
    if (isObject(candidate.groundingMetadata)) {
      this.#grounding = mergeGrounding(this.#grounding, candidate.groundingMetadata);
    }
    this.#endsProperly = isObject(metadata) && listOf(candidate.content?.parts).at(-1)?.text === "";
    return candidate;
  }

  /** How the whole answer ends. */
  judge(received: Received): FinishVerdict {
    if (received === "nothing" && this.#blockReason !== undefined) {
      return { kind: "stop", stopReason: "refusal" };
    }
    return this.#finishReason === undefined
      ? judgeMissingFinish(received, this.#endsProperly)
      : judgeFinish(this.#finishReason, received);
  }

  failure(problem: AnswerProblem): UpstreamFailure {
    const reason = [this.#finishReason, this.#finishMessage].filter((text) => text !== undefined);
    const inBrackets = reason.length > 0 ? ` (${reason.join(": ")})` : "";
    const note =
      this.#invalidEvents > 0 ? `; ${this.#invalidEvents} events were no JSON object` : "";
    return { kind: "answer", problem, message: PROBLEM_TEXTS[problem] + inBrackets + note };
  }

  refusal(): RefusalDetails {
    const reason = this.#finishReason ?? this.#blockReason ?? "unknown reason";
    const explanation = this.#finishMessage ?? `The backend stopped the answer: ${reason}.`;
    return { type: "refusal", category: null, explanation };
  }

  /** The head's estimate and `characters` (UTF-16 units of output) stand for what the backend has not counted. */
  usage(head: Pick<MessageHead, "inputTokens">, characters: number): Usage {
    return finalUsage(this.#usage, {
      // Read only where it is needed: the estimate of a large request takes milliseconds.
      get input() {
        return head.inputTokens;
      },
      outputCharacters: characters,
    });
  }
}

const PROBLEM_TEXTS = {
  empty: "empty answer",
  malformed: "malformed answer",
  cut: "upstream ended early",
  client_gate: "the backend refused this client",
  not_json: "the answer should be JSON and is not",
} as const satisfies Record<AnswerProblem, string>;
