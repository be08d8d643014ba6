import type { JsonValue } from "../../anthropic/messages.ts";
import type { SchemaType } from "../../google/generate-content.ts";
import type { FlatSchema } from "./flat-schema.ts";
import { formatValue } from "./format-value.ts";
import { isJsonList } from "./json-object.ts";

/** The type that a node is sent with; `null` never stands alone. */
export type NodeType = Exclude<SchemaType, "null">;

export interface TypeDecision {
  readonly type: NodeType;
  readonly nullable: boolean;
  readonly hints: readonly string[];
}

const KNOWN_TYPES: ReadonlySet<string> = new Set<SchemaType>([
  "object",
  "string",
  "number",
  "integer",
  "boolean",
  "array",
  "null",
]);

/** Keywords that only make sense on one type, in the order in which they decide. Source: cloud-code §6.2, `type` missing. */
const TYPE_OF_KEYWORD = {
  properties: "object",
  additionalProperties: "object",
  unevaluatedProperties: "object",
  patternProperties: "object",
  propertyNames: "object",
  minProperties: "object",
  maxProperties: "object",
  items: "array",
  prefixItems: "array",
  contains: "array",
  minItems: "array",
  maxItems: "array",
  uniqueItems: "array",
  pattern: "string",
  format: "string",
  minLength: "string",
  maxLength: "string",
  minimum: "number",
  maximum: "number",
  exclusiveMinimum: "number",
  exclusiveMaximum: "number",
  multipleOf: "number",
} as const satisfies Record<string, NodeType>;

/** The one type that stands for whatever a node says about its type. Source: cloud-code §6.2, the rows of `type`. */
export function decideType(flat: FlatSchema): TypeDecision {
  const declared = flat.keywords.get("type");
  const names = declaredTypes(declared);
  if (names.length === 0) return inferType(flat);
  const known = names.filter((name) => KNOWN_TYPES.has(name));
  const types = known.filter((name): name is NodeType => name !== "null");
  const nullable = known.length > types.length;
  const [first] = types;
  if (first === undefined) return withoutType(names, nullable);
  const hints = types.length > 1 ? [`Accepts: ${types.join(" | ")}`] : [];
  return { type: first, nullable, hints };
}

/** Lower-case names in `type`, a string or a list; `[]` when it says nothing that can be read. */
export function declaredTypes(declared: JsonValue | undefined): string[] {
  if (typeof declared === "string") return [declared.toLowerCase()];
  if (!isJsonList(declared)) return [];
  const names = declared.filter((name) => typeof name === "string");
  return [...new Set(names.map((name) => name.toLowerCase()))];
}

/** The JSON type of a value. */
export function typeOfValue(value: JsonValue): SchemaType {
  if (value === null) return "null";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  if (typeof value === "object") return isJsonList(value) ? "array" : "object";
  return typeof value === "string" ? "string" : "boolean";
}

function withoutType(names: readonly string[], nullable: boolean): TypeDecision {
  const strange = names.filter((name) => name !== "null");
  const hints =
    strange.length > 0 ? [`type: ${formatValue(strange.join(" | "))}`] : ["always null"];
  return { type: "string", nullable, hints };
}

function inferType(flat: FlatSchema): TypeDecision {
  if (flat.properties.size > 0 || flat.required.size > 0) return only("object");
  const values = fixedValues(flat);
  if (values !== undefined) return typeOfValues(values);
  for (const [keyword, type] of Object.entries(TYPE_OF_KEYWORD)) {
    if (flat.keywords.has(keyword)) return only(type);
  }
  return { type: "string", nullable: false, hints: ["any JSON value"] };
}

function only(type: NodeType): TypeDecision {
  return { type, nullable: false, hints: [] };
}

/** The values that `const` or `enum` leaves, or undefined when neither is there. */
export function fixedValues(flat: FlatSchema): readonly JsonValue[] | undefined {
  const constant = flat.keywords.get("const");
  if (constant !== undefined) return [constant];
  const values = flat.keywords.get("enum");
  return isJsonList(values) && values.length > 0 ? values : undefined;
}

function typeOfValues(values: readonly JsonValue[]): TypeDecision {
  const types = new Set(values.map(typeOfValue));
  const nullable = types.delete("null");
  if (types.size === 0) return { type: "string", nullable, hints: ["always null"] };
  if (types.size === 2 && types.has("integer") && types.has("number")) types.delete("integer");
  const [first] = types;
  const type = types.size === 1 && first !== undefined && first !== "null" ? first : "string";
  return { type, nullable, hints: [] };
}
