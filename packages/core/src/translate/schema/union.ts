import type { JsonValue } from "../../anthropic/messages.ts";
import { mergeFlatSchema, type FlatSchema } from "./flat-schema.ts";
import { decideType, declaredTypes, fixedValues, type NodeType } from "./schema-type.ts";
import { typeLabels } from "./type-label.ts";

const STRENGTH = {
  object: 2,
  array: 1,
  string: 0,
  number: 0,
  integer: 0,
  boolean: 0,
} as const satisfies Record<NodeType, number>;

/**
 * Merges one `anyOf` or `oneOf` into its node: `null` makes it nullable, a single branch is inlined, fixed values are united,
 * and of the rest the strongest branch stands for all, with a hint that names the others.
 *
 * Source: cloud-code §6.3, way (a).
 */
export function resolveUnion(
  flat: FlatSchema,
  branches: readonly JsonValue[],
  flatten: (branch: JsonValue) => FlatSchema,
): void {
  const all = branches.filter((branch) => branch !== false).map(flatten);
  const options = all.filter((option) => !isNullOnly(option));
  if (all.some((option) => isNullOnly(option) || isNullable(option))) {
    flat.keywords.set("nullable", true);
  }
  const [first] = options;
  if (first === undefined) {
    if (all.length > 0 && !flat.keywords.has("type")) flat.keywords.set("type", "null");
    return;
  }
  if (options.length === 1) return inlineOnly(flat, first);
  if (options.every(isRequirementOnly)) return hintRequirements(flat, options);
  if (options.every((option) => fixedValues(option) !== undefined)) return unite(flat, options);
  pickStrongest(flat, options);
}

function isNullOnly(option: FlatSchema): boolean {
  const types = declaredTypes(option.keywords.get("type"));
  if (types.length > 0) return types.every((type) => type === "null");
  return fixedValues(option)?.every((value) => value === null) ?? false;
}

function isNullable(option: FlatSchema): boolean {
  return option.keywords.get("nullable") === true || decideType(option).nullable;
}

function inlineOnly(flat: FlatSchema, option: FlatSchema): void {
  const own = flat.keywords.get("description");
  const added = option.keywords.get("description");
  if (typeof own === "string" && typeof added === "string" && !own.includes(added)) {
    flat.keywords.set("description", own.trim() === "" ? added : `${own.trimEnd()} ${added}`);
  }
  mergeFlatSchema(flat, option);
}

const UNTELLING_KEYWORDS: ReadonlySet<string> = new Set(["type", "title", "description"]);

/** `anyOf: [{required: ["a"]}, {required: ["b"]}]` says which properties go together, not what the value is. */
function isRequirementOnly(option: FlatSchema): boolean {
  if (option.required.size === 0 || option.properties.size > 0) return false;
  return [...option.keywords.keys()].every((keyword) => UNTELLING_KEYWORDS.has(keyword));
}

function hintRequirements(flat: FlatSchema, options: readonly FlatSchema[]): void {
  const choices = options.map((option) => [...option.required].join(" and "));
  flat.hints.add(`Requires one of: ${choices.slice(0, 20).join(" | ")}`);
  if (!flat.keywords.has("type")) flat.keywords.set("type", "object");
}

function unite(flat: FlatSchema, options: readonly FlatSchema[]): void {
  const values = new Set<JsonValue>();
  for (const option of options) {
    for (const value of fixedValues(option) ?? []) values.add(value);
    const meaning = option.keywords.get("description");
    const [value] = fixedValues(option) ?? [];
    if (typeof meaning === "string" && typeof value === "string" && meaning !== "") {
      flat.hints.add(`${value}: ${meaning}`);
    }
    for (const hint of option.hints) flat.hints.add(hint);
  }
  if (fixedValues(flat) === undefined) flat.keywords.set("enum", [...values]);
}

function pickStrongest(flat: FlatSchema, options: readonly FlatSchema[]): void {
  const parentTypes = declaredTypes(flat.keywords.get("type"));
  const typeOf = (option: FlatSchema): NodeType => {
    const isUntyped = !option.keywords.has("type") && parentTypes.length > 0;
    return decideType(isUntyped ? withType(option, parentTypes) : option).type;
  };
  const fitting = options.filter((option) => parentTypes.includes(typeOf(option)));
  const candidates = fitting.length > 0 ? fitting : options;
  const picked = candidates.reduce((best, option) =>
    STRENGTH[typeOf(option)] > STRENGTH[typeOf(best)] ? option : best,
  );
  const labels = typeLabels(options.map((option) => ({ flat: option, type: typeOf(option) })));
  if (labels.length > 1) flat.hints.add(`Accepts: ${labels.join(" | ")}`);
  if (parentTypes.includes("null")) flat.keywords.set("nullable", true);
  if (parentTypes.length !== 1) flat.keywords.set("type", typeOf(picked));
  mergeFlatSchema(flat, picked);
}

function withType(option: FlatSchema, types: readonly string[]): FlatSchema {
  return { ...option, keywords: new Map(option.keywords).set("type", [...types]) };
}
