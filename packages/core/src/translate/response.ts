import type { ContentBlock, JsonObject, Message } from "../anthropic/messages.ts";
import type { BlockDelta, StreamEvent } from "../anthropic/stream-events.ts";
import { assertNever } from "../assert-never.ts";

/**
 * The whole message of a finished stream of events: the answer to a client that asked for no stream. Throws when the events
 * are not those of a complete message, which would be our bug.
 *
 * Source: anthropic-messages §4.
 */
export function collectMessage(events: readonly StreamEvent[]): Message {
  const collector = new MessageCollector();
  for (const event of events) collector.add(event);
  return collector.message();
}

class MessageCollector {
  #message: Message | undefined;
  #block: ContentBlock | undefined;
  /** Pieces of the open block's `input`. */
  #inputJson = "";
  #isComplete = false;

  add(event: StreamEvent): void {
    switch (event.type) {
      case "message_start":
        this.#message = { ...event.message, content: [] };
        return;
      case "content_block_start":
        this.#block = { ...event.content_block };
        return;
      case "content_block_delta":
        return this.#delta(event.delta);
      case "content_block_stop":
        return this.#stop();
      case "message_delta":
        // `container` stays null, as it was in message_start.
        if (this.#message === undefined) return;
        this.#message.stop_reason = event.delta.stop_reason;
        this.#message.stop_sequence = event.delta.stop_sequence;
        this.#message.stop_details = event.delta.stop_details;
        this.#message.usage = event.usage;
        return;
      case "message_stop":
        this.#isComplete = true;
        return;
      case "ping":
        return;
      case "error":
        throw new Error(`The message ended in an error: ${event.error.type}`);
      default:
        assertNever(event);
    }
  }

  message(): Message {
    if (this.#message === undefined || !this.#isComplete) {
      throw new Error("The events end before the message does");
    }
    return this.#message;
  }

  #delta(delta: BlockDelta): void {
    const block = this.#block;
    switch (delta.type) {
      case "text_delta":
        if (block?.type === "text") block.text += delta.text;
        return;
      case "citations_delta":
        if (block?.type === "text") block.citations = [...(block.citations ?? []), delta.citation];
        return;
      case "thinking_delta":
        if (block?.type === "thinking") block.thinking += delta.thinking;
        return;
      case "signature_delta":
        if (block?.type === "thinking") block.signature = delta.signature;
        return;
      case "input_json_delta":
        this.#inputJson += delta.partial_json;
        return;
      default:
        assertNever(delta);
    }
  }

  #stop(): void {
    const block = this.#block;
    if (block === undefined) return;
    if (this.#inputJson !== "" && (block.type === "tool_use" || block.type === "server_tool_use")) {
      // The writer made the pieces from an object.
      block.input = JSON.parse(this.#inputJson) as JsonObject & { readonly query?: string };
    }
    this.#inputJson = "";
    this.#block = undefined;
    this.#message?.content.push(block);
  }
}
