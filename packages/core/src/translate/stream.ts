import type { Usage } from "../anthropic/messages.ts";
import type { StreamEvent } from "../anthropic/stream-events.ts";
import type { CloudCodeChunk } from "../google/cloud-code.ts";
import type { ResponsePart } from "../google/generate-content.ts";
import { asText } from "../google/read-json.ts";
import type { AnswerProblem, UpstreamFailure } from "../routing/failure.ts";
import { AnswerRecord } from "./answer-record.ts";
import type { AnswerEnd, AnswerFacts, StreamOptions } from "./answer.ts";
import { couldBecomeClientGate, isClientGate } from "./client-gate.ts";
import type { Received } from "./finish-reason.ts";
import { groundAnswer } from "./grounding.ts";
import { readJsonAnswer } from "./json-answer.ts";
import type { MessageWriter } from "./message-writer.ts";
import { partMarkdown } from "./part-markdown.ts";
import { ThinkingBlocks } from "./thinking-blocks.ts";
import { chooseToolUseId } from "./tool-use-id.ts";
import { isObject, listOf } from "./wire-value.ts";

/**
 * Text that must not reach the client yet: as `gate` while it may be a canned refusal, as `json` and `search` until the end.
 */
interface HeldText {
  readonly kind: "gate" | "json" | "search";
  text: string;
}

/**
 * Translates the answer of one attempt, chunk by chunk, into the events of the client's message. Nothing is written before
 * the first content that the client sees, so that until then every failure can still be answered by another attempt.
 *
 * Text is held (`#held`) or goes through; thoughts are a machine of their own (`ThinkingBlocks`); which block is open, only
 * the writer knows. Whatever the backend sends, nothing throws: what is unknown is left out and counted.
 *
 * Source: cloud-code §7.
 */
export class StreamTranslator {
  readonly #writer: MessageWriter;
  readonly #options: StreamOptions;
  readonly #thinking: ThinkingBlocks;
  readonly #record = new AnswerRecord();
  #held: HeldText | undefined;
  readonly #toolIds = new Set<string>();
  #hasContent = false;
  /** UTF-16 units, for an estimate of the output. */
  #characters = 0;

  constructor(writer: MessageWriter, options: StreamOptions) {
    this.#writer = writer;
    this.#options = options;
    this.#thinking = new ThinkingBlocks(writer, options);
    this.#held = { kind: holdOf(options), text: "" };
  }

  /** What the answer has told about itself so far. */
  get facts(): AnswerFacts {
    return this.#record.facts;
  }

  /** Like `push`, from the JSON text of a chunk; a text that is no JSON is counted and skipped. */
  pushData(data: string, out: StreamEvent[]): UpstreamFailure | undefined {
    let chunk: CloudCodeChunk;
    try {
      // `push` trusts no field of it.
      chunk = JSON.parse(data) as CloudCodeChunk;
    } catch {
      this.#record.skipEvent();
      return undefined;
    }
    return this.push(chunk, out);
  }

  /** Appends the events of one chunk to `out`. A returned failure ends the attempt: neither `push` nor `end` may follow. */
  push(chunk: CloudCodeChunk, out: StreamEvent[]): UpstreamFailure | undefined {
    if (Array.isArray(chunk)) return this.#pushList(chunk, out);
    if (!isObject(chunk)) {
      this.#record.skipEvent();
      return undefined;
    }
    const response: CloudCodeChunk = isObject(chunk.response) ? chunk.response : chunk;
    const error = chunk.error ?? response.error;
    if (error !== undefined && error !== null) {
      return { kind: "stream_error", body: { error } };
    }
    const candidate = this.#record.read(chunk, response);
    if (this.#writer.committed === "nothing" && this.#record.isCounted) {
      this.#writer.noteUsage(this.#usage(false));
    }
    for (const part of listOf(candidate?.content?.parts)) {
      const failure = this.#part(part, out);
      if (failure !== undefined) return failure;
    }
    return undefined;
  }

