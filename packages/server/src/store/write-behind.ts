import { UserError } from "@agp/core";
import type { Kysely } from "kysely";

import type { Clock } from "../time/clock.ts";
import { PendingRecords } from "./pending-records.ts";
import type { PendingLimits, PendingRecord, Sink, WriteRecord } from "./pending-records.ts";
import type { Schema } from "./schema.ts";
import type { StoreLogger } from "./store-logger.ts";

/** How long a record waits for company. */
const FLUSH_AFTER_MS = 100;
const FIRST_RETRY_MS = 1_000;
const MAX_RETRY_MS = 30_000;
/** Per sink and transaction, so that a large flush leaves the event loop free in between. */
const BATCH_SIZE = 100;
/** What one sink may hold while the disk is full. */
const DEFAULT_LIMITS: PendingLimits = { maxRecords: 20_000, maxBytes: 32 * 1024 * 1024 };

export interface WriteBehindOptions {
  readonly database: Kysely<Schema>;
  readonly clock: Clock;
  readonly logger: StoreLogger;
  readonly limits?: PendingLimits;
}

/**
 * Collects records and writes them in batches, about 100 ms after the first. While the disk refuses (full, locked), records
 * wait, at most `limits` per sink, and are tried again after 1 s, 2 s … 30 s; it is logged once when that begins and once
 * when it ends. A record that breaks a rule of the database, as one about a deleted account, is dropped alone.
 */
export class WriteBehind {
  readonly #options: WriteBehindOptions;
  readonly #sinks: PendingRecords<unknown>[] = [];
  #cancelTimer: (() => void) | undefined;
  #flushing: Promise<void> | undefined;
  #failures = 0;

  constructor(options: WriteBehindOptions) {
    this.#options = options;
  }

  sink<Value>(write: WriteRecord<Value>): Sink<Value> {
    const limits = this.#options.limits ?? DEFAULT_LIMITS;
    const records = new PendingRecords<Value>(write, limits, () => this.#schedule(FLUSH_AFTER_MS));
    // A list of sinks of different values: each record goes back only to the sink that it came from.
    this.#sinks.push(records as unknown as PendingRecords<unknown>);
    return records;
  }

  /** Writes all that waits now. Never throws; what the disk refuses goes on waiting. */
  async flush(): Promise<void> {
    while (this.#hasPending()) {
      this.#flushing ??= this.#flushBatch().finally(() => (this.#flushing = undefined));
      await this.#flushing;
      if (this.#failures > 0) return;
    }
  }

  /** A last try, and no timer any more. */
  async close(): Promise<void> {
    await this.flush();
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const lost = this.#sinks.reduce((sum, sink) => sum + sink.size, 0);
    if (lost > 0) this.#options.logger.error({ records: lost }, "closed with records unwritten");
  }

  #schedule(delayMs: number): void {
    if (this.#cancelTimer !== undefined) return;
    this.#cancelTimer = this.#options.clock.after(delayMs, () => {
      this.#cancelTimer = undefined;
      void this.#flushOnTimer();
    });
  }

  async #flushOnTimer(): Promise<void> {
    if (!this.#hasPending()) return;
    this.#flushing ??= this.#flushBatch().finally(() => (this.#flushing = undefined));
    await this.#flushing;
    if (this.#failures > 0) return this.#schedule(retryDelayMs(this.#failures));
    if (this.#hasPending()) this.#schedule(0);
  }

  #hasPending(): boolean {
    return this.#sinks.some((sink) => sink.size > 0);
  }

  async #flushBatch(): Promise<void> {
    const batch = this.#sinks.map((sink) => ({ sink, records: sink.oldest(BATCH_SIZE) }));
    try {
      await this.#options.database.transaction().execute(async (transaction) => {
        for (const { sink, records } of batch) {
          for (const record of records) await sink.write(transaction, record.value);
        }
      });
      settle(batch);
      this.#recovered();
    } catch (error) {
      if (error instanceof UserError) return this.#refused(error);
      await this.#flushOneByOne(batch);
    }
  }

  /** Some record of the batch cannot be written: finds it, and drops only that one. */
  async #flushOneByOne(batch: readonly Batch[]): Promise<void> {
    for (const { sink, records } of batch) {
      for (const record of records) {
        try {
          await this.#options.database
            .transaction()
            .execute((transaction) => sink.write(transaction, record.value));
        } catch (error) {
          if (error instanceof UserError) return this.#refused(error);
          this.#options.logger.warn({ err: error }, "dropped a record that the database refused");
        }
        sink.settle(record);
      }
    }
    this.#recovered();
  }

  #refused(error: UserError): void {
    this.#failures += 1;
    if (this.#failures > 1) return;
    this.#options.logger.error({ code: error.code }, `${error.message} Records wait in memory.`);
  }

  #recovered(): void {
    const givenUp = this.#sinks.reduce((sum, sink) => sum + sink.takeGivenUp(), 0);
    if (this.#failures === 0 && givenUp === 0) return;
    this.#failures = 0;
    this.#options.logger.info({ givenUp }, "the store writes again");
  }
}

interface Batch {
  readonly sink: PendingRecords<unknown>;
  readonly records: readonly PendingRecord<unknown>[];
}

function settle(batch: readonly Batch[]): void {
  for (const { sink, records } of batch) for (const record of records) sink.settle(record);
}

function retryDelayMs(failures: number): number {
  return Math.min(FIRST_RETRY_MS * 2 ** (failures - 1), MAX_RETRY_MS);
}
