/**
 * A checker of declarations and schemas written from the backend's rules alone, so that it shares no mistake with the
 * sanitiser. Source: cloud-code §14 rows 13 and 14.
 */
const TYPES = new Set(["object", "string", "number", "integer", "boolean", "array", "null"]);
/** The keys of the proto `Schema` that §6.2 lists, less those that this project never sends. */
const KEYS = new Set([
  "type",
  "format",
  "description",
  "nullable",
  "enum",
  "items",
  "properties",
  "required",
]);
const FORMATS: Record<string, readonly string[]> = {
  string: ["enum", "date-time"],
  number: ["float", "double", "int32", "int64"],
  integer: ["float", "double", "int32", "int64"],
};

type Family = "claude" | "gemini";

/** Everything that the backend would refuse, as `path: reason`; `[]` for a schema that it takes. */
export function schemaProblems(schema: unknown, family: Family): string[] {
  const problems: string[] = [];
  check(schema, "$", 1, family, problems);
  if (!isObject(schema) || schema["type"] !== "object") problems.push("$: root is no object");
  return problems;
}

/** As `schemaProblems`, for a list of declarations. */
export function declarationProblems(declarations: unknown, family: Family): string[] {
  if (!Array.isArray(declarations)) return ["declarations are no list"];
  const problems: string[] = [];
  const names = new Set<unknown>();
  for (const declaration of declarations) {
    if (!isObject(declaration)) {
      problems.push("a declaration is no object");
      continue;
    }
    const { name, description, parameters, ...rest } = declaration;
    const pattern = family === "claude" ? /^[a-zA-Z0-9_-]{1,64}$/ : /^[a-zA-Z_][a-zA-Z0-9_.:-]{0,63}$/;
    if (typeof name !== "string" || !pattern.test(name)) problems.push(`name ${String(name)}`);
    if (names.has(name)) problems.push(`Duplicate function declaration found: ${String(name)}`);
    names.add(name);
    if (Object.keys(rest).length > 0) problems.push(`unknown keys ${Object.keys(rest).join()}`);
    if (description !== undefined && typeof description !== "string") problems.push("description");
    problems.push(...schemaProblems(parameters, family).map((text) => `${String(name)} ${text}`));
  }
  return problems;
}

function check(
  node: unknown,
  path: string,
  depth: number,
  family: Family,
  problems: string[],
): void {
  const report = (reason: string): void => void problems.push(`${path}: ${reason}`);
  if (!isObject(node)) return report("is no object");
  if (depth > 32) return report("is too deep");
  for (const key of Object.keys(node)) if (!KEYS.has(key)) report(`Unknown name "${key}"`);
  const type = node["type"];
  if (typeof type !== "string" || !TYPES.has(type)) return report(`type is ${JSON.stringify(type)}`);
  if ("description" in node) checkText(node["description"], "description", report);
  if ("nullable" in node && typeof node["nullable"] !== "boolean") report("nullable is no bool");
  const format = node["format"];
  if (format !== undefined && !FORMATS[type]?.includes(String(format))) report("format");
  checkEnum(node["enum"], type, report);
  checkItems(node, type, report);
  if (type === "array") check(node["items"], `${path}.items`, depth + 1, family, problems);
  checkProperties(node, type, family, report);
  if (!isObject(node["properties"])) return;
  for (const [name, child] of Object.entries(node["properties"])) {
    check(child, `${path}.${name}`, depth + 1, family, problems);
  }
}

type Report = (reason: string) => void;

function checkText(value: unknown, what: string, report: Report): void {
  if (typeof value !== "string" || value === "") report(`${what} is no text`);
  else if (!value.isWellFormed()) report(`${what} holds a lone surrogate`);
}

function checkEnum(values: unknown, type: string, report: Report): void {
  if (values === undefined) return;
  if (type !== "string") report("enum on another type than string");
  if (!Array.isArray(values) || values.length === 0) return report("enum is empty");
  for (const value of values) checkText(value, "enum value", report);
  if (new Set(values).size < values.length) report("enum repeats itself");
}

function checkItems(node: Record<string, unknown>, type: string, report: Report): void {
  if (type === "array" && !isObject(node["items"])) report("items: missing field");
  if (type !== "array" && "items" in node) report("items on another type than array");
}

function checkProperties(
  node: Record<string, unknown>,
  type: string,
  family: Family,
  report: Report,
): void {
  const { properties, required } = node;
  if (type !== "object") {
    if (properties !== undefined || required !== undefined) report("properties on no object");
    return;
  }
  if (properties !== undefined && !isObject(properties)) report("properties are no object");
  const names = isObject(properties) ? Object.keys(properties) : [];
  for (const name of names) {
    if (family === "claude" && !/^[a-zA-Z0-9_.-]{1,64}$/.test(name)) report(`name ${name}`);
    if (!name.isWellFormed()) report("a name holds a lone surrogate");
  }
  if (required === undefined) return;
  if (!Array.isArray(required) || required.length === 0) return report("required is empty");
  if (new Set(required).size < required.length) report("required repeats itself");
  for (const name of required) {
    if (!names.includes(name)) report(`property is not defined: ${String(name)}`);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
