import type { JsonObject, JsonValue } from "../anthropic/messages.ts";
import type { ToolNames } from "./context.ts";
import { setOwn } from "./schema/json-object.ts";
import {
  NO_RENAMES,
  renameToClient,
  renameToUpstream,
  type PropertyRenames,
} from "./schema/property-renames.ts";
import { functionNameRule, upstreamName, type Sha256Hex } from "./upstream-name.ts";

/** What the mapping has to know of a tool that is declared upstream. */
export interface DeclaredTool {
  /** The client's name. */
  readonly name: string;
  readonly renamed: PropertyRenames;
  /** Property that only the backend's schema has (cloud-code §6.2, empty objects). */
  readonly placeholder?: string;
}

/**
 * Names and arguments of one request's tools, both ways: `mcp/files.search` ↔ `mcp_files_search`. Names that the backend
 * takes are kept, whatever order they come in; the others are given out in the order of the tools. A tool of the history that
 * is no longer declared gets its name by the same rule at first use, so the same history gives the same names.
 *
 * Source: cloud-code §6.1 and §6.2, fixture 61.
 */
export function createToolNames(tools: readonly DeclaredTool[], sha256Hex: Sha256Hex): ToolNames {
  const upstreamOf = new Map<string, string>();
  const clientOf = new Map<string, string>();
  const declared = new Map<string, DeclaredTool>();

  function assign(clientName: string, upstream: string): string {
    upstreamOf.set(clientName, upstream);
    clientOf.set(upstream, clientName);
    return upstream;
  }

  function toUpstream(clientName: string): string {
    return (
      upstreamOf.get(clientName) ??
      assign(clientName, upstreamName(clientName, functionNameRule, clientOf, sha256Hex))
    );
  }

  for (const tool of tools) {
    declared.set(tool.name, tool);
    if (functionNameRule.isValid(tool.name)) assign(tool.name, tool.name);
  }
  for (const tool of tools) toUpstream(tool.name);

  const toClient = (name: string): string => clientOf.get(name) ?? name;
  return {
    toUpstream,
    toClient,
    argsToClient(upstreamToolName, args) {
      const tool = declared.get(toClient(upstreamToolName));
      return renameToClient(withoutKey(args, tool?.placeholder), tool?.renamed ?? NO_RENAMES);
    },
    argsToUpstream(clientName, input) {
      const tool = declared.get(clientName);
      return renameToUpstream(withoutKey(input, tool?.placeholder), tool?.renamed ?? NO_RENAMES);
    },
  };
}

/** The same object when it lacks the key. A history may carry the placeholder too, from before this proxy removed it. */
function withoutKey(object: JsonObject, key: string | undefined): JsonObject {
  if (key === undefined || !Object.hasOwn(object, key)) return object;
  const rest: { [key: string]: JsonValue } = {};
  for (const [name, value] of Object.entries(object)) {
    if (name !== key) setOwn(rest, name, value);
  }
  return rest;
}
