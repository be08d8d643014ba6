import { expect, test } from "vitest";
import type { JsonValue } from "../anthropic/messages.ts";
import { definedFunction, type DefinedToolKind } from "./defined-tools.ts";
import { schemaProblems } from "./schema/__fixtures__/strict-schema.ts";
import { sanitizeSchema } from "./schema/sanitize-schema.ts";

test.each<[DefinedToolKind, string]>([
  ["bash", "bash_20250124"],
  ["text_editor", "text_editor_20250124"],
  ["text_editor", "text_editor_20250728"],
  ["memory", "memory_20250818"],
])("%s (%s) is in the form that the sanitiser gives, and described throughout", (kind, type) => {
  const { description, parameters } = definedFunction(kind, type);
  expect(schemaProblems(parameters, "claude")).toEqual([]);
  // A schema of the backend's is JSON.
  const sanitized = sanitizeSchema(parameters as JsonValue, {
    family: "claude",
    placeholder: true,
    sha256Hex: String,
  });
  expect(sanitized.schema).toEqual(parameters);
  expect(description).toMatch(/\.$/);
  for (const property of Object.values(parameters.properties ?? {})) {
    expect(property.description).toMatch(/\.$/);
  }
});
