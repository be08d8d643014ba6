/** Whether a value of the wire, whatever its type claims, is an object (and no list). */
export function isObject<T>(value: T): value is T & object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A list of the wire, read safely: whatever is none counts as empty. */
export function listOf<T>(value: readonly T[] | null | undefined): readonly T[] {
  return Array.isArray(value) ? value : [];
}
