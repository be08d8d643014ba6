import type { JsonObject, JsonValue } from "@agp/core";

interface ValueSchema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly format?: string;
  readonly items?: ValueSchema;
  readonly properties?: Readonly<Record<string, ValueSchema>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly ValueSchema[];
  readonly minItems?: number | string;
  readonly minimum?: number;
}

/** A small JSON value that satisfies a schema; `name` becomes the content of its strings. */
export function minimalValue(schema: ValueSchema, name: string): JsonValue {
  const branch = schema.anyOf?.[0];
  if (branch !== undefined) return minimalValue(branch, name);
  switch (schema.type?.toUpperCase()) {
    case "OBJECT":
      return minimalObject(schema);
    case "ARRAY": {
      const length = Number(schema.minItems ?? 1);
      return Array.from({ length }, () => minimalValue(schema.items ?? {}, name));
    }
    case "INTEGER":
    case "NUMBER":
      return schema.minimum ?? 1;
    case "BOOLEAN":
      return true;
    case "NULL":
      return null;
    default:
      if (schema.format === "date-time") return "2026-01-01T00:00:00Z";
      return schema.enum?.[0] ?? `Emulated ${name}`;
  }
}

/** The required properties, or all where none is required. */
export function minimalObject(schema: ValueSchema): JsonObject {
  const properties = schema.properties ?? {};
  const names = schema.required?.length ? schema.required : Object.keys(properties);
  return Object.fromEntries(
    names.map((name) => [name, minimalValue(properties[name] ?? {}, name)]),
  );
}
