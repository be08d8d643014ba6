import type { AnthropicError, Failure, Step, Usage } from "@agp/core";

import type { Caller } from "../http/authenticate.ts";
import type { Logger } from "../logging/logger.ts";
import type { RequestRepository } from "../store/store.ts";
import type { Clock } from "../time/clock.ts";
import type { PreparedRequest } from "./prepare.ts";

/** One try of a request, as its record keeps it. */
export interface AttemptRecord {
  readonly accountId: string;
  readonly model: string;
  readonly endpoint: string;
  readonly ms: number;
  /** `ok`, or the class of the failure. */
  readonly outcome: string;
  readonly reason?: string;
  readonly message?: string;
  /** What was decided then. */
  readonly step?: string;
}

export interface RequestLogNeeds {
  readonly id: string;
  readonly caller: Caller;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly requests: RequestRepository;
  readonly emailOf: (accountId: string) => string | undefined;
}

export type RequestEnd =
  | { readonly kind: "complete"; readonly usage: Usage }
  | { readonly kind: "failed"; readonly error: AnthropicError; readonly code: string }
  | { readonly kind: "aborted" };

/** Status in the record of a client that went away before its answer. */
const CLIENT_CLOSED = 499;

/** The story of one request: one line in the log and one row in the store, no content and no secret. */
export class RequestLog {
  readonly #needs: RequestLogNeeds;
  readonly #startedAt: number;
  readonly #attempts: AttemptRecord[] = [];
  #prepared: PreparedRequest | undefined;
  #firstEventAt: number | undefined;
  #waitedMs = 0;
  /** Of the attempt that runs, else of the last one. */
  model: string | undefined;
  accountId: string | undefined;

  constructor(needs: RequestLogNeeds) {
    this.#needs = needs;
    this.#startedAt = needs.clock.now();
  }

  get attempts(): readonly AttemptRecord[] {
    return this.#attempts;
  }

  begin(prepared: PreparedRequest): void {
    this.#prepared = prepared;
  }

  firstEvent(): void {
    this.#firstEventAt ??= this.#needs.clock.now();
  }

  waited(ms: number): void {
    this.#waitedMs += ms;
  }

  attempt(record: AttemptRecord): void {
    this.#attempts.push(record);
  }

  /** A refusal before any attempt. */
  refused(error: AnthropicError): void {
    this.#write(error.status, error.type, undefined, error.message);
  }

  end(end: RequestEnd): void {
    switch (end.kind) {
      case "complete":
        return this.#write(200, undefined, end.usage, undefined);
      case "failed":
        return this.#write(end.error.status, end.code, undefined, end.error.message);
      case "aborted":
        return this.#write(CLIENT_CLOSED, "client_closed", undefined, undefined);
    }
  }

  #write(
    status: number,
    errorCode: string | undefined,
    usage: Usage | undefined,
    message: string | undefined,
  ): void {
    const { id, caller, clock, logger, requests, emailOf } = this.#needs;
    // A system's clock may be set back in the middle of a request.
    const totalMs = Math.max(0, clock.now() - this.#startedAt);
    const firstTokenMs =
      this.#firstEventAt === undefined
        ? undefined
        : Math.max(0, this.#firstEventAt - this.#startedAt);
    const dropped = this.#prepared?.dropped ?? [];
    const userId = caller.kind === "user" ? caller.user.id : undefined;
    const request = this.#prepared?.request;
    const fields = {
      id,
      user: caller.kind === "user" ? caller.user.name : caller.kind,
      requested: request?.model,
      model: this.model,
      account: this.accountId === undefined ? undefined : emailOf(this.accountId),
      status,
      input: usage?.input_tokens,
      cached: usage?.cache_read_input_tokens,
      output: usage?.output_tokens,
      firstTokenMs,
      totalMs,
      ...(this.#waitedMs > 0 ? { waitedMs: this.#waitedMs } : {}),
      ...(this.#attempts.length > 1 || status >= 400 ? { attempts: this.#attempts } : {}),
      ...(errorCode === undefined ? {} : { error: errorCode, message }),
      ...(dropped.length === 0
        ? {}
        : { dropped: dropped.map(({ path, rule }) => `${path} (${rule})`) }),
    };
    if (status >= 500) logger.warn(fields, "request");
    else logger.info(fields, "request");
    requests.append({
      id,
      startedAt: this.#startedAt,
      ...(userId === undefined ? {} : { userId }),
      requestedModel: request?.model ?? "",
      ...(this.model === undefined ? {} : { model: this.model }),
      ...(this.accountId === undefined ? {} : { accountId: this.accountId }),
      isStream: request?.stream === true,
      status,
      ...(errorCode === undefined ? {} : { errorCode }),
      inputTokens: usage?.input_tokens ?? 0,
      outputTokens: usage?.output_tokens ?? 0,
      cacheReadTokens: usage?.cache_read_input_tokens ?? 0,
      thinkingTokens: usage?.output_tokens_details?.thinking_tokens ?? 0,
      ...(firstTokenMs === undefined ? {} : { firstTokenMs }),
      totalMs,
      attempts: this.#attempts,
      dropped,
    });
  }
}

/** The failure's part of an attempt's record. */
export function failureFields(
  failure: Failure,
): Pick<AttemptRecord, "outcome" | "reason" | "message"> {
  return {
    outcome: failure.class,
    message: failure.message,
    ...(failure.reason === undefined ? {} : { reason: failure.reason }),
  };
}

/** A decision in the words of the record. */
export function describeStep(step: Step): string {
  if (step.kind === "retry") return `retry on ${step.on} after ${Math.round(step.afterMs)} ms`;
  return step.kind === "give_up" ? `give_up: ${step.reason}` : step.kind;
}
