import type { IncomingHttpHeaders } from "node:http";

/** Which of the two Cloud Code hosts was called. Source: cloud-code §1.1. */
export type EndpointName = "daily" | "prod";

/** One HTTP call that the emulator got. `email`, `model` and `body` are set as soon as they are known. */
export interface RecordedRequest {
  readonly number: number;
  /** Epoch ms. */
  readonly at: number;
  readonly endpoint: EndpointName;
  readonly method: string;
  readonly path: string;
  /** `generateContent`, `token`, `userinfo` …; the path where it is none of ours. */
  readonly rpc: string;
  readonly headers: IncomingHttpHeaders;
  email?: string;
  model?: string;
  body?: unknown;
  /** HTTP status, once the answer began. */
  status?: number;
  /** Why it was refused, where the emulator refused it. */
  refusal?: string;
}

/**
 * `request`: a call came in and its body was read. `answered`: the whole answer is out. `aborted`: the connection closed before
 * that. `gate`: a stream waits at the gate `name` of its scenario.
 */
export type EmulatorEvent =
  | { readonly type: "request" | "answered" | "aborted"; readonly request: RecordedRequest }
  | { readonly type: "gate"; readonly name: string; readonly request: RecordedRequest };

interface Waiter {
  readonly predicate: (event: EmulatorEvent) => boolean;
  readonly resolve: (event: EmulatorEvent) => void;
}

/** The last calls and events, for tests that ask what happened or wait until it does. */
export class Journal {
  readonly #limit: number;
  #requests: RecordedRequest[] = [];
  #events: EmulatorEvent[] = [];
  #waiters: Waiter[] = [];
  #count = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get requests(): readonly RecordedRequest[] {
    return this.#requests;
  }

  record(request: Omit<RecordedRequest, "number">): RecordedRequest {
    this.#count += 1;
    const recorded: RecordedRequest = { ...request, number: this.#count };
    push(this.#requests, recorded, this.#limit);
    return recorded;
  }

  emit(event: EmulatorEvent): void {
    push(this.#events, event, this.#limit * 3);
    if (this.#waiters.length === 0) return;
    const reached = this.#waiters.filter((waiter) => waiter.predicate(event));
    this.#waiters = this.#waiters.filter((waiter) => !reached.includes(waiter));
    for (const waiter of reached) waiter.resolve(event);
  }

  /** The first event that matches, also one that already happened; rejects when `signal` aborts first. */
  waitFor(
    predicate: (event: EmulatorEvent) => boolean,
    signal?: AbortSignal,
  ): Promise<EmulatorEvent> {
    const past = this.#events.find(predicate);
    if (past !== undefined) return Promise.resolve(past);
    if (signal?.aborted) return Promise.reject(asError(signal.reason));
    return new Promise((resolve, reject) => {
      const waiter = { predicate, resolve };
      this.#waiters.push(waiter);
      signal?.addEventListener("abort", () => {
        this.#waiters = this.#waiters.filter((other) => other !== waiter);
        reject(asError(signal.reason));
      });
    });
  }

  clear(): void {
    this.#requests = [];
    this.#events = [];
  }
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}

/** Appends, and forgets the oldest tenth when the list is full (a shift for each entry would cost on long runs). */
function push<T>(list: T[], entry: T, limit: number): void {
  list.push(entry);
  if (list.length > limit * 1.1) list.splice(0, list.length - limit);
}
