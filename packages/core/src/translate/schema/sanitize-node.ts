import type { JsonValue } from "../../anthropic/messages.ts";
import type { Schema } from "../../google/generate-content.ts";
import { appendHints } from "./append-hints.ts";
import { arrayItems } from "./array-items.ts";
import { decideEnum } from "./enum-values.ts";
import type { FlatSchema } from "./flat-schema.ts";
import { flatten } from "./flatten.ts";
import { formatValue } from "./format-value.ts";
import { keywordHints } from "./keyword-hints.ts";
import { extraPropertiesHints, objectProperties, type SanitizedNode } from "./object-properties.ts";
import { NO_RENAMES, renamesNothing, type PropertyRenames } from "./property-renames.ts";
import { decideType, type NodeType } from "./schema-type.ts";
import { MAX_DEPTH, type Place, type Walk } from "./walk.ts";

/** Formats by type; any other one is a hint. Source: cloud-code §6.2, `format`. */
const FORMATS = {
  string: ["enum", "date-time"],
  number: ["float", "double"],
  integer: ["int32", "int64"],
  boolean: [],
  object: [],
  array: [],
} as const satisfies Record<NodeType, readonly string[]>;

/** The children of a node, and what they leave in its description. */
interface Children {
  readonly keywords: Pick<Schema, "items" | "properties" | "required">;
  readonly hints: readonly string[];
  readonly renamed: PropertyRenames;
}

/** One node and all below it; `depth` of the root is 1. Never throws, whatever `raw` is. Source: cloud-code §6.2. */
export function sanitizeNode(
  raw: JsonValue,
  place: Place,
  walk: Walk,
  depth: number,
): SanitizedNode {
  const flat = flatten(raw, place, walk, 0);
  const decision = decideType(flat);
  const isTooDeep = depth >= MAX_DEPTH && hasChildren(flat, decision.type);
  const type = isTooDeep ? "object" : decision.type;
  const values = decideEnum(flat, decision.type);
  const children = isTooDeep ? cutChildren() : childrenOf(flat, type, walk, depth);
  const format = flat.keywords.get("format");
  const keepsFormat = typeof format === "string" && isFormatOf(decision.type, format);
  const schema: Schema = { type };
  const description = appendHints(describe(flat), [
    ...flat.hints,
    ...decision.hints,
    ...values.hints,
    ...keywordHints(flat, walk),
    ...(format === undefined || keepsFormat ? [] : [`format: ${formatValue(format)}`]),
    ...children.hints,
  ]);
  if (description !== undefined) schema.description = description;
  const nullable = nullability(flat, decision.nullable || values.nullable);
  if (nullable !== undefined) schema.nullable = nullable;
  if (keepsFormat) schema.format = format;
  if (values.values !== undefined) schema.enum = values.values;
  return {
    schema: Object.assign(schema, children.keywords),
    renamed: children.renamed,
    requiredByParent: flat.requiredByParent,
  };
}

function hasChildren(flat: FlatSchema, type: NodeType): boolean {
  return type === "array" || (type === "object" && flat.properties.size > 0);
}

function cutChildren(): Children {
  return { keywords: {}, hints: ["nested too deeply to describe"], renamed: NO_RENAMES };
}

function childrenOf(flat: FlatSchema, type: NodeType, walk: Walk, depth: number): Children {
  switch (type) {
    case "object":
      return objectChildren(flat, walk, depth);
    case "array":
      return arrayChildren(flat, walk, depth);
    default:
      return { keywords: {}, hints: [], renamed: NO_RENAMES };
  }
}

function objectChildren(flat: FlatSchema, walk: Walk, depth: number): Children {
  const { properties, required, renamed } = objectProperties(flat, walk, (schema) =>
    sanitizeNode(schema, flat.place, walk, depth + 1),
  );
  const hints = extraPropertiesHints(flat, (schema) => flatten(schema, flat.place, walk, 0));
  const saysProperties =
    flat.keywords.has("properties") ||
    flat.keywords.has("additionalProperties") ||
    flat.properties.size > 0;
  // The backend wants `properties` on the root; elsewhere an object that says nothing stays free.
  const keywords: Children["keywords"] = saysProperties || depth === 1 ? { properties } : {};
  if (required.length > 0) keywords.required = required;
  return { keywords, hints, renamed };
}

function arrayChildren(flat: FlatSchema, walk: Walk, depth: number): Children {
  const { schema, hints } = arrayItems(flat, (item) => flatten(item, flat.place, walk, 0));
  const items = sanitizeNode(schema, flat.place, walk, depth + 1);
  const renamed = renamesNothing(items.renamed)
    ? NO_RENAMES
    : { ...NO_RENAMES, items: items.renamed };
  return { keywords: { items: items.schema }, hints, renamed };
}

function describe(flat: FlatSchema): string | undefined {
  const description = flat.keywords.get("description");
  return typeof description === "string" ? description.toWellFormed() : undefined;
}

function nullability(flat: FlatSchema, isNullable: boolean): boolean | undefined {
  if (isNullable) return true;
  const declared = flat.keywords.get("nullable");
  return typeof declared === "boolean" ? declared : undefined;
}

function isFormatOf(type: NodeType, format: string): boolean {
  const formats: readonly string[] = FORMATS[type];
  return formats.includes(format);
}
