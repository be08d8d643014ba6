import type { ServerResponse } from "node:http";

import type { StreamEvent } from "@agp/core";
import { encodeEvents } from "@agp/core";

import type { Clock } from "../time/clock.ts";

/** Silence after which a stream is begun all the same, so that the client's clocks see life (cloud-code §7.7). */
export const COMMIT_AFTER_MS = 20_000;
/** Silence after which a begun stream gets a `ping`. */
export const PING_AFTER_MS = 15_000;

export interface SseReplyOptions {
  readonly response: ServerResponse;
  readonly clock: Clock;
  /** Read when the stream begins: what serves it is known only then. */
  readonly headers: () => Readonly<Record<string, string>>;
  /** Makes the events of a beginning by silence. */
  readonly begin: () => readonly StreamEvent[];
}

/**
 * The client's stream: nothing is written before the first event, one write for each batch, a promise while the client
 * does not read.
 */
export class SseReply {
  readonly #options: SseReplyOptions;
  #isCommitted = false;
  #lastWriteAt: number;
  #cancelTimer: (() => void) | undefined;
  /** Bytes of text in bytes handed to the socket, for the log. */
  writtenBytes = 0;

  constructor(options: SseReplyOptions) {
    this.#options = options;
    this.#lastWriteAt = options.clock.now();
    this.#watchSilence(COMMIT_AFTER_MS);
  }

  /** Whether the status line has gone out: from then on a failure can only be an `error` event. */
  get isCommitted(): boolean {
    return this.#isCommitted;
  }

  /** Writes events in one piece; the promise, if there is one, settles when the client has room again or is gone. */
  send(events: readonly StreamEvent[]): Promise<void> | undefined {
    const { response } = this.#options;
    if (events.length === 0 || response.destroyed) return undefined;
    if (!this.#isCommitted) this.#commit();
    this.#lastWriteAt = this.#options.clock.now();
    const text = encodeEvents(events);
    this.writtenBytes += text.length;
    if (response.write(text)) return undefined;
    return new Promise((resolve) => {
      const done = () => {
        response.off("drain", done);
        response.off("close", done);
        resolve();
      };
      response.on("drain", done);
      response.on("close", done);
    });
  }

  /** Ends the body; the last events must have been sent. */
  finish(): void {
    this.stop();
    if (!this.#options.response.destroyed) this.#options.response.end();
  }

  /** Ends the watch over silence: an error answer takes the response over. */
  stop(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  #commit(): void {
    this.#isCommitted = true;
    const { response } = this.#options;
    response.writeHead(200, {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-cache",
      "x-accel-buffering": "no",
      ...this.#options.headers(),
    });
    response.socket?.setNoDelay(true);
  }

  #watchSilence(ms: number): void {
    this.#cancelTimer = this.#options.clock.after(ms, () => {
      const limit = this.#isCommitted ? PING_AFTER_MS : COMMIT_AFTER_MS;
      const silentMs = this.#options.clock.now() - this.#lastWriteAt;
      if (silentMs >= limit) {
        const start = this.#isCommitted ? [] : this.#options.begin();
        // Unread bytes are a sign of life that waits; more of them would only pile up.
        if (!this.#options.response.writableNeedDrain) void this.send([...start, { type: "ping" }]);
        this.#watchSilence(PING_AFTER_MS);
      } else {
        this.#watchSilence(limit - silentMs);
      }
    });
  }
}
