import type { AnthropicErrorType } from "../anthropic/errors.ts";
import type {
  ContentBlock,
  RefusalDetails,
  StopReason,
  Usage,
  WebSearchResultBlock,
} from "../anthropic/messages.ts";
import type { BlockDelta, StreamEvent } from "../anthropic/stream-events.ts";
import type { CitedText } from "./grounding.ts";
import { finalUsage } from "./usage.ts";

export interface MessageHead {
  /** `msg_…` */
  readonly id: string;
  /** The name that the client asked for. */
  readonly model: string;
  /** Estimate of the request in tokens, for as long as the backend has not counted it. */
  readonly inputTokens: number;
}

/** How far the client's message has come: what decides whether another attempt may go on with it (cloud-code §7.7). */
export type Committed =
  | "nothing"
  /** `message_start`, and pings. */
  | "started"
  /** Thinking text, but no signature. */
  | "thinking"
  | "content";

export interface MessageEnd {
  readonly stopReason: StopReason;
  readonly stopDetails: RefusalDetails | null;
  readonly usage: Usage;
}

/** `carry` is the first half of a surrogate pair whose second half has not come. */
type State =
  | { readonly kind: "unstarted" }
  | { readonly kind: "between_blocks" }
  | { readonly kind: "text"; carry: string }
  | { readonly kind: "thinking"; carry: string }
  | { readonly kind: "finished" };

const BETWEEN_BLOCKS: State = { kind: "between_blocks" };
const DIRECT = { type: "direct" } as const;

/**
 * Writes one message as events, and is the only place that does. It lives as long as the client's request: attempts come and
 * go, the message goes on at the next index. A block opens by itself when its first delta comes and closes when another kind
 * follows; calls and search results are written whole.
 *
 * Source: cloud-code §7.7; anthropic-messages §6.1.
 */
export class MessageWriter {
  readonly head: MessageHead;
  #state: State = { kind: "unstarted" };
  #committed: Committed = "nothing";
  /** Of the open block, else of the next one. */
  #index = 0;
  #startUsage: Usage | undefined;

  constructor(head: MessageHead) {
    this.head = head;
  }

  get committed(): Committed {
    return this.#committed;
  }

  get isFinished(): boolean {
    return this.#state.kind === "finished";
  }

  /** Tells what the backend counted, for a `message_start` that is still to come. */
  noteUsage(usage: Usage): void {
    this.#startUsage = usage;
  }

  /** Writes `message_start` if it is still to come. */
  start(out: StreamEvent[]): void {
    if (this.#state.kind !== "unstarted") return;
    this.#state = BETWEEN_BLOCKS;
    this.#committed = "started";
    const { id, model } = this.head;
    const usage =
      this.#startUsage ??
      finalUsage(undefined, { input: this.head.inputTokens, outputCharacters: 0 });
    out.push({
      type: "message_start",
      message: {
        id,
        type: "message",
        role: "assistant",
        model,
        content: [],
        stop_reason: null,
        stop_sequence: null,
        stop_details: null,
        container: null,
        diagnostics: null,
        usage: { ...usage, output_tokens: 1, output_tokens_details: null },
      },
    });
  }

  /** Breaks a silence: `ping`, behind `message_start` if that is still to come; nothing once the message has ended. */
  ping(out: StreamEvent[]): void {
    if (this.#state.kind === "finished") return;
    this.start(out);
    out.push({ type: "ping" });
  }

  /** Appends to the open text block, or opens one. Halves of a surrogate pair are joined across calls. */
  text(text: string, out: StreamEvent[]): void {
    if (this.#state.kind !== "text") {
      this.#open({ type: "text", text: "", citations: null }, { kind: "text", carry: "" }, out);
    }
    const whole = this.#wholeCharacters(text);
    if (whole !== "") this.#delta({ type: "text_delta", text: whole }, out);
  }

  /** Appends to the open thinking block, or opens one. */
  thinking(thinking: string, out: StreamEvent[]): void {
    if (this.#state.kind !== "thinking") {
      const block = { type: "thinking", thinking: "", signature: "" } as const;
      this.#open(block, { kind: "thinking", carry: "" }, out);
    }
    const whole = this.#wholeCharacters(thinking);
    if (whole !== "") this.#delta({ type: "thinking_delta", thinking: whole }, out);
  }

  /** Closes the open thinking block, with its signature if it has one. */
  endThinking(signature: string | undefined, out: StreamEvent[]): void {
    if (this.#state.kind !== "thinking") return;
    this.#flushCarry(out);
    if (signature !== undefined) {
      this.#committed = "content";
      this.#delta({ type: "signature_delta", signature }, out);
    }
    this.#close(out);
  }

  /** A thinking block whose text the client asked to leave out. */
  omittedThinking(signature: string, out: StreamEvent[]): void {
    this.#close(out);
    this.thinking("", out);
    this.endThinking(signature, out);
  }

  /** A whole call; `inputJson` is the JSON of its arguments. */
  toolUse(id: string, name: string, inputJson: string, out: StreamEvent[]): void {
    this.#whole(
      { type: "tool_use", id, name, input: {}, caller: DIRECT },
      [{ type: "input_json_delta", partial_json: inputJson }],
      out,
    );
  }

  /** A search that the backend made, and what it found. */
  webSearch(
    id: string,
    query: string,
    results: WebSearchResultBlock["content"],
    out: StreamEvent[],
  ): void {
    this.#whole(
      { type: "server_tool_use", id, name: "web_search", input: {}, caller: DIRECT },
      [{ type: "input_json_delta", partial_json: JSON.stringify({ query }) }],
      out,
    );
    this.#whole(
      { type: "web_search_tool_result", tool_use_id: id, content: results, caller: DIRECT },
      [],
      out,
    );
  }

