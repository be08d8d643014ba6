import type { JsonValue } from "../../anthropic/messages.ts";

/** Longer values help no model and would blow up a description. */
const MAX_LENGTH = 200;

/**
 * A value in a hint: a string bare, anything else as JSON, cut at about 200 characters; `["a", 1]` → `["a",1]`. Never throws
 * and never walks further than what it prints, however deep or large the value is.
 */
export function formatValue(value: JsonValue, maxLength: number = MAX_LENGTH): string {
  const text = typeof value === "string" ? value : toJson(value, maxLength);
  return cut(text.toWellFormed(), maxLength);
}

/** Several values, as `1, 2, 3`; what does not fit is counted. */
export function formatValues(values: readonly JsonValue[], maxLength: number = MAX_LENGTH): string {
  let text = "";
  for (const [index, value] of values.entries()) {
    const next = value === "" ? '""' : formatValue(value, maxLength);
    if (index > 0 && text.length + next.length > maxLength) {
      return `${text}, … (${values.length} in all)`;
    }
    text += index === 0 ? next : `, ${next}`;
  }
  return text;
}

/** The value as JSON when that is short, else undefined: for keywords whose hint is worth it only then. */
export function shortJson(value: JsonValue, maxLength: number): string | undefined {
  const text = toJson(value, maxLength);
  return text.length > maxLength ? undefined : text.toWellFormed();
}

function cut(text: string, maxLength: number): string {
  return text.length <= maxLength ? text : `${text.slice(0, maxLength).toWellFormed()}…`;
}

/** JSON of the value, or more than `maxLength` characters of its beginning. */
function toJson(value: JsonValue, maxLength: number): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, maxLength + 1));
  if (typeof value !== "object" || value === null) return String(value);
  return Array.isArray(value)
    ? listToJson(value, maxLength)
    : entriesToJson(Object.entries(value), maxLength);
}

function listToJson(list: readonly JsonValue[], maxLength: number): string {
  let text = "[";
  for (const [index, item] of list.entries()) {
    // The room shrinks with each level, which bounds the recursion too.
    if (text.length > maxLength) return text;
    text += (index === 0 ? "" : ",") + toJson(item, maxLength - text.length);
  }
  return `${text}]`;
}

function entriesToJson(entries: readonly [string, JsonValue][], maxLength: number): string {
  let text = "{";
  for (const [index, [key, item]] of entries.entries()) {
    if (text.length > maxLength) return text;
    text += `${index === 0 ? "" : ","}${JSON.stringify(key.slice(0, maxLength + 1))}:`;
    text += toJson(item, maxLength - text.length);
  }
  return `${text}}`;
}
