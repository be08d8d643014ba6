import { formatValues } from "./format-value.ts";
import type { FlatSchema } from "./flat-schema.ts";
import { fixedValues, type NodeType } from "./schema-type.ts";

/** More alternatives than these help nobody. */
const MAX_LABELS = 20;
const MAX_PROPERTIES = 8;

/** A node and the type that it would be sent with. */
export interface TypedSchema {
  readonly flat: FlatSchema;
  readonly type: NodeType;
}

/**
 * Short names for alternatives in a hint, each once: `string`, `object`. Where types alone do not tell them apart, what they
 * hold: `object {kind, radius}`, `string (uuid)`.
 */
export function typeLabels(options: readonly TypedSchema[]): readonly string[] {
  const shown = options.slice(0, MAX_LABELS);
  const types = shown.map((option) => option.type);
  const labels = new Set(
    shown.map((option) =>
      types.filter((type) => type === option.type).length > 1 ? detailedLabel(option) : option.type,
    ),
  );
  if (options.length > MAX_LABELS) labels.add("…");
  return [...labels];
}

/** What a value looks like, in a few words. */
export function detailedLabel({ flat, type }: TypedSchema): string {
  if (type === "object" && flat.properties.size > 0) {
    const names = [...flat.properties.keys()].slice(0, MAX_PROPERTIES);
    const more = flat.properties.size > MAX_PROPERTIES ? ", …" : "";
    return `object {${formatValues(names)}${more}}`;
  }
  const values = fixedValues(flat);
  if (values !== undefined) return `${type} (${formatValues(values)})`;
  const format = flat.keywords.get("format") ?? flat.keywords.get("pattern");
  return typeof format === "string" ? `${type} (${formatValues([format])})` : type;
}
