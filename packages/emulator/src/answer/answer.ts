import type { JsonObject } from "@agp/core";

/** One step of an answer, in order. `part`, `event` and `raw` go out as they are, for what no real model should send. */
export type AnswerItem =
  | { readonly thought: string; readonly signature?: SignatureMode }
  | { readonly text: string }
  | { readonly call: CallItem; readonly signature?: SignatureMode }
  | { readonly part: JsonObject }
  | { readonly event: JsonObject }
  | { readonly raw: string }
  | { readonly delayMs: number }
  | { readonly gate: string };

export interface CallItem {
  readonly name: string;
  readonly args?: JsonObject;
  readonly id?: string;
}

/** `own`: as the family does it. `inline`: on the last thought itself. `none`: left out. */
export type SignatureMode = "own" | "inline" | "none";

/** What the emulated model says to one request. */
export interface Answer {
  readonly items: readonly AnswerItem[];
  /** Default: by family, as the backend does it. `null`: absent. */
  readonly finishReason?: string | null;
  readonly finishMessage?: string;
  /** Content of the last event: an empty text (default), `{}`, or none at all, as in refusals. */
  readonly tail?: "text" | "empty" | "none";
  /** More fields of the last candidate, as `groundingMetadata`. */
  readonly candidate?: JsonObject;
  /** Characters in one text or thought event. */
  readonly chunkChars?: number;
  /** Wait between events. */
  readonly delayMs?: number;
}
