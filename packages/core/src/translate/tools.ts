import { invalidRequest, type AnthropicError } from "../anthropic/errors.ts";
import type { JsonObject, ToolParam } from "../anthropic/messages.ts";
import { DEFERRED_TOOL_PLACEHOLDER, toolKindOf } from "../anthropic/tool-kind.ts";
import { assertNever } from "../assert-never.ts";
import type { DroppedField } from "../dropped-field.ts";
import type { FunctionDeclaration, Schema } from "../google/generate-content.ts";
import type { ModelFamily } from "../models/catalogue.ts";
import type { ToolNames, TranslationSettings } from "./context.ts";
import { definedFunction, type DefinedToolKind } from "./defined-tools.ts";
import { NO_RENAMES, renameToUpstream } from "./schema/property-renames.ts";
import type { SchemaCache } from "./schema/schema-cache.ts";
import { createToolNames, type DeclaredTool } from "./tool-names.ts";
import { ToolDrops } from "./tool-drops.ts";
import type { Sha256Hex } from "./upstream-name.ts";

export interface ToolsContext {
  readonly family: ModelFamily;
  readonly settings: Pick<
    TranslationSettings,
    "placeholderForEmptyObjects" | "webSearchBesideTools"
  >;
  readonly sha256Hex: Sha256Hex;
  readonly schemaCache: SchemaCache;
}

export type ToolsTranslation =
  /** `names` is there all the same: a history may hold calls of tools that are gone. */
  | { readonly kind: "none"; readonly names: ToolNames; readonly dropped: readonly DroppedField[] }
  | {
      readonly kind: "functions";
      readonly declarations: FunctionDeclaration[];
      readonly names: ToolNames;
      readonly dropped: readonly DroppedField[];
    }
  /** Nothing but web search: a request of its own, with Google Search. */
  | {
      readonly kind: "search";
      readonly names: ToolNames;
      readonly dropped: readonly DroppedField[];
    }
  | { readonly kind: "refused"; readonly error: AnthropicError };

/** A tool on its way to a declaration; `schema` is shared with the cache and never changed. */
interface PreparedTool extends DeclaredTool {
  readonly description: string | undefined;
  readonly schema: Schema;
}

type Preparation =
  | { readonly kind: "function"; readonly tool: PreparedTool }
  | { readonly kind: "search" }
  | { readonly kind: "refused"; readonly error: AnthropicError };

/**
 * The client's tools as function declarations, in their order and byte for byte the same for the same tools, or as a web
 * search when they are nothing else. Fields of a tool that validation drops (`strict` …) are reported there, not here.
 *
 * Source: cloud-code §6.1, §6.2, §6.4.
 */
export function translateTools(
  tools: readonly ToolParam[] | undefined,
  context: ToolsContext,
): ToolsTranslation {
  const prepared: PreparedTool[] = [];
  const drops = new ToolDrops();
  let searchIndex: number | undefined;
  for (const [index, tool] of (tools ?? []).entries()) {
    if (tool.name === DEFERRED_TOOL_PLACEHOLDER) {
      drops.add("deferred_tool_placeholder", "tools[]", 1);
      continue;
    }
    const preparation = prepareTool(tool, index, context, drops);
    if (preparation.kind === "refused") return preparation;
    if (preparation.kind === "search") searchIndex ??= index;
    else prepared.push(preparation.tool);
  }
  const names = createToolNames(prepared, context.sha256Hex);
  if (prepared.length === 0) {
    return { kind: searchIndex === undefined ? "none" : "search", names, dropped: drops.list() };
  }
  if (searchIndex !== undefined) {
    if (context.settings.webSearchBesideTools === "refuse") return refusedMixture(searchIndex);
    drops.add("web_search_beside_tools", "tools[]", 1);
  }
  const declarations = prepared.map((tool) => declare(tool, names));
  return { kind: "functions", declarations, names, dropped: drops.list() };
}

function prepareTool(
  tool: ToolParam,
  index: number,
  context: ToolsContext,
  drops: ToolDrops,
): Preparation {
  const kind = toolKindOf(tool.type);
  if (tool.defer_loading === true) drops.add("deferred_tool", "tools[].defer_loading", 1);
  switch (kind) {
    case "custom":
      return prepareCustom(tool, index, context, drops);
    case "bash":
    case "text_editor":
    case "memory":
      return { kind: "function", tool: prepareDefined(tool, kind) };
    case "web_search":
      return { kind: "search" };
    case "unsupported":
    case "unknown":
      return refused(
        `tools.${index}: tool type '${(tool.type ?? "").slice(0, 100)}' is not supported by this server; remove it from \`tools\``,
      );
    default:
      return assertNever(kind);
  }
}

function prepareCustom(
  tool: ToolParam,
  index: number,
  context: ToolsContext,
  drops: ToolDrops,
): Preparation {
  const path = `tools.${index}.custom.input_schema`;
  if (tool.input_schema === undefined) return refused(`${path}: Field required`);
  const sanitized = context.schemaCache.sanitize(tool.input_schema, {
    family: context.family,
    placeholder: context.settings.placeholderForEmptyObjects,
    sha256Hex: context.sha256Hex,
  });
  if (sanitized.schema.type !== "object") return refused(`${path}.type: Input should be 'object'`);
  for (const [keyword, count] of sanitized.removed) {
    drops.add("schema_keyword", `tools[].input_schema.${keyword}`, count);
  }
  const examples = (tool.input_examples ?? []).map((example) =>
    renameToUpstream(example, sanitized.renamed),
  );
  const prepared: PreparedTool = {
    name: tool.name,
    description: describeTool(tool.description, examples),
    schema: sanitized.schema,
    renamed: sanitized.renamed,
    ...(sanitized.placeholder === undefined ? {} : { placeholder: sanitized.placeholder }),
  };
  return { kind: "function", tool: prepared };
}

function prepareDefined(tool: ToolParam, kind: DefinedToolKind): PreparedTool {
  const { description, parameters } = definedFunction(kind, tool.type ?? "");
  return { name: tool.name, description, schema: parameters, renamed: NO_RENAMES };
}

function describeTool(
  description: string | undefined,
  examples: readonly JsonObject[],
): string | undefined {
  const lines = examples.map((example) => `Example input: ${JSON.stringify(example)}`);
  if (description !== undefined && description !== "") lines.unshift(description);
  return lines.length === 0 ? undefined : lines.join("\n").toWellFormed();
}

function declare(tool: PreparedTool, names: ToolNames): FunctionDeclaration {
  const name = names.toUpstream(tool.name);
  return tool.description === undefined
    ? { name, parameters: tool.schema }
    : { name, description: tool.description, parameters: tool.schema };
}

function refused(message: string): { readonly kind: "refused"; readonly error: AnthropicError } {
  return { kind: "refused", error: invalidRequest(message) };
}

function refusedMixture(index: number): ToolsTranslation {
  return refused(
    `tools.${index}: web_search cannot be combined with other tools on this backend; send it alone`,
  );
}
