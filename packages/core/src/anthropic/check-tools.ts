import { fieldTable } from "./dropped-fields.ts";
import type { DroppedFields } from "./dropped-fields.ts";
import {
  FIELD_REQUIRED,
  isRecord,
  NOT_A_DICTIONARY,
  NOT_A_LIST,
  NOT_A_STRING,
  optionalBoolean,
  optionalString,
  requireRecord,
  requireString,
  shown,
  unknownTag,
  within,
} from "./issue.ts";
import type { Issue, JsonRecord } from "./issue.ts";
import { DEFERRED_TOOL_PLACEHOLDER, toolKindOf } from "./tool-kind.ts";

const MAX_NAME_LENGTH = 128;

/** What an error says may stand in `type`; later dates of these are accepted as well. */
const EXPECTED_TYPES = [
  "custom",
  "bash_20250124",
  "text_editor_20250728",
  "memory_20250818",
  "web_search_20250305",
];

const CUSTOM_FIELDS = fieldTable(
  ["type", "name", "description", "input_schema", "input_examples", "defer_loading"],
  ["cache_control", "strict", "eager_input_streaming", "allowed_callers"],
);

const DEFINED_FIELDS = fieldTable(
  ["type", "name", "defer_loading"],
  [
    "cache_control",
    "strict",
    "allowed_callers",
    "input_examples",
    "max_characters",
    "max_uses",
    "allowed_domains",
    "blocked_domains",
    "user_location",
    "response_inclusion",
  ],
);

const CHOICE_FIELDS = fieldTable(["type", "name", "disable_parallel_tool_use"]);

/**
 * Checks `tools`: each tool's fields, and that the names are unique. The paths begin with `tools`.
 *
 * Names have Anthropic's length and any alphabet: what the backend cannot take is mapped there and back.
 * Source: anthropic-messages §3.6; cloud-code §6.1, §6.4.
 */
export function toolsIssue(tools: unknown, dropped: DroppedFields): Issue | undefined {
  if (tools === undefined) return undefined;
  if (!Array.isArray(tools)) return { path: "tools", message: NOT_A_LIST };
  const names = new Set<string>();
  for (let index = 0; index < tools.length; index++) {
    const tool: unknown = tools[index];
    const found = toolIssue(tool, dropped);
    if (found !== undefined) return within(`tools.${index}`, found);
    const name = nameOf(tool);
    if (names.has(name)) return { path: "tools", message: "Tool names must be unique." };
    names.add(name);
  }
  return undefined;
}

function toolIssue(tool: unknown, dropped: DroppedFields): Issue | undefined {
  if (!isRecord(tool)) return { path: "", message: NOT_A_DICTIONARY };
  const type = tool["type"] ?? undefined;
  if (type !== undefined && typeof type !== "string")
    return { path: "type", message: NOT_A_STRING };
  switch (toolKindOf(type)) {
    case "custom":
      return customToolIssue(tool, dropped);
    case "unknown":
      return { path: "", message: unknownTag(type ?? "", EXPECTED_TYPES) };
    case "unsupported": {
      const message = `tool type '${shown(type ?? "")}' is not supported by this server; remove it from \`tools\``;
      return { path: "", message };
    }
    default:
      return definedToolIssue(tool, type ?? "", dropped);
  }
}

function customToolIssue(tool: JsonRecord, dropped: DroppedFields): Issue | undefined {
  const found =
    nameIssue(tool) ??
    requireRecord(tool, "input_schema") ??
    schemaRootIssue(tool["input_schema"]) ??
    optionalString(tool, "description") ??
    optionalBoolean(tool, "defer_loading") ??
    examplesIssue(tool["input_examples"]);
  if (found !== undefined) return within("custom", found);
  dropped.scan(tool, CUSTOM_FIELDS, "tools[]");
  return undefined;
}

function definedToolIssue(
  tool: JsonRecord,
  type: string,
  dropped: DroppedFields,
): Issue | undefined {
  const found = nameIssue(tool) ?? optionalBoolean(tool, "defer_loading");
  if (found !== undefined) return within(type, found);
  dropped.scan(tool, DEFINED_FIELDS, "tools[]");
  return undefined;
}

function nameIssue(tool: JsonRecord): Issue | undefined {
  const found = requireString(tool, "name", 1);
  if (found !== undefined || nameOf(tool).length <= MAX_NAME_LENGTH) return found;
  return { path: "name", message: `String should have at most ${MAX_NAME_LENGTH} characters` };
}

function schemaRootIssue(schema: unknown): Issue | undefined {
  const type = isRecord(schema) ? schema["type"] : undefined;
  if (type === "object") return undefined;
  const message = type === undefined ? FIELD_REQUIRED : "Input should be 'object'";
  return { path: "input_schema.type", message };
}

function examplesIssue(examples: unknown): Issue | undefined {
  if (examples === undefined) return undefined;
  if (!Array.isArray(examples)) return { path: "input_examples", message: NOT_A_LIST };
  const index = examples.findIndex((example) => !isRecord(example));
  if (index === -1) return undefined;
  return { path: `input_examples.${index}`, message: NOT_A_DICTIONARY };
}

/**
 * Checks `tool_choice` against `tools`, which are valid already. The paths begin with `tool_choice`.
 *
 * Source: anthropic-messages §3.7.
 */
export function toolChoiceIssue(body: JsonRecord, dropped: DroppedFields): Issue | undefined {
  const path = "tool_choice";
  const choice = body[path];
  if (choice === undefined) return undefined;
  if (!isRecord(choice)) return { path, message: NOT_A_DICTIONARY };
  const found = choiceShapeIssue(choice);
  if (found !== undefined) return within(path, found);
  const names = declaredNames(body["tools"]);
  if (names.size === 0) return { path, message: "may only be specified while providing `tools`" };
  if (choice["type"] === "tool" && !names.has(choice["name"])) {
    const name = shown(String(choice["name"]));
    return { path: "", message: `Tool '${name}' not found in provided tools` };
  }
  dropped.scan(choice, CHOICE_FIELDS, path);
  return undefined;
}

function choiceShapeIssue(choice: JsonRecord): Issue | undefined {
  const type = choice["type"];
  switch (type) {
    case "none":
      return undefined;
    case "auto":
    case "any":
      return under(type, optionalBoolean(choice, "disable_parallel_tool_use"));
    case "tool":
      return under(
        type,
        requireString(choice, "name", 1) ?? optionalBoolean(choice, "disable_parallel_tool_use"),
      );
    default:
      if (typeof type !== "string") return requireString(choice, "type");
      return { path: "", message: unknownTag(type, ["any", "auto", "none", "tool"]) };
  }
}

function under(tag: string, found: Issue | undefined): Issue | undefined {
  return found === undefined ? undefined : within(tag, found);
}

function declaredNames(tools: unknown): ReadonlySet<unknown> {
  if (!Array.isArray(tools)) return new Set();
  return new Set(tools.map(nameOf).filter((name) => name !== DEFERRED_TOOL_PLACEHOLDER));
}

function nameOf(tool: unknown): string {
  return isRecord(tool) && typeof tool["name"] === "string" ? tool["name"] : "";
}
