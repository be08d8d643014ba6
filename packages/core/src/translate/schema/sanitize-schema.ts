import type { JsonValue } from "../../anthropic/messages.ts";
import type { Schema } from "../../google/generate-content.ts";
import type { ModelFamily } from "../../models/catalogue.ts";
import {
  claudePropertyNameRule,
  textPropertyNameRule,
  type NameRule,
  type Sha256Hex,
} from "../upstream-name.ts";
import { isJsonObject } from "./json-object.ts";
import type { PropertyRenames } from "./property-renames.ts";
import { sanitizeNode } from "./sanitize-node.ts";
import type { Walk } from "./walk.ts";

export interface SanitizeOptions {
  readonly family: ModelFamily;
  /** Gives an empty root object a required property, for Claude only (`TranslationSettings.placeholderForEmptyObjects`). */
  readonly placeholder: boolean;
  readonly sha256Hex: Sha256Hex;
}

export interface SanitizedSchema {
  readonly schema: Schema;
  /** How the arguments' names map to the client's. */
  readonly renamed: PropertyRenames;
  /** Name of the property that was added at the root and has to leave the arguments again. */
  readonly placeholder?: string;
  /** Keywords that left no trace in the schema, by name, and how often; unknown ones together as `*`. */
  readonly removed: ReadonlyMap<string, number>;
}

const PLACEHOLDER = "_placeholder";

const PROPERTY_NAMES = {
  claude: claudePropertyNameRule,
  gemini: textPropertyNameRule,
  gpt: textPropertyNameRule,
} as const satisfies Record<ModelFamily, NameRule>;

/**
 * Any JSON Schema, or what claims to be one, as the backend's `Schema`: only keywords that it takes, the rest as words in the
 * descriptions. Never throws and never changes its input; sanitising twice gives the same. The root may come out as another
 * type than `object`: that is for the caller to refuse.
 *
 * Source: cloud-code §6.2 and §6.3, fixture 60.
 */
export function sanitizeSchema(schema: JsonValue, options: SanitizeOptions): SanitizedSchema {
  const walk: Walk = {
    propertyNames: PROPERTY_NAMES[options.family],
    sha256Hex: options.sha256Hex,
    nodes: 0,
    removed: new Map(),
  };
  const place = { visited: new Set<never>(), scopes: isJsonObject(schema) ? [schema] : [] };
  const root = sanitizeNode(schema, place, walk, 1);
  const sanitized = { schema: root.schema, renamed: root.renamed, removed: walk.removed };
  const isEmpty =
    root.schema.type === "object" && Object.keys(root.schema.properties ?? {}).length === 0;
  if (options.family !== "claude" || !options.placeholder || !isEmpty) return sanitized;
  return { ...sanitized, schema: withPlaceholder(root.schema), placeholder: PLACEHOLDER };
}

/** Claude checks arguments against the schema and is reported to need a property. Source: cloud-code §6.2, empty objects. */
function withPlaceholder(schema: Schema): Schema {
  return {
    ...schema,
    properties: {
      [PLACEHOLDER]: { type: "boolean", description: "Not used. Always true." },
    },
    required: [PLACEHOLDER],
  };
}
