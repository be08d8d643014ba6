/** Careful looks into JSON that somebody else wrote: a wrong type reads as absent, and nothing throws. */
export interface JsonRecord {
  readonly [key: string]: unknown;
}

/** The value as an object, or undefined when it is anything else (a list, null, a primitive). */
export function asRecord(value: unknown): JsonRecord | undefined {
  return isRecord(value) ? value : undefined;
}

/** The value as a list; anything else is an empty one. */
export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The objects of a list; everything else in it is left out. */
export function asRecords(value: unknown): readonly JsonRecord[] {
  return asList(value)
    .map(asRecord)
    .filter((record) => record !== undefined);
}

/** The value as a string that is not empty, or undefined. */
export function asText(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The value as a finite number, or undefined. */
export function asFinite(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** The text as JSON, or undefined when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
