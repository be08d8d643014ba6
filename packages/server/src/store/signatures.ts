import type { ModelFamily, SignatureReader, SignatureRecord } from "@agp/core";
import type { Kysely, Transaction } from "kysely";
import { LRUCache } from "lru-cache";

import type { Clock } from "../time/clock.ts";
import type { Schema, SignaturesTable } from "./schema.ts";
import { signatureKey, thinkingKey, toolUseKey } from "./signature-key.ts";
import type { StoreLogger } from "./store-logger.ts";
import type { SignatureKeys, SignatureRepository } from "./store.ts";
import type { WriteBehind } from "./write-behind.ts";

const CACHE_BYTES = 16 * 1024 * 1024;
/** A key that the table lacks is not asked for again in this time: a resumed foreign conversation has hundreds of them. */
const MISSING_FOR_MS = 60_000;
/** Use is written this seldom. */
const TOUCH_AFTER_MS = 6 * 60 * 60_000;
/** Parameters of one query. */
const KEYS_PER_QUERY = 500;
/** Rough size of a row besides its value. */
const ROW_OVERHEAD_BYTES = 200;

interface Entry {
  readonly kind: SignaturesTable["kind"];
  readonly family: ModelFamily;
  readonly model: string;
  readonly accountId: string | null;
  readonly value: string;
  readonly lastUsedAt: number;
}

type Cached = { readonly entry: Entry } | { readonly missingUntil: number };

type Write =
  | { readonly kind: "entry"; readonly key: string; readonly entry: Entry }
  | { readonly kind: "touch"; readonly key: string; readonly at: number };

export interface SignatureRepositoryOptions {
  readonly database: Kysely<Schema>;
  readonly writeBehind: WriteBehind;
  readonly clock: Clock;
  readonly logger: StoreLogger;
}

/** Signatures by their three kinds of key, with the last used ones in memory. Source: cloud-code §8.3. */
export class Signatures implements SignatureRepository {
  readonly #options: SignatureRepositoryOptions;
  readonly #cache = new LRUCache<string, Cached>({
    maxSize: CACHE_BYTES,
    sizeCalculation: (cached) =>
      ROW_OVERHEAD_BYTES + ("entry" in cached ? cached.entry.value.length : 0),
  });
  readonly #sink;

  constructor(options: SignatureRepositoryOptions) {
    this.#options = options;
    this.#sink = options.writeBehind.sink<Write>(write);
  }

  async load(keys: SignatureKeys): Promise<SignatureReader> {
    const found = new Map<string, Entry>();
    const unknown: string[] = [];
    const now = this.#options.clock.now();
    for (const key of keysOf(keys)) {
      const entry = this.#remembered(key, now);
      if (entry === "unknown") unknown.push(key);
      else if (entry !== undefined) found.set(key, entry);
    }
    if (unknown.length > 0) await this.#read(unknown, found);
    for (const [key, entry] of found) this.#touch(key, entry, now);
    return readerOf(found);
  }

  remember(records: readonly SignatureRecord[], accountId: string): void {
    const lastUsedAt = this.#options.clock.now();
    for (const record of records) {
      for (const [key, kind, value] of rowsOf(record)) {
        const { family, model } = record;
        this.#put(key, { kind, family, model, accountId, value, lastUsedAt });
      }
    }
  }

  async forget(keys: SignatureKeys): Promise<void> {
    const all = keysOf(keys);
    for (const key of all) {
      this.#cache.delete(key);
      this.#sink.discard(key);
    }
    for (const some of chunks(all)) {
      await this.#options.database.deleteFrom("signatures").where("key", "in", some).execute();
    }
  }

  #remembered(key: string, now: number): Entry | "unknown" | undefined {
    const waiting = this.#sink.pending(key);
    if (waiting?.kind === "entry") return waiting.entry;
    const cached = this.#cache.get(key);
    if (cached === undefined) return "unknown";
    if ("entry" in cached) return cached.entry;
    return cached.missingUntil > now ? undefined : "unknown";
  }

  async #read(keys: readonly string[], found: Map<string, Entry>): Promise<void> {
    try {
      for (const some of chunks(keys)) await this.#readSome(some, found);
    } catch (error) {
      // Without its signatures a conversation still goes on (cloud-code §8.4); without an answer it does not.
      this.#options.logger.error({ err: error }, "cannot read signatures");
    }
  }

  async #readSome(keys: readonly string[], found: Map<string, Entry>): Promise<void> {
    const rows = await this.#options.database
      .selectFrom("signatures")
      .select(["key", "kind", "family", "model", "account_id", "value", "last_used_at"])
      .where("key", "in", keys)
      .execute();
    for (const { key, account_id: accountId, last_used_at: lastUsedAt, ...row } of rows) {
      const entry: Entry = { ...row, accountId, lastUsedAt };
      found.set(key, entry);
      this.#cache.set(key, { entry });
    }
    const missingUntil = this.#options.clock.now() + MISSING_FOR_MS;
    for (const key of keys) if (!found.has(key)) this.#cache.set(key, { missingUntil });
  }

  #put(key: string, entry: Entry): void {
    this.#cache.set(key, { entry });
    this.#sink.put(key, { kind: "entry", key, entry }, ROW_OVERHEAD_BYTES + entry.value.length);
  }

  #touch(key: string, entry: Entry, now: number): void {
    if (now - entry.lastUsedAt < TOUCH_AFTER_MS) return;
    this.#cache.set(key, { entry: { ...entry, lastUsedAt: now } });
    if (this.#sink.pending(key) === undefined) this.#sink.put(key, { kind: "touch", key, at: now });
  }
}

