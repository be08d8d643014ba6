import type { Transaction } from "kysely";

import type { Schema } from "./schema.ts";

/** Writes one record; called inside a transaction. */
export type WriteRecord<Value> = (transaction: Transaction<Schema>, value: Value) => Promise<void>;

/** The waiting records of one table. */
export interface Sink<Value> {
  /** Takes the place of what waits under the same key. */
  put(key: string, value: Value, sizeBytes?: number): void;
  /** What waits to be written under this key. */
  pending(key: string): Value | undefined;
  /** All that waits, oldest first. */
  pendingValues(): readonly Value[];
  /** Takes back what waits under this key. */
  discard(key: string): void;
}

/** One record that waits for the disk. */
export interface PendingRecord<Value> {
  readonly key: string;
  readonly value: Value;
  readonly sizeBytes: number;
}

export interface PendingLimits {
  readonly maxRecords: number;
  readonly maxBytes: number;
}

/**
 * The waiting records of one sink. They stay readable until `settle` says that they are on disk; a record that was replaced
 * meanwhile goes on waiting. Past the limits the oldest are given up and counted.
 */
export class PendingRecords<Value> implements Sink<Value> {
  readonly write: WriteRecord<Value>;
  readonly #onPut: () => void;
  readonly #limits: PendingLimits;
  readonly #records = new Map<string, PendingRecord<Value>>();
  #sizeBytes = 0;
  #givenUp = 0;

  constructor(write: WriteRecord<Value>, limits: PendingLimits, onPut: () => void) {
    this.write = write;
    this.#limits = limits;
    this.#onPut = onPut;
  }

  get size(): number {
    return this.#records.size;
  }

  /** How many were given up since the last call. */
  takeGivenUp(): number {
    const count = this.#givenUp;
    this.#givenUp = 0;
    return count;
  }

  put(key: string, value: Value, sizeBytes = 0): void {
    // Deleted first, so that the new one stands at the end: the order of writes is the order of puts.
    this.discard(key);
    this.#records.set(key, { key, value, sizeBytes });
    this.#sizeBytes += sizeBytes;
    for (const oldest of this.#records.keys()) {
      if (this.#fits()) break;
      this.discard(oldest);
      this.#givenUp += 1;
    }
    this.#onPut();
  }

  pending(key: string): Value | undefined {
    return this.#records.get(key)?.value;
  }

  pendingValues(): readonly Value[] {
    return Array.from(this.#records.values(), (record) => record.value);
  }

  discard(key: string): void {
    const record = this.#records.get(key);
    if (record === undefined) return;
    this.#records.delete(key);
    this.#sizeBytes -= record.sizeBytes;
  }

  oldest(count: number): readonly PendingRecord<Value>[] {
    const records: PendingRecord<Value>[] = [];
    for (const record of this.#records.values()) {
      if (records.length >= count) break;
      records.push(record);
    }
    return records;
  }

  settle(record: PendingRecord<Value>): void {
    if (this.#records.get(record.key) === record) this.discard(record.key);
  }

  #fits(): boolean {
    return (
      this.#records.size <= this.#limits.maxRecords && this.#sizeBytes <= this.#limits.maxBytes
    );
  }
}