  /** A whole text block with its citations. */
  citedText({ text, citations }: CitedText, out: StreamEvent[]): void {
    this.#whole(
      { type: "text", text: "", citations: null },
      [
        { type: "text_delta", text },
        ...citations.map((citation) => ({ type: "citations_delta", citation }) as const),
      ],
      out,
    );
  }

  /** Before another attempt behind thinking text: closes the open thinking block without a signature. */
  abandonThinking(out: StreamEvent[]): void {
    this.endThinking(undefined, out);
  }

  /** Ends the message. */
  finish({ stopReason, stopDetails, usage }: MessageEnd, out: StreamEvent[]): void {
    this.start(out);
    this.#close(out);
    const delta = {
      stop_reason: stopReason,
      stop_sequence: null,
      stop_details: stopDetails,
      container: null,
    } as const;
    out.push({ type: "message_delta", delta, usage }, { type: "message_stop" });
    this.#state = { kind: "finished" };
  }

  /** Ends the stream with an error; an open block stays open, so that no client takes it for complete. */
  fail(
    error: { readonly type: AnthropicErrorType; readonly message: string },
    requestId: string,
    out: StreamEvent[],
  ): void {
    const { type, message } = error;
    out.push({ type: "error", error: { type, message }, request_id: requestId });
    this.#state = { kind: "finished" };
  }

  #whole(block: ContentBlock, deltas: readonly BlockDelta[], out: StreamEvent[]): void {
    this.#open(block, BETWEEN_BLOCKS, out);
    for (const delta of deltas) this.#delta(delta, out);
    this.#stop(out);
  }

  #open(block: ContentBlock, state: State, out: StreamEvent[]): void {
    if (this.#state.kind === "finished") throw new Error("The message is finished");
    this.start(out);
    this.#close(out);
    this.#state = state;
    if (block.type !== "thinking") this.#committed = "content";
    else if (this.#committed !== "content") this.#committed = "thinking";
    out.push({ type: "content_block_start", index: this.#index, content_block: block });
  }

  #close(out: StreamEvent[]): void {
    if (this.#state.kind !== "text" && this.#state.kind !== "thinking") return;
    this.#flushCarry(out);
    this.#stop(out);
  }

  #stop(out: StreamEvent[]): void {
    out.push({ type: "content_block_stop", index: this.#index });
    this.#index += 1;
    this.#state = BETWEEN_BLOCKS;
  }

  #delta(delta: BlockDelta, out: StreamEvent[]): void {
    out.push({ type: "content_block_delta", index: this.#index, delta });
  }

  /** `text` behind what was carried, without a first half of a surrogate pair at its end, which is carried on. */
  #wholeCharacters(text: string): string {
    const state = this.#state;
    if (state.kind !== "text" && state.kind !== "thinking") return text;
    const joined = state.carry === "" ? text : state.carry + text;
    const last = joined.charCodeAt(joined.length - 1);
    const endsInHalf = last >= 0xd800 && last <= 0xdbff;
    state.carry = endsInHalf ? joined.slice(-1) : "";
    return endsInHalf ? joined.slice(0, -1) : joined;
  }

  /** A half that stayed alone is no character. */
  #flushCarry(out: StreamEvent[]): void {
    const state = this.#state;
    if ((state.kind !== "text" && state.kind !== "thinking") || state.carry === "") return;
    const { kind } = state;
    state.carry = "";
    this.#delta(
      kind === "text"
        ? { type: "text_delta", text: "\uFFFD" }
        : { type: "thinking_delta", thinking: "\uFFFD" },
      out,
    );
  }
}