function keysOf({ toolUseIds, thinking }: SignatureKeys): readonly string[] {
  const keys = new Set(toolUseIds.map(toolUseKey));
  for (const block of thinking) {
    if (block.thinking !== "") keys.add(thinkingKey("claude", block.thinking));
    if (block.signature !== "") keys.add(signatureKey(block.signature));
  }
  return [...keys];
}

/** A thought is found by its text and by its signature; each row holds the other one. */
function rowsOf(record: SignatureRecord): readonly [string, Entry["kind"], string][] {
  if (record.kind === "tool_use") return [[toolUseKey(record.id), "tool_use", record.signature]];
  const { family, thinking, signature } = record;
  return [
    [thinkingKey(family, thinking), "thinking", signature],
    [signatureKey(signature), "signature", thinking],
  ];
}

function readerOf(found: ReadonlyMap<string, Entry>): SignatureReader {
  return {
    toolUse(id) {
      const entry = found.get(toolUseKey(id));
      return entry && { signature: entry.value, family: entry.family };
    },
    claudeSignatureOf: (thinking) => found.get(thinkingKey("claude", thinking))?.value,
    origin(signature) {
      const entry = found.get(signatureKey(signature));
      return entry && { family: entry.family, thinking: entry.value };
    },
  };
}

async function write(transaction: Transaction<Schema>, change: Write): Promise<void> {
  if (change.kind === "touch") {
    const { key, at } = change;
    await transaction
      .updateTable("signatures")
      .set({ last_used_at: at })
      .where("key", "=", key)
      .execute();
    return;
  }
  const { key, entry } = change;
  await transaction
    .insertInto("signatures")
    .values({
      key,
      kind: entry.kind,
      family: entry.family,
      model: entry.model,
      account_id: entry.accountId,
      last_used_at: entry.lastUsedAt,
      size_bytes: ROW_OVERHEAD_BYTES + Buffer.byteLength(entry.value),
      value: entry.value,
    })
    .onConflict((conflict) =>
      conflict.column("key").doUpdateSet((row) => ({
        family: row.ref("excluded.family"),
        model: row.ref("excluded.model"),
        account_id: row.ref("excluded.account_id"),
        last_used_at: row.ref("excluded.last_used_at"),
        size_bytes: row.ref("excluded.size_bytes"),
        value: row.ref("excluded.value"),
      })),
    )
    .execute();
}

function* chunks(keys: readonly string[]): Generator<readonly string[]> {
  for (let start = 0; start < keys.length; start += KEYS_PER_QUERY) {
    yield keys.slice(start, start + KEYS_PER_QUERY);
  }
}
