import type { JsonValue } from "../../anthropic/messages.ts";
import type { FlatSchema } from "./flat-schema.ts";
import { isJsonList, isJsonObject } from "./json-object.ts";
import { decideType } from "./schema-type.ts";
import { detailedLabel } from "./type-label.ts";

/** Positions of a tuple that are looked at; longer ones are no tuples. */
const MAX_POSITIONS = 100;
const MAX_LABELS = 20;
/** Deeper differences make two positions count as different ones. */
const MAX_COMPARED_DEPTH = 32;

export interface ArrayItems {
  /** One schema for all elements, still as the client wrote it. */
  readonly schema: JsonValue;
  readonly hints: readonly string[];
}

/**
 * The one `items` schema that stands for a list, a tuple or nothing; a tuple's positions and fixed length become a hint.
 * `flatten` reads a position's type.
 *
 * Source: cloud-code §6.2, the rows of `items` and `prefixItems`.
 */
export function arrayItems(
  flat: FlatSchema,
  flatten: (schema: JsonValue) => FlatSchema,
): ArrayItems {
  const items = flat.keywords.get("items");
  const prefixItems = flat.keywords.get("prefixItems");
  const tuple = isJsonList(prefixItems) ? prefixItems : items;
  if (!isJsonList(tuple) || tuple.length === 0) return uniformItems(items);
  const rest = isJsonList(items) ? flat.keywords.get("additionalItems") : items;
  const hints: string[] = [];
  const positions = tuple.slice(0, MAX_POSITIONS);
  const distinct = distinctValues(isJsonObject(rest) ? [...positions, rest] : positions);
  if (distinct.length > 1) {
    const labels = positions.slice(0, MAX_LABELS).map((position) => {
      const said = flatten(position);
      return detailedLabel({ flat: said, type: decideType(said).type });
    });
    hints.push(`items: ${labels.join(", ")}${positions.length > MAX_LABELS ? ", …" : ""}`);
  }
  const isFixed = hasFixedLength(flat, tuple.length, rest);
  if (isFixed || distinct.length === 1) hints.push(`${tuple.length} items`);
  const [only] = distinct;
  return {
    schema: distinct.length === 1 && only !== undefined ? only : { anyOf: distinct },
    hints,
  };
}

function uniformItems(items: JsonValue | undefined): ArrayItems {
  const isMissing = items === undefined || items === false || isJsonList(items);
  return { schema: isMissing ? { type: "string" } : items, hints: [] };
}

function hasFixedLength(flat: FlatSchema, length: number, rest: JsonValue | undefined): boolean {
  if (rest === false) return true;
  return flat.keywords.get("minItems") === length && flat.keywords.get("maxItems") === length;
}

function distinctValues(values: readonly JsonValue[]): JsonValue[] {
  const distinct: JsonValue[] = [];
  for (const value of values) {
    if (!distinct.some((known) => isSameJson(known, value, 0))) distinct.push(value);
  }
  return distinct;
}

function isSameJson(a: JsonValue, b: JsonValue, depth: number): boolean {
  if (Object.is(a, b)) return true;
  if (depth > MAX_COMPARED_DEPTH) return false;
  if (isJsonList(a) && isJsonList(b)) {
    return a.length === b.length && a.every((item, at) => isSameEntry(item, b[at], depth));
  }
  if (!isJsonObject(a) || !isJsonObject(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && isSameEntry(a[key], b[key], depth))
  );
}

function isSameEntry(a: JsonValue | undefined, b: JsonValue | undefined, depth: number): boolean {
  return a !== undefined && b !== undefined && isSameJson(a, b, depth + 1);
}
