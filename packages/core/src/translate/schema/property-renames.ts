import type { JsonObject, JsonValue } from "../../anthropic/messages.ts";
import { isJsonList, isJsonObject, setOwn } from "./json-object.ts";

/** Which properties of a tool's arguments have another name upstream, as a tree that only holds what is renamed. */
export interface PropertyRenames {
  /**
   * Pairs in both directions, client's ↔ upstream's. A renamed name never was valid and its new one is, so no name is on
   * both sides; swapping the two makes every object come back as it was, even one with undeclared names.
   */
  readonly names: ReadonlyMap<string, string>;
  /** Renames inside a property's value, by the client's name. */
  readonly inside: ReadonlyMap<string, PropertyRenames>;
  /** Renames inside each element, when the value is a list. */
  readonly items?: PropertyRenames;
}

/** Nothing is renamed. */
export const NO_RENAMES: PropertyRenames = { names: new Map(), inside: new Map() };

/** True when a tree renames nothing, so that arguments can pass as they are. */
export function renamesNothing(renames: PropertyRenames): boolean {
  return renames.names.size === 0 && renames.inside.size === 0 && renames.items === undefined;
}

/** Arguments from upstream under the client's names; the same value when nothing is renamed. Source: cloud-code §6.2. */
export function renameToClient(args: JsonObject, renames: PropertyRenames): JsonObject {
  return renameObject(args, renames, "client");
}

/** Arguments of a client's history under the names that upstream knows. Source: cloud-code §6.2. */
export function renameToUpstream(args: JsonObject, renames: PropertyRenames): JsonObject {
  return renameObject(args, renames, "upstream");
}

type Direction = "client" | "upstream";

function renameObject(
  object: JsonObject,
  renames: PropertyRenames,
  direction: Direction,
): JsonObject {
  if (renames.names.size === 0 && renames.inside.size === 0) return object;
  const renamed: { [key: string]: JsonValue } = {};
  for (const [key, value] of Object.entries(object)) {
    const other = renames.names.get(key) ?? key;
    const inside = renames.inside.get(direction === "client" ? other : key);
    setOwn(renamed, other, inside === undefined ? value : renameValue(value, inside, direction));
  }
  return renamed;
}

function renameValue(value: JsonValue, renames: PropertyRenames, direction: Direction): JsonValue {
  const { items } = renames;
  if (isJsonObject(value)) return renameObject(value, renames, direction);
  if (items === undefined || !isJsonList(value)) return value;
  return value.map((item) => renameValue(item, items, direction));
}
