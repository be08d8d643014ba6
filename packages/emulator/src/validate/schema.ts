import { claudeError } from "../errors/claude-error.ts";
import { invalidArgument } from "../errors/google-error.ts";
import type { Reply } from "../http/reply.ts";
import type { CheckContext } from "./check.ts";
import type { UncheckedDeclaration, UncheckedSchema } from "./unchecked.ts";

const MAX_DEPTH = 32;
const CLAUDE_PROPERTY = /^[a-zA-Z0-9_.-]{1,64}$/;
const BESIDE_ANY_OF = new Set(["anyOf", "description", "title", "nullable"]);
const FORMATS: Readonly<Record<string, ReadonlySet<string>>> = {
  STRING: new Set(["enum", "date-time"]),
  NUMBER: new Set(["float", "double"]),
  INTEGER: new Set(["int32", "int64"]),
};

/** The schema of a declaration's parameters; absent is allowed. Key names were checked as proto. Source: cloud-code §6.2, §14.14. */
export function checkParameters(
  { parameters, name }: UncheckedDeclaration,
  path: string,
  number: number,
  context: CheckContext,
): Reply | undefined {
  if (parameters === undefined) return undefined;
  const root = `${path}.parameters`;
  if (typeOf(parameters) !== "OBJECT") {
    return invalidArgument(`* ${root}: parameters schema should be of type OBJECT.\n`);
  }
  const problem = schemaProblem(parameters, root, 1);
  if (problem !== undefined) return invalidArgument(`* ${problem}\n`);
  if (context.model.family !== "claude") return undefined;
  const badProperty = findProperty(parameters, (property) => !CLAUDE_PROPERTY.test(property));
  if (badProperty !== undefined) {
    return claudeError(
      `tools.${number}.custom.input_schema.properties: Property keys should match pattern '${CLAUDE_PROPERTY.source}'`,
    );
  }
  return checkNotEmpty(parameters, name ?? "", number, context);
}

/** Claude in VALIDATED mode needs a property at the root (reported, switchable). Source: cloud-code §6.2 "Empty objects". */
function checkNotEmpty(
  parameters: UncheckedSchema,
  name: string,
  number: number,
  { request, rules }: CheckContext,
): Reply | undefined {
  const isValidated = request.toolConfig?.functionCallingConfig?.mode === "VALIDATED";
  const isEmpty = Object.keys(parameters.properties ?? {}).length === 0;
  if (!rules.claudeToolsNeedProperties || !isValidated || !isEmpty) return undefined;
  return claudeError(
    `tools.${number}.custom.input_schema: ${name} must have at least one property in VALIDATED mode`,
  );
}

/** The first fault of a schema as `path: what`, `undefined` when there is none. `depth` counts from 1 at the root. */
export function schemaProblem(
  schema: UncheckedSchema,
  path: string,
  depth: number,
): string | undefined {
  if (depth > MAX_DEPTH) return `${path}: schema is nested deeper than ${MAX_DEPTH} levels.`;
  return (
    anyOfProblem(schema, path) ??
    typeProblem(schema, path) ??
    enumProblem(schema, path) ??
    requiredProblem(schema, path) ??
    childProblem(schema, path, depth)
  );
}

function typeOf(schema: UncheckedSchema): string | undefined {
  return schema.type?.toUpperCase();
}

function anyOfProblem(schema: UncheckedSchema, path: string): string | undefined {
  if (schema.anyOf === undefined) return undefined;
  if (schema.anyOf.length === 0) return `${path}.any_of: must not be empty.`;
  const other = Object.keys(schema).find((key) => !BESIDE_ANY_OF.has(key));
  if (other === undefined) return undefined;
  return `${path}: schema specified other fields alongside any_of. When using any_of, it must be the only field set.`;
}

function typeProblem(schema: UncheckedSchema, path: string): string | undefined {
  const type = typeOf(schema);
  if (type === undefined) {
    return schema.anyOf ? undefined : `${path}: schema didn't specify the schema type field.`;
  }
  if (type === "ARRAY" && schema.items === undefined) return `${path}.items: missing field.`;
  if (type !== "OBJECT" && schema.properties !== undefined) {
    return `${path}.properties: only allowed for OBJECT type.`;
  }
  if (type !== "ARRAY" && schema.items !== undefined) {
    return `${path}.items: only allowed for ARRAY type.`;
  }
  if (schema.format !== undefined && FORMATS[type]?.has(schema.format) !== true) {
    return type === "STRING"
      ? `${path}.format: only 'enum' and 'date-time' are supported for STRING type`
      : `${path}.format: '${schema.format}' is not supported for ${type} type`;
  }
  return undefined;
}

function enumProblem(schema: UncheckedSchema, path: string): string | undefined {
  if (schema.enum === undefined) return undefined;
  if (typeOf(schema) !== "STRING") return `${path}.enum: only allowed for STRING type`;
  const empty = schema.enum.indexOf("");
  return empty < 0 ? undefined : `${path}.enum[${empty}]: cannot be empty`;
}

function requiredProblem(schema: UncheckedSchema, path: string): string | undefined {
  const index = schema.required?.findIndex((name) => !Object.hasOwn(schema.properties ?? {}, name));
  return index === undefined || index < 0
    ? undefined
    : `${path}.required[${index}]: property is not defined`;
}

function childProblem(schema: UncheckedSchema, path: string, depth: number): string | undefined {
  for (const [name, child] of Object.entries(schema.properties ?? {})) {
    const problem = schemaProblem(child, `${path}.properties[${name}]`, depth + 1);
    if (problem !== undefined) return problem;
  }
  for (const [index, child] of (schema.anyOf ?? []).entries()) {
    const problem = schemaProblem(child, `${path}.any_of[${index}]`, depth + 1);
    if (problem !== undefined) return problem;
  }
  return schema.items && schemaProblem(schema.items, `${path}.items`, depth + 1);
}

function findProperty(
  schema: UncheckedSchema,
  matches: (name: string) => boolean,
): string | undefined {
  for (const [name, child] of Object.entries(schema.properties ?? {})) {
    const found = matches(name) ? name : findProperty(child, matches);
    if (found !== undefined) return found;
  }
  for (const child of [...(schema.anyOf ?? []), ...(schema.items ? [schema.items] : [])]) {
    const found = findProperty(child, matches);
    if (found !== undefined) return found;
  }
  return undefined;
}
