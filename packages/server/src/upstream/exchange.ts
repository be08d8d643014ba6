import { createBrotliDecompress, createGunzip, constants } from "node:zlib";
import type { Transform } from "node:stream";

import type { UpstreamFailure } from "@agp/core";
import type { Dispatcher } from "undici";

/**
 * One HTTP exchange as bytes in and bytes out, without policy.
 *
 * It stands on undici's dispatch handler rather than on a Readable: the pieces are pushed to the consumer as they are read
 * from the socket, which saves a stream and several microtasks for each of them (`bench/`).
 */
export interface ExchangeRequest {
  readonly origin: string;
  readonly path: string;
  readonly method: "GET" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly signal: AbortSignal;
  readonly firstByteTimeoutMs: number;
  readonly idleTimeoutMs: number;
}

export type ExchangeResult =
  | { readonly kind: "response"; readonly response: ExchangeResponse }
  | { readonly kind: "failure"; readonly failure: UpstreamFailure }
  | { readonly kind: "aborted" };

/** Takes a piece of the body; a promise asks to be sent nothing more until it settles. */
export type OnBytes = (bytes: Buffer) => Promise<void> | undefined;

export type BodyEnd =
  | { readonly kind: "end" }
  | { readonly kind: "failure"; readonly failure: UpstreamFailure }
  | { readonly kind: "aborted" };

export interface ExchangeResponse {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Delivers the body, decompressed. Call it, `text` or `cancel` exactly once. */
  read(onBytes: OnBytes): Promise<BodyEnd>;
  /** The body as text, cut after `limitBytes`; empty when it breaks off before the first byte. */
  text(limitBytes: number): Promise<string>;
  /** Closes the connection: nothing more is wanted of this answer. */
  cancel(): void;
}

class Aborted extends Error {}

/** Sends a request and resolves when the status line and the headers are there, or with the reason why they are not. */
export function openExchange(
  dispatcher: Dispatcher,
  request: ExchangeRequest,
): Promise<ExchangeResult> {
  return new Promise((resolve) => {
    if (request.signal.aborted) {
      resolve({ kind: "aborted" });
      return;
    }
    const handler = new ExchangeHandler(request.signal, resolve);
    dispatcher.dispatch(
      {
        origin: request.origin,
        path: request.path,
        method: request.method,
        headers: request.headers,
        body: request.body ?? null,
        headersTimeout: request.firstByteTimeoutMs,
        bodyTimeout: request.idleTimeoutMs,
      },
      handler,
    );
  });
}

class ExchangeHandler implements Dispatcher.DispatchHandler {
  readonly #signal: AbortSignal;
  readonly #resolve: (result: ExchangeResult) => void;
  readonly #body = new BodyQueue();
  #controller: Dispatcher.DispatchController | undefined;

  constructor(signal: AbortSignal, resolve: (result: ExchangeResult) => void) {
    this.#signal = signal;
    this.#resolve = resolve;
    signal.addEventListener("abort", this.#onAbort, { once: true });
  }

  // While undici is still connecting there is no controller yet: the waiting caller is answered now, and the request is
  // aborted as soon as it would start.
  readonly #onAbort = () => {
    this.#controller?.abort(new Aborted());
    this.#resolve({ kind: "aborted" });
    this.#body.end({ kind: "aborted" });
  };

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    this.#body.control = controller;
    if (this.#signal.aborted) controller.abort(new Aborted());
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (status < 200) return;
    const flat: Record<string, string> = {};
    for (const [name, value] of Object.entries(headers)) {
      if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(", ") : value;
    }
    this.#body.decompress(flat["content-encoding"]);
    const response: ExchangeResponse = {
      status,
      headers: flat,
      read: (onBytes) => this.#body.read(onBytes),
      text: (limitBytes) => this.#body.text(limitBytes),
      cancel: () => controller.abort(new Aborted()),
    };
    this.#resolve({ kind: "response", response });
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#body.push(chunk);
  }

  onResponseEnd(): void {
    this.#signal.removeEventListener("abort", this.#onAbort);
    this.#body.finish();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#signal.removeEventListener("abort", this.#onAbort);
    const end: BodyEnd =
      error instanceof Aborted
        ? { kind: "aborted" }
        : { kind: "failure", failure: failureOfError(error) };
    this.#resolve(end);
    this.#body.end(end);
  }
}

