import type { JsonObject, JsonValue } from "../../anthropic/messages.ts";
import { isJsonList, isJsonObject, ownValue } from "./json-object.ts";

/**
 * What a local reference (`#`, `#/$defs/Point`) points at, or undefined when it is external, broken or dangling. The root is
 * asked first; definitions of nested schemas are found by the enclosing ones, since some generators write them so.
 *
 * Source: cloud-code §6.2, `$ref`; RFC 6901 §4 and §6.
 */
export function resolveRef(ref: string, scopes: readonly JsonObject[]): JsonValue | undefined {
  if (!ref.startsWith("#")) return undefined;
  const pointer = percentDecode(ref.slice(1));
  if (pointer !== "" && !pointer?.startsWith("/")) return undefined;
  const tokens = pointer
    .split("/")
    .slice(1)
    .map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"));
  const [root, ...nested] = scopes;
  if (root === undefined) return undefined;
  const inRoot = follow(root, tokens);
  if (inRoot !== undefined || tokens.length === 0) return inRoot;
  for (const scope of nested.toReversed()) {
    const found = follow(scope, tokens);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The name for `See: Name`: the last step of the pointer, or of an address. */
export function refName(ref: string): string {
  const steps = ref.split(/[/#]/).filter((step) => step !== "");
  const last = steps.at(-1)?.replaceAll("~1", "/").replaceAll("~0", "~") ?? "the whole schema";
  return last.slice(0, 100).toWellFormed();
}

function percentDecode(fragment: string): string | undefined {
  if (!fragment.includes("%")) return fragment;
  try {
    return decodeURIComponent(fragment);
  } catch {
    return undefined;
  }
}

function follow(start: JsonObject, tokens: readonly string[]): JsonValue | undefined {
  let value: JsonValue | undefined = start;
  for (const token of tokens) {
    if (isJsonObject(value)) value = ownValue(value, token);
    else if (isJsonList(value) && /^\d{1,9}$/.test(token)) value = value[Number(token)];
    else return undefined;
  }
  return value;
}
