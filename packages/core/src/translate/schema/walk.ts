import type { JsonObject } from "../../anthropic/messages.ts";
import type { NameRule, Sha256Hex } from "../upstream-name.ts";

/** Levels of nesting that the backend takes, the root counted as one. Source: cloud-code §6.2, `depth`. */
export const MAX_DEPTH = 32;
/** Nodes after which no further `$ref` is inlined. Source: cloud-code §6.2, `$ref`. */
export const MAX_NODES = 10_000;
/** `$ref`, `allOf` and unions inside each other at one node; nobody writes that many, a hostile schema does. */
export const MAX_MERGES = 32;

/** What one pass over one schema shares. */
export interface Walk {
  readonly propertyNames: NameRule;
  readonly sha256Hex: Sha256Hex;
  /** Nodes seen so far, inlined copies included. */
  nodes: number;
  /** Keywords that went without a trace, and how often. */
  readonly removed: Map<string, number>;
}

/** Where a node stands: what was inlined on the way to it. */
export interface Place {
  /** Targets of `$ref`s on the path from the root; the second visit of one is a recursion. */
  readonly visited: ReadonlySet<JsonObject>;
  /** Schemas on the path that may hold definitions, the root first. */
  readonly scopes: readonly JsonObject[];
}