const PAUSE_ABOVE_BYTES = 64 * 1024;

/** Pieces between the socket and the one consumer: handed over at once, kept only while nobody can take them. */
class BodyQueue {
  control: { pause(): void; resume(): void; abort(reason: Error): void } | undefined;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #onBytes: OnBytes | undefined;
  #busy = false;
  #end: BodyEnd | undefined;
  #resolve: ((end: BodyEnd) => void) | undefined;
  #decoder: Transform | undefined;

  /** Puts a decoder in front, for `gzip` and `br`; it flushes with every piece, as a stream of events needs. */
  decompress(encoding: string | undefined): void {
    if (encoding === "gzip" || encoding === "x-gzip") {
      this.#decoder = createGunzip({ flush: constants.Z_SYNC_FLUSH });
    } else if (encoding === "br") {
      this.#decoder = createBrotliDecompress({ flush: constants.BROTLI_OPERATION_FLUSH });
    } else return;
    this.#decoder.on("data", (bytes: Buffer) => this.#accept(bytes));
    this.#decoder.on("end", () => this.end({ kind: "end" }));
    this.#decoder.on("drain", () => this.control?.resume());
    this.#decoder.on("error", (error) => {
      this.end({ kind: "failure", failure: failureOfError(error) });
      this.control?.abort(new Aborted());
    });
  }

  push(bytes: Buffer): void {
    if (this.#decoder === undefined) this.#accept(bytes);
    else if (!this.#decoder.write(bytes)) this.control?.pause();
  }

  finish(): void {
    if (this.#decoder === undefined) this.end({ kind: "end" });
    else this.#decoder.end();
  }

  end(end: BodyEnd): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    if (end.kind !== "end") this.#decoder?.destroy();
    // A reset throws away what was not handed over yet only when the client is gone; else it comes first.
    if (end.kind === "aborted") this.#waiting = [];
    if (!this.#busy && this.#waiting.length === 0) this.#resolve?.(end);
  }

  read(onBytes: OnBytes): Promise<BodyEnd> {
    this.#onBytes = onBytes;
    return new Promise((resolve) => {
      this.#resolve = resolve;
      this.#flush();
    });
  }

  async text(limitBytes: number): Promise<string> {
    const pieces: Buffer[] = [];
    let size = 0;
    await this.read((bytes) => {
      if (size < limitBytes) pieces.push(bytes.subarray(0, limitBytes - size));
      size += bytes.length;
      if (size >= limitBytes) this.control?.abort(new Aborted());
      return undefined;
    });
    return Buffer.concat(pieces).toString("utf8");
  }

  #accept(bytes: Buffer): void {
    if (this.#onBytes === undefined || this.#busy || this.#waiting.length > 0) {
      this.#waiting.push(bytes);
      this.#waitingBytes += bytes.length;
      if (this.#waitingBytes > PAUSE_ABOVE_BYTES) this.control?.pause();
      return;
    }
    this.#deliver(bytes);
  }

  #deliver(bytes: Buffer): void {
    const wait = this.#onBytes?.(bytes);
    if (wait === undefined) return;
    this.#busy = true;
    this.control?.pause();
    void wait.finally(() => {
      this.#busy = false;
      this.#flush();
    });
  }

  #flush(): void {
    while (!this.#busy && this.#waiting.length > 0) {
      // One piece out of many: the consumer makes one write of it.
      const [only] = this.#waiting;
      const bytes =
        only !== undefined && this.#waiting.length === 1 ? only : Buffer.concat(this.#waiting);
      this.#waiting = [];
      this.#waitingBytes = 0;
      this.#deliver(bytes);
    }
    if (this.#busy) return;
    if (this.#end === undefined) this.control?.resume();
    else this.#resolve?.(this.#end);
  }
}

const TIMEOUT_PHASES: Readonly<Record<string, "connect" | "first_byte" | "idle">> = {
  UND_ERR_CONNECT_TIMEOUT: "connect",
  UND_ERR_HEADERS_TIMEOUT: "first_byte",
  UND_ERR_BODY_TIMEOUT: "idle",
};

function failureOfError(error: Error): UpstreamFailure {
  const code = "code" in error && typeof error.code === "string" ? error.code : error.name;
  const phase = TIMEOUT_PHASES[code];
  if (phase !== undefined) return { kind: "timeout", phase };
  return { kind: "network", code, message: error.message };
}
