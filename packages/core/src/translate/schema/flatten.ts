import type { JsonObject, JsonValue } from "../../anthropic/messages.ts";
import {
  emptyFlatSchema,
  enterScope,
  enterTarget,
  mergeFlatSchema,
  type FlatSchema,
} from "./flat-schema.ts";
import { formatValues } from "./format-value.ts";
import { isJsonList, isJsonObject, ownValue } from "./json-object.ts";
import { refName, resolveRef } from "./resolve-ref.ts";
import { declaredTypes } from "./schema-type.ts";
import { resolveUnion } from "./union.ts";
import { MAX_MERGES, MAX_NODES, type Place, type Walk } from "./walk.ts";

/** Keywords that are merged away here; every other one is kept for the node that they end up on. */
const MERGED_KEYWORDS: ReadonlySet<string> = new Set([
  "$ref",
  "$defs",
  "definitions",
  "allOf",
  "anyOf",
  "oneOf",
  "if",
  "then",
  "else",
  "properties",
  "required",
]);

/**
 * One node with everything merged into it that speaks about the same value: its own keywords, then `$ref`, `allOf`,
 * `then`/`else`, and last the unions, which need to know the rest. Whatever is no object says nothing.
 *
 * Source: cloud-code §6.2.
 */
export function flatten(raw: JsonValue, place: Place, walk: Walk, merges: number): FlatSchema {
  const flat = emptyFlatSchema(place);
  absorb(flat, raw, walk, merges);
  for (const branches of flat.unions) {
    resolveUnion(flat, branches, (branch) => flatten(branch, flat.place, walk, merges + 1));
  }
  return flat;
}

function absorb(flat: FlatSchema, raw: JsonValue, walk: Walk, merges: number): void {
  walk.nodes += 1;
  if (!isJsonObject(raw)) return;
  if (merges > MAX_MERGES) {
    flat.hints.add("nested too deeply to describe");
    return;
  }
  flat.place = enterScope(flat.place, raw);
  absorbKeywords(flat, raw);
  absorbProperties(flat, raw);
  absorbRef(flat, ownValue(raw, "$ref"), walk, merges);
  const allOf = ownValue(raw, "allOf");
  if (isJsonList(allOf)) for (const branch of allOf) absorb(flat, branch, walk, merges + 1);
  absorbConditionals(flat, raw, walk, merges);
  for (const keyword of ["anyOf", "oneOf"]) {
    const branches = ownValue(raw, keyword);
    if (isJsonList(branches) && branches.length > 0) flat.unions.push(branches);
  }
}

function absorbKeywords(flat: FlatSchema, raw: JsonObject): void {
  for (const [keyword, value] of Object.entries(raw)) {
    if (MERGED_KEYWORDS.has(keyword) || flat.keywords.has(keyword)) continue;
    if (keyword === "description" && typeof value !== "string") continue;
    flat.keywords.set(keyword, value);
  }
}

function absorbProperties(flat: FlatSchema, raw: JsonObject): void {
  const properties = ownValue(raw, "properties");
  if (isJsonObject(properties)) {
    // Kept as a keyword too: `properties: {}` says that the node is an object.
    if (!flat.keywords.has("properties")) flat.keywords.set("properties", true);
    for (const [name, schema] of Object.entries(properties)) {
      if (!flat.properties.has(name)) flat.properties.set(name, schema);
    }
  }
  const required = ownValue(raw, "required");
  if (required === true) flat.requiredByParent = true;
  if (!isJsonList(required)) return;
  for (const name of required) if (typeof name === "string") flat.required.add(name);
}

/** Inlines a copy of the target, or says its name when it is unknown, a recursion, or the schema has grown too large. */
function absorbRef(flat: FlatSchema, ref: JsonValue | undefined, walk: Walk, merges: number): void {
  if (typeof ref !== "string") return;
  const target = resolveRef(ref, flat.place.scopes);
  if (isJsonObject(target) && !flat.place.visited.has(target) && walk.nodes < MAX_NODES) {
    flat.place = enterTarget(flat.place, target);
    absorb(flat, target, walk, merges + 1);
    return;
  }
  if (typeof target === "boolean") return;
  if (!flat.keywords.has("type")) flat.keywords.set("type", targetType(target));
  flat.hints.add(`See: ${refName(ref)}`);
}

function targetType(target: JsonValue | undefined): JsonValue {
  const type = isJsonObject(target) ? ownValue(target, "type") : undefined;
  return type !== undefined && declaredTypes(type).length > 0 ? type : "object";
}

/** Properties of `then` and `else` become optional ones: without conditions, they may or may not apply. */
function absorbConditionals(flat: FlatSchema, raw: JsonObject, walk: Walk, merges: number): void {
  const conditional = new Set<string>();
  for (const keyword of ["then", "else"]) {
    const branch = ownValue(raw, keyword);
    if (branch === undefined) continue;
    const said = flatten(branch, flat.place, walk, merges + 1);
    for (const name of said.required) conditional.add(name);
    for (const name of said.properties.keys()) {
      if (!flat.properties.has(name)) conditional.add(name);
    }
    const optional = emptyFlatSchema(said.place);
    for (const [name, schema] of said.properties) optional.properties.set(name, schema);
    mergeFlatSchema(flat, optional);
  }
  if (conditional.size === 0) return;
  flat.hints.add(`Depends on other properties: ${formatValues([...conditional])}`);
}
