import type { JsonValue } from "../../anthropic/messages.ts";
import type { FlatSchema } from "./flat-schema.ts";
import { formatValue, formatValues, shortJson } from "./format-value.ts";
import { isJsonList, isJsonObject } from "./json-object.ts";
import type { Walk } from "./walk.ts";

/** Longest JSON of a keyword that is only worth a hint when it is short. */
const SHORT_JSON_LENGTH = 120;

type HintRule = (value: JsonValue, flat: FlatSchema) => string | undefined;

function constraint(label: string): HintRule {
  return (value) => `${label}: ${formatValue(value)}`;
}

/** A short value as JSON, nothing for a long one. */
function whenShort(label: string): HintRule {
  return (value) => {
    const json = shortJson(value, SHORT_JSON_LENGTH);
    return json === undefined ? undefined : `${label}: ${json}`;
  };
}

/** Draft 4 says `exclusiveMinimum: true` beside `minimum`, later drafts give the number itself. */
function limit(label: string, exclusiveKeyword: string): HintRule {
  return (value, flat) =>
    flat.keywords.get(exclusiveKeyword) === true ? undefined : `${label}: ${formatValue(value)}`;
}

function exclusiveLimit(label: string, limitKeyword: string): HintRule {
  return (value, flat) => {
    const bound = value === true ? flat.keywords.get(limitKeyword) : value;
    return bound === undefined || bound === false ? undefined : `${label} ${formatValue(bound)}`;
  };
}

/** Keywords that the backend refuses or ignores, and the words that they leave behind. Source: cloud-code §6.2. */
const HINT_RULES = {
  default: (value) => `Default: ${formatValues([value])}`,
  examples: (value) => `Examples: ${formatValues(isJsonList(value) ? value : [value])}`,
  example: (value) => `Example: ${formatValues([value])}`,
  minimum: limit("minimum", "exclusiveMinimum"),
  maximum: limit("maximum", "exclusiveMaximum"),
  exclusiveMinimum: exclusiveLimit("greater than", "minimum"),
  exclusiveMaximum: exclusiveLimit("less than", "maximum"),
  multipleOf: (value) => `multiple of ${formatValue(value)}`,
  minLength: constraint("minLength"),
  maxLength: constraint("maxLength"),
  pattern: constraint("pattern"),
  minItems: constraint("minItems"),
  maxItems: constraint("maxItems"),
  minProperties: constraint("minProperties"),
  maxProperties: constraint("maxProperties"),
  uniqueItems: (value) => (value === true ? "no duplicate items" : undefined),
  not: whenShort("Must not match"),
  contains: whenShort("Must contain"),
  dependentRequired: whenShort("Required together"),
  dependentSchemas: whenShort("Depends on other properties"),
  dependencies: whenShort("Depends on other properties"),
  patternProperties: whenShort("Properties by pattern of their name"),
  // Names are strings anyway, and Claude Code writes this for every map.
  propertyNames: (value, flat) =>
    isJsonObject(value) && Object.keys(value).join() === "type"
      ? undefined
      : whenShort("Property names")(value, flat),
} as const satisfies Record<string, HintRule>;

const RULES: ReadonlyMap<string, HintRule> = new Map(Object.entries(HINT_RULES));

/** Keywords that other parts of the sanitiser turn into something. */
const HANDLED_ELSEWHERE: ReadonlySet<string> = new Set([
  "type",
  "description",
  "nullable",
  "format",
  "enum",
  "const",
  "properties",
  "items",
  "prefixItems",
  "additionalItems",
  "additionalProperties",
  "unevaluatedProperties",
]);

/** Keywords that go without a trace and may be named in a log; others are counted together as `*`. */
const METADATA: ReadonlySet<string> = new Set([
  "$schema",
  "$id",
  "$anchor",
  "$comment",
  "id",
  "title",
  "contentEncoding",
  "contentMediaType",
  "contentSchema",
  "deprecated",
  "readOnly",
  "writeOnly",
  "discriminator",
  "xml",
  "externalDocs",
  "enumDescriptions",
  "enumTitles",
  "enumNames",
  "markdownDescription",
]);

/** Words for the keywords of a node that cannot be sent; those without words are counted in `walk.removed`. */
export function keywordHints(flat: FlatSchema, walk: Walk): string[] {
  const hints: string[] = [];
  for (const [keyword, value] of flat.keywords) {
    if (HANDLED_ELSEWHERE.has(keyword)) continue;
    const rule = RULES.get(keyword);
    const hint = rule?.(value, flat);
    if (hint !== undefined) hints.push(hint);
    if (rule !== undefined) continue;
    const counted = METADATA.has(keyword) ? keyword : "*";
    walk.removed.set(counted, (walk.removed.get(counted) ?? 0) + 1);
  }
  return hints;
}