  /** The stream ended cleanly: writes the rest of the message, or nothing and a failure. */
  end(out: StreamEvent[]): AnswerEnd {
    const received = this.#received();
    const refusal = this.#gateProblem(received);
    if (refusal !== undefined) return refusal;
    const verdict = this.#record.judge(received);
    if (verdict.kind === "problem") return failed(this.#record.failure(verdict.problem));
    const { stopReason } = verdict;
    if (this.#held?.kind === "json" && stopReason === "end_turn") {
      const json = readJsonAnswer(this.#held.text);
      if (json === undefined) return failed(this.#record.failure("not_json"));
      this.#held.text = json;
    }
    const hasSearched = this.#writeHeld(out);
    if (this.#thinking.isPending) this.#thinking.settle(out);
    const usage = this.#usage(hasSearched);
    const stopDetails = stopReason === "refusal" ? this.#record.refusal() : null;
    this.#writer.finish({ stopReason, stopDetails, usage }, out);
    return { kind: "complete", stopReason, usage, ...this.facts };
  }

  #pushList(chunks: readonly CloudCodeChunk[], out: StreamEvent[]): UpstreamFailure | undefined {
    for (const chunk of chunks) {
      const failure = this.push(chunk, out);
      if (failure !== undefined) return failure;
    }
    return undefined;
  }

  #part(part: ResponsePart, out: StreamEvent[]): UpstreamFailure | undefined {
    if (!isObject(part)) {
      this.#record.skipPart();
      return undefined;
    }
    if (isObject(part.functionCall)) return this.#call(part, part.functionCall, out);
    const signature = asText(part.thoughtSignature) ?? asText(part.thought_signature);
    if (typeof part.text === "string") {
      if (part.thought === true) this.#thought(part.text, out);
      else if (part.text !== "") this.#text(part.text, out);
    } else {
      this.#other(part, signature !== undefined, out);
    }
    if (signature !== undefined) this.#thinking.sign(signature);
    return undefined;
  }

  #thought(text: string, out: StreamEvent[]): void {
    // A canned refusal does not think.
    if (this.#held?.kind === "gate") this.#release(out);
    this.#characters += text.length;
    this.#thinking.push(text, out);
  }

  #text(text: string, out: StreamEvent[]): void {
    this.#hasContent = true;
    this.#characters += text.length;
    const held = this.#held;
    if (held === undefined) return this.#writeText(text, out);
    held.text += text;
    if (held.kind !== "gate") return;
    if (this.#record.isCounted || !couldBecomeClientGate(held.text)) this.#release(out);
  }

  #call(
    part: ResponsePart,
    call: NonNullable<ResponsePart["functionCall"]>,
    out: StreamEvent[],
  ): UpstreamFailure | undefined {
    const { model, remember, randomId, toolNames, isKnownToolId } = this.#options;
    const upstreamName = asText(call.name);
    const args = call.args ?? {};
    if (upstreamName === undefined || !isObject(args)) {
      return answerFailure(
        "malformed",
        "a call without a name, or with arguments that are no object",
      );
    }
    this.#release(out);
    if (this.#thinking.isPending) this.#thinking.settle(out);
    const isTaken = (id: string) => this.#toolIds.has(id) || isKnownToolId(id);
    const id = chooseToolUseId(call.id, isTaken, randomId);
    this.#toolIds.add(id);
    const name = toolNames.toClient(upstreamName);
    const inputJson = JSON.stringify(toolNames.argsToClient(upstreamName, args));
    this.#characters += inputJson.length;
    this.#writer.toolUse(id, name, inputJson, out);
    const signature = asText(part.thoughtSignature) ?? asText(part.thought_signature);
    if (signature !== undefined) {
      remember({ kind: "tool_use", id, name, family: model.family, model: model.id, signature });
    }
    return undefined;
  }

  #other(part: ResponsePart, isSigned: boolean, out: StreamEvent[]): void {
    const markdown = part.thought === true ? undefined : partMarkdown(part);
    if (markdown === undefined) {
      // A part may consist of a signature alone.
      if (!isSigned) this.#record.skipPart();
      return;
    }
    if (this.#held?.kind === "gate") this.#release(out);
    this.#text(markdown, out);
  }

  #writeText(text: string, out: StreamEvent[]): void {
    if (this.#thinking.isPending) this.#thinking.settle(out);
    this.#writer.text(text, out);
  }

  /** From here on text goes through. */
  #release(out: StreamEvent[]): void {
    const text = this.#held?.text ?? "";
    this.#held = undefined;
    if (text !== "") this.#writeText(text, out);
  }

  /** Writes the text that waited for the end; returns whether it came from a search. */
  #writeHeld(out: StreamEvent[]): boolean {
    const held = this.#held;
    const grounded =
      held?.kind === "search" ? groundAnswer(held.text, this.#record.grounding) : undefined;
    if (grounded === undefined) {
      this.#release(out);
      return false;
    }
    if (this.#thinking.isPending) this.#thinking.settle(out);
    const id = `srvtoolu_${this.#options.randomId()}`;
    this.#writer.webSearch(id, grounded.query, grounded.results, out);
    for (const piece of grounded.pieces) this.#writer.citedText(piece, out);
    return true;
  }

  #received(): Received {
    if (this.#toolIds.size > 0) return "calls";
    if (this.#hasContent) return "content";
    return this.#thinking.hasShown ? "thoughts" : "nothing";
  }

  /** Only a text that nothing disproved can still be a canned refusal: it is the whole answer, and nothing was counted. */
  #gateProblem(received: Received): AnswerEnd | undefined {
    const text = this.#held?.text;
    if (text === undefined || received !== "content" || this.#record.isCounted) return undefined;
    if (this.#thinking.hasShown || !isClientGate(text)) return undefined;
    return failed(answerFailure("client_gate", text.trim()));
  }

  #usage(hasSearched: boolean): Usage {
    const usage = this.#record.usage(this.#writer.head, this.#characters);
    if (hasSearched) usage.server_tool_use = { web_search_requests: 1, web_fetch_requests: 0 };
    return usage;
  }
}

function failed(failure: UpstreamFailure): AnswerEnd {
  return { kind: "failure", failure };
}

function answerFailure(problem: AnswerProblem, message: string): UpstreamFailure {
  return { kind: "answer", problem, message };
}

function holdOf({ model, jsonOutput, webSearch }: StreamOptions): HeldText["kind"] {
  if (webSearch) return "search";
  // Gemini enforces the schema itself.
  return jsonOutput && model.family !== "gemini" ? "json" : "gate";
}
