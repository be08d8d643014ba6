import type { StreamEvent } from "../anthropic/stream-events.ts";
import type { ModelInfo } from "../models/catalogue.ts";
import type { SignatureRecord } from "./context.ts";
import type { MessageWriter } from "./message-writer.ts";

/** Begins the `signature` of a thinking block whose model gives none to the client: on replay it means "not Claude". */
export const THINKING_MARKER_PREFIX = "proxy-gemini:";

export interface ThinkingOptions {
  readonly model: ModelInfo;
  /** False: no thinking text goes to the client. */
  readonly showThinking: boolean;
  /** 24 random alphanumerics. */
  readonly randomId: () => string;
  readonly remember: (record: SignatureRecord) => void;
}

/**
 * The thoughts of one answer. A block's signature is held back until the block closes: it has to be the last delta, and a
 * stream that breaks off before may still go on with another attempt.
 *
 * - Claude: the genuine signature goes to the client, and is remembered with the exact text that it signs. A thought behind
 *   a signature is another block. With the text left out, blocks wait until other content commits the message.
 * - Others: the client gets a marker; genuine signatures are only remembered. With the text left out there is no block.
 *
 * Source: cloud-code §5.1, §7.3, §7.7 and §8.3.
 */
export class ThinkingBlocks {
  readonly #writer: MessageWriter;
  readonly #options: ThinkingOptions;
  readonly #isClaude: boolean;
  #open: { text: string; signature: string | undefined } | undefined;
  /** Text of the last closed block, while its signature has not come. */
  #unsignedText = "";
  #omittedSignatures: string[] = [];
  #hasShown = false;

  constructor(writer: MessageWriter, options: ThinkingOptions) {
    this.#writer = writer;
    this.#options = options;
    this.#isClaude = options.model.family === "claude";
  }

  /** Whether the client was shown thinking text. */
  get hasShown(): boolean {
    return this.#hasShown;
  }

  /** Whether `settle` has something to do. */
  get isPending(): boolean {
    return this.#open !== undefined || this.#omittedSignatures.length > 0;
  }

  push(text: string, out: StreamEvent[]): void {
    if (text === "") return;
    if (this.#open?.signature !== undefined) this.#close(out);
    if (this.#open === undefined) this.#open = { text, signature: undefined };
    else this.#open.text += text;
    if (!this.#options.showThinking) return;
    this.#hasShown = true;
    this.#writer.thinking(text, out);
  }

  /** A signature that came on a thought or on a text. */
  sign(signature: string): void {
    if (this.#isClaude && this.#open !== undefined) {
      this.#open.signature = signature;
      return;
    }
    // Too late for the block, or of no use to the client. Without its text Claude's is of no use at all.
    const thinking = this.#open?.text ?? this.#unsignedText;
    this.#unsignedText = "";
    if (!this.#isClaude || thinking !== "") this.#remember(thinking, signature);
  }

  /** Before other content, and at the end of a good answer: writes and closes what is pending. */
  settle(out: StreamEvent[]): void {
    this.#close(out);
    for (const signature of this.#omittedSignatures) this.#writer.omittedThinking(signature, out);
    this.#omittedSignatures = [];
  }

  #close(out: StreamEvent[]): void {
    if (this.#open === undefined) return;
    const { text, signature } = this.#open;
    this.#open = undefined;
    this.#unsignedText = signature === undefined ? text : "";
    if (signature !== undefined) this.#remember(text, signature);
    if (this.#options.showThinking) {
      this.#writer.endThinking(this.#isClaude ? signature : this.#marker(), out);
    } else if (signature !== undefined) {
      this.#omittedSignatures.push(signature);
    }
  }

  #remember(thinking: string, signature: string): void {
    const { family, id } = this.#options.model;
    this.#options.remember({ kind: "thinking", thinking, family, model: id, signature });
  }

  /** At least 64 characters: clients in use take a signature under 50 for missing. */
  #marker(): string {
    const { randomId } = this.#options;
    return `${THINKING_MARKER_PREFIX}${randomId()}${randomId()}${randomId()}`;
  }
}
