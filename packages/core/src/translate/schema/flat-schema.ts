import type { JsonObject, JsonValue } from "../../anthropic/messages.ts";
import type { Place } from "./walk.ts";

/**
 * What one node says once `$ref`, `allOf`, conditionals and unions are merged into it: where two of them speak, the first
 * one wins. Children are still as the client wrote them.
 */
export interface FlatSchema {
  readonly keywords: Map<string, JsonValue>;
  readonly properties: Map<string, JsonValue>;
  /** Insertion order is kept: the same schema gives the same bytes. */
  readonly required: Set<string>;
  /** Words for what cannot be sent, each once. */
  readonly hints: Set<string>;
  /** `required: true`, as draft 3 says it on the property itself. */
  requiredByParent: boolean;
  /** Lists of branches, resolved after everything else was merged. */
  readonly unions: (readonly JsonValue[])[];
  place: Place;
}

/** A node that says nothing yet. */
export function emptyFlatSchema(place: Place): FlatSchema {
  return {
    keywords: new Map(),
    properties: new Map(),
    required: new Set(),
    hints: new Set(),
    requiredByParent: false,
    unions: [],
    place,
  };
}

/** Adds what `from` says and `into` does not; `required` is united. */
export function mergeFlatSchema(into: FlatSchema, from: FlatSchema): void {
  for (const [keyword, value] of from.keywords) {
    if (!into.keywords.has(keyword)) into.keywords.set(keyword, value);
  }
  for (const [name, value] of from.properties) {
    if (!into.properties.has(name)) into.properties.set(name, value);
  }
  for (const name of from.required) into.required.add(name);
  for (const hint of from.hints) into.hints.add(hint);
  into.place = unitePlaces(into.place, from.place);
}

/** The place of a node that is also the target of a `$ref`. */
export function enterTarget(place: Place, target: JsonObject): Place {
  return {
    visited: new Set(place.visited).add(target),
    scopes: enterScope(place, target).scopes,
  };
}

/** The place below a schema that holds definitions of its own. */
export function enterScope(place: Place, schema: JsonObject): Place {
  const holdsDefinitions = Object.hasOwn(schema, "$defs") || Object.hasOwn(schema, "definitions");
  if (!holdsDefinitions || place.scopes.includes(schema)) return place;
  return { visited: place.visited, scopes: [...place.scopes, schema] };
}

function unitePlaces(a: Place, b: Place): Place {
  if (b.visited === a.visited && b.scopes === a.scopes) return a;
  return {
    visited: new Set([...a.visited, ...b.visited]),
    scopes: [...new Set([...a.scopes, ...b.scopes])],
  };
}
