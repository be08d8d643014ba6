import type { JsonObject } from "@agp/core";

/** Whether a parsed JSON value is an object (no array, no null). */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
