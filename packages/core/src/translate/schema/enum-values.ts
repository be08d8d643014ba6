import type { JsonValue } from "../../anthropic/messages.ts";
import type { FlatSchema } from "./flat-schema.ts";
import { formatValues } from "./format-value.ts";
import { fixedValues, type NodeType } from "./schema-type.ts";

export interface EnumDecision {
  /** Absent when the values cannot be sent: the backend takes non-empty strings on strings only. */
  readonly values?: string[];
  readonly nullable: boolean;
  readonly hints: readonly string[];
}

/** What becomes of `enum` and `const` on a node of this type. Source: cloud-code §6.2, the rows of `enum` and `const`. */
export function decideEnum(flat: FlatSchema, type: NodeType): EnumDecision {
  const all = fixedValues(flat);
  if (all === undefined) return { nullable: false, hints: [] };
  const present = all.filter((value) => value !== null);
  const nullable = present.length < all.length;
  if (present.length === 0) return { nullable, hints: [] };
  const isConst = flat.keywords.has("const");
  const label = isConst ? "Must be" : "Allowed";
  if (type !== "string" || !present.every(isString)) {
    return { nullable, hints: [`${label}: ${formatValues(present)}`] };
  }
  const values = [...new Set(present.map((value) => value.toWellFormed()))];
  const sent = values.filter((value) => value !== "");
  if (sent.length === 0) return { nullable, hints: [`${label}: ""`] };
  const hints = sent.length < values.length ? ["or an empty string"] : [];
  return { values: sent, nullable, hints };
}

function isString(value: JsonValue): value is string {
  return typeof value === "string";
}
