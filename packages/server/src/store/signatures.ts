import type { SignatureKeys, SignatureReader, SignatureRecord } from "@agp/core";
import type { Kysely } from "kysely";
import { LRUCache } from "lru-cache";

import type { Clock } from "../time/clock.ts";
import type { Sink } from "./pending-records.ts";
import type { Schema } from "./schema.ts";
import { FoundSignatures, lookupsOf, rowsOf } from "./signature-lookup.ts";
import type { SignatureEntry, SignatureLookup } from "./signature-lookup.ts";
import { ROW_OVERHEAD_BYTES, signatureWriter } from "./signature-writes.ts";
import type { SignatureWrite } from "./signature-writes.ts";
import type { StoreLogger } from "./store-logger.ts";
import type { SignatureRepository } from "./store.ts";
import type { WriteBehind } from "./write-behind.ts";

const CACHE_BYTES = 16 * 1024 * 1024;
/** A key that the table lacks is not asked for again in this time: a resumed foreign conversation has hundreds of them. */
const MISSING_FOR_MS = 60_000;
/** Use is written this seldom. */
const TOUCH_AFTER_MS = 6 * 60 * 60_000;
/** Parameters of one query. */
const KEYS_PER_QUERY = 500;

type Cached = { readonly entry: SignatureEntry } | { readonly missingUntil: number };

export interface SignatureRepositoryOptions {
  readonly database: Kysely<Schema>;
  readonly writeBehind: WriteBehind;
  readonly clock: Clock;
  readonly logger: StoreLogger;
}

/** Signatures by their three kinds of key, with the last used ones in memory. Source: cloud-code §8.3. */
export class Signatures implements SignatureRepository {
  readonly #options: SignatureRepositoryOptions;
  readonly #sink: Sink<SignatureWrite>;
  readonly #cache = new LRUCache<string, Cached>({
    maxSize: CACHE_BYTES,
    sizeCalculation: (cached) => ("entry" in cached ? sizeOf(cached.entry) : ROW_OVERHEAD_BYTES),
  });

  constructor(options: SignatureRepositoryOptions) {
    this.#options = options;
    this.#sink = options.writeBehind.sink(signatureWriter(options.database));
  }

  async load(keys: SignatureKeys): Promise<SignatureReader> {
    const found = new FoundSignatures();
    const unknown: SignatureLookup[] = [];
    const now = this.#options.clock.now();
    for (const lookup of lookupsOf(keys)) {
      const entry = this.#remembered(lookup.key, now);
      if (entry === "unknown") unknown.push(lookup);
      else if (entry !== undefined) this.#use(lookup, entry, now, found);
    }
    if (unknown.length > 0) await this.#read(unknown, now, found);
    return found;
  }

  remember(records: readonly SignatureRecord[], accountId: string): void {
    const lastUsedAt = this.#options.clock.now();
    for (const record of records) {
      for (const [key, kind, value] of rowsOf(record)) {
        const { family, model } = record;
        const entry: SignatureEntry = { kind, family, model, accountId, value, lastUsedAt };
        this.#cache.set(key, { entry });
        this.#sink.put(key, { kind: "entry", key, entry }, sizeOf(entry));
      }
    }
  }

  async forget(keys: SignatureKeys): Promise<void> {
    const all = lookupsOf(keys);
    for (const { key } of all) {
      this.#cache.delete(key);
      this.#sink.discard(key);
    }
    for (const some of chunks(all)) {
      await this.#options.database.deleteFrom("signatures").where("key", "in", some).execute();
    }
  }

  #remembered(key: string, now: number): SignatureEntry | "unknown" | undefined {
    const waiting = this.#sink.pending(key);
    if (waiting?.kind === "entry") return waiting.entry;
    const cached = this.#cache.get(key);
    if (cached === undefined) return "unknown";
    if ("entry" in cached) return cached.entry;
    return cached.missingUntil > now ? undefined : "unknown";
  }

  async #read(
    lookups: readonly SignatureLookup[],
    now: number,
    found: FoundSignatures,
  ): Promise<void> {
    const rows = new Map<string, SignatureEntry>();
    try {
      for (const some of chunks(lookups)) await this.#readSome(some, rows);
    } catch (error) {
      // Without its signatures a conversation still goes on (cloud-code §8.4); without an answer it does not.
      this.#options.logger.error({ err: error }, "cannot read signatures");
      return;
    }
    for (const lookup of lookups) {
      const entry = rows.get(lookup.key);
      this.#cache.set(lookup.key, entry ? { entry } : { missingUntil: now + MISSING_FOR_MS });
      if (entry !== undefined) this.#use(lookup, entry, now, found);
    }
  }

  async #readSome(keys: readonly string[], rows: Map<string, SignatureEntry>): Promise<void> {
    const some = await this.#options.database
      .selectFrom("signatures")
      .select(["key", "kind", "family", "model", "account_id", "value", "last_used_at"])
      .where("key", "in", keys)
      .execute();
    for (const { key, account_id: accountId, last_used_at: lastUsedAt, ...row } of some) {
      rows.set(key, { ...row, accountId, lastUsedAt });
    }
  }

  #use(lookup: SignatureLookup, entry: SignatureEntry, now: number, found: FoundSignatures): void {
    found.add(lookup, entry);
    const { key } = lookup;
    if (now - entry.lastUsedAt < TOUCH_AFTER_MS) return;
    this.#cache.set(key, { entry: { ...entry, lastUsedAt: now } });
    if (this.#sink.pending(key) === undefined) this.#sink.put(key, { kind: "touch", key, at: now });
  }
}

function sizeOf(entry: SignatureEntry): number {
  return ROW_OVERHEAD_BYTES + entry.value.length;
}

function* chunks(lookups: readonly SignatureLookup[]): Generator<readonly string[]> {
  for (let start = 0; start < lookups.length; start += KEYS_PER_QUERY) {
    yield lookups.slice(start, start + KEYS_PER_QUERY).map(({ key }) => key);
  }
}
