import type { JsonValue } from "../../anthropic/messages.ts";
import type { Schema } from "../../google/generate-content.ts";
import { upstreamName } from "../upstream-name.ts";
import type { FlatSchema } from "./flat-schema.ts";
import { isJsonObject, setOwn } from "./json-object.ts";
import { NO_RENAMES, renamesNothing, type PropertyRenames } from "./property-renames.ts";
import { decideType } from "./schema-type.ts";
import { detailedLabel } from "./type-label.ts";
import type { Walk } from "./walk.ts";

/** A node that is ready to be sent, and what its parent has to know. */
export interface SanitizedNode {
  readonly schema: Schema;
  readonly renamed: PropertyRenames;
  readonly requiredByParent: boolean;
}

export interface ObjectProperties {
  readonly properties: { [name: string]: Schema };
  readonly required: string[];
  readonly renamed: PropertyRenames;
}

/**
 * The properties of an object under names that the backend takes, and which of them are required. A property whose schema is
 * `false` is gone; `required` never names what is not there.
 *
 * Source: cloud-code §6.2, the rows of `properties` and `required`.
 */
export function objectProperties(
  flat: FlatSchema,
  walk: Walk,
  sanitize: (schema: JsonValue) => SanitizedNode,
): ObjectProperties {
  const upstreamNames = renamedProperties(flat, walk);
  const properties: { [name: string]: Schema } = {};
  const required = new Set<string>();
  const names = new Map<string, string>();
  const inside = new Map<string, PropertyRenames>();
  const requiredByThemselves: string[] = [];
  for (const [name, raw] of flat.properties) {
    if (raw === false) continue;
    const upstream = upstreamNames.get(name) ?? name;
    const child = sanitize(raw);
    setOwn(properties, upstream, child.schema);
    if (upstream !== name) names.set(name, upstream).set(upstream, name);
    if (!renamesNothing(child.renamed)) inside.set(name, child.renamed);
    if (child.requiredByParent) requiredByThemselves.push(upstream);
  }
  for (const name of flat.required) {
    const upstream = upstreamNames.get(name) ?? name;
    if (Object.hasOwn(properties, upstream) && flat.properties.has(name)) required.add(upstream);
  }
  for (const name of requiredByThemselves) required.add(name);
  const isRenamed = names.size > 0 || inside.size > 0;
  return {
    properties,
    required: [...required],
    renamed: isRenamed ? { names, inside } : NO_RENAMES,
  };
}

/** Upstream's names for the properties that cannot keep theirs. Valid names are never given away to others. */
function renamedProperties(flat: FlatSchema, walk: Walk): ReadonlyMap<string, string> {
  const renamed = new Map<string, string>();
  const names = [...flat.properties.keys()];
  const invalid = names.filter((name) => !walk.propertyNames.isValid(name));
  if (invalid.length === 0) return renamed;
  const taken = new Set(names);
  for (const name of invalid) {
    const upstream = upstreamName(name, walk.propertyNames, taken, walk.sha256Hex);
    taken.add(upstream);
    renamed.set(name, upstream);
  }
  return renamed;
}

/** Words for `additionalProperties`, which the backend does not take. Source: cloud-code §6.2. */
export function extraPropertiesHints(
  flat: FlatSchema,
  flatten: (schema: JsonValue) => FlatSchema,
): readonly string[] {
  const extra =
    flat.keywords.get("additionalProperties") ?? flat.keywords.get("unevaluatedProperties");
  if (extra === false) return ["No extra properties allowed"];
  if (!isJsonObject(extra)) return [];
  const said = flatten(extra);
  const { type, hints } = decideType(said);
  const label = hints[0] ?? detailedLabel({ flat: said, type });
  const description = said.keywords.get("description");
  const meaning = typeof description === "string" && description !== "" ? `: ${description}` : "";
  const lead = flat.properties.size === 0 ? "Map from string to" : "Extra properties:";
  return [`${lead} ${label}${meaning}`];
}
