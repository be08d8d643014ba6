import type { JsonValue } from "../../anthropic/messages.ts";
import { sanitizeSchema, type SanitizedSchema, type SanitizeOptions } from "./sanitize-schema.ts";

/** Sanitised schemas by their text: clients send the same tools with every request, parsed anew each time. */
export interface SchemaCache {
  /** As `sanitizeSchema`; what is returned is shared between requests and must not be changed. */
  sanitize(schema: JsonValue, options: SanitizeOptions): SanitizedSchema;
  /** Schemas that are held now. */
  readonly size: number;
}

export interface SchemaCacheOptions {
  /** Schemas held at most, >= 1; the one used longest ago goes first. */
  readonly maxEntries: number;
  /** Characters of schema text held at most, 8 million by default: a count alone would let huge schemas fill the memory. */
  readonly maxCharacters?: number;
}

const DEFAULT_MAX_CHARACTERS = 8_000_000;

/** Makes an empty cache. It holds no other state than what it returns. */
export function createSchemaCache(options: SchemaCacheOptions): SchemaCache {
  const { maxEntries, maxCharacters = DEFAULT_MAX_CHARACTERS } = options;
  const entries = new Map<string, SanitizedSchema>();
  let characters = 0;

  function drop(key: string): void {
    if (entries.delete(key)) characters -= key.length;
  }

  function keep(key: string, value: SanitizedSchema): void {
    if (key.length > maxCharacters) return;
    entries.set(key, value);
    characters += key.length;
    for (const oldest of entries.keys()) {
      if (entries.size <= maxEntries && characters <= maxCharacters) return;
      drop(oldest);
    }
  }

  return {
    sanitize(schema, sanitizeOptions) {
      const key = cacheKey(schema, sanitizeOptions);
      if (key === undefined) return sanitizeSchema(schema, sanitizeOptions);
      const known = entries.get(key);
      if (known !== undefined) {
        entries.delete(key);
        entries.set(key, known);
        return known;
      }
      const sanitized = sanitizeSchema(schema, sanitizeOptions);
      keep(key, sanitized);
      return sanitized;
    },
    get size() {
      return entries.size;
    },
  };
}

/** Undefined for a schema that is nested too deeply to be written as text. */
function cacheKey(schema: JsonValue, options: SanitizeOptions): string | undefined {
  try {
    return `${options.family} ${options.placeholder} ${JSON.stringify(schema)}`;
  } catch {
    return undefined;
  }
}
