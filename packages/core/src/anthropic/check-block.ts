import { documentSourceIssue, imageSourceIssue } from "./check-source.ts";
import { fieldTable } from "./dropped-fields.ts";
import type { DroppedFields, FieldTable } from "./dropped-fields.ts";
import {
  FIELD_REQUIRED,
  isRecord,
  NOT_A_DICTIONARY,
  NOT_A_LIST,
  optionalBoolean,
  optionalString,
  requireRecord,
  requireString,
  unknownTag,
  within,
} from "./issue.ts";
import type { Issue, JsonRecord } from "./issue.ts";
import type { ServerToolBlockType } from "./messages.ts";

/** A list of content blocks: which types it may hold, and how its report names them. */
export interface BlockPlace {
  /** `type` → true, or the reason why a known type may not stand here. In the order that an error lists them. */
  readonly types: ReadonlyMap<string, true | string>;
  /** Path of a block in the report of dropped fields, as `messages[].content[]`. */
  readonly reported: string;
  /** True from `anthropic-version` 2026-10-21 on, in a user's turn: a text may not carry citations. */
  readonly citationsRefused?: boolean;
}

interface BlockRule {
  /** Undefined where the block is read leniently, whatever its fields. */
  readonly fields?: FieldTable;
  readonly check?: (
    block: JsonRecord,
    place: BlockPlace,
    dropped: DroppedFields,
  ) => Issue | undefined;
}

const TEXT_FIELDS = fieldTable(["type", "text"], ["cache_control", "citations"]);

const RULES: ReadonlyMap<string, BlockRule> = new Map<string, BlockRule>([
  ["text", { fields: TEXT_FIELDS, check: textIssue }],
  [
    "image",
    {
      fields: fieldTable(["type", "source"], ["cache_control", "transformations"]),
      check: imageIssue,
    },
  ],
  [
    "document",
    {
      fields: fieldTable(["type", "source", "title", "context"], ["cache_control", "citations"]),
      check: documentIssue,
    },
  ],
  [
    "search_result",
    {
      fields: fieldTable(["type", "source", "title", "content"], ["cache_control", "citations"]),
      check: searchResultIssue,
    },
  ],
  [
    "tool_use",
    {
      fields: fieldTable(
        ["type", "id", "name", "input"],
        ["cache_control", "caller", "toolset_name"],
      ),
      check: toolUseIssue,
    },
  ],
  [
    "tool_result",
    {
      fields: fieldTable(
        ["type", "tool_use_id", "content", "is_error"],
        ["cache_control", "toolset_name"],
      ),
      check: toolResultIssue,
    },
  ],
  [
    "tool_reference",
    {
      fields: fieldTable(["type", "tool_name"], ["cache_control"]),
      check: (block) => requireString(block, "tool_name", 1),
    },
  ],
  [
    "thinking",
    {
      fields: fieldTable(["type", "thinking", "signature"], ["cache_control"]),
      check: (block) => requireString(block, "thinking") ?? requireString(block, "signature"),
    },
  ],
  [
    "redacted_thinking",
    {
      fields: fieldTable(["type", "data"], ["cache_control"]),
      check: (block) => requireString(block, "data"),
    },
  ],
]);

/** Blocks of a conversation held with Anthropic's own servers. Source: anthropic-messages §3.4; cloud-code §4.3. */
export const SERVER_TOOL_BLOCKS = [
  "server_tool_use",
  "web_search_tool_result",
  "web_fetch_tool_result",
  "code_execution_tool_result",
  "bash_code_execution_tool_result",
  "text_editor_code_execution_tool_result",
  "tool_search_tool_result",
  "mcp_tool_use",
  "mcp_tool_result",
  "compaction",
  "fallback",
  "advisor_tool_result",
] as const satisfies readonly ServerToolBlockType[];

const LENIENT: BlockRule = {};

const RESULT_PLACE: BlockPlace = {
  types: new Map<string, true | string>([
    ["text", true],
    ["image", true],
    ["document", true],
    ["search_result", true],
    ["tool_reference", true],
    ["browser_state", "content block type 'browser_state' is not supported by this backend"],
  ]),
  reported: "messages[].content[].content[]",
};

const DOCUMENT_TYPES = new Map<string, true>([
  ["text", true],
  ["image", true],
]);

const SEARCH_TYPES = new Map<string, true>([["text", true]]);

const SOURCE_FIELDS = fieldTable(["type", "media_type", "data", "url", "content"]);

/**
 * Checks one list of content blocks; the paths begin with the block's index.
 *
 * Source: anthropic-messages §3.4 (fields and places of every block).
 */
export function blocksIssue(
  blocks: readonly unknown[],
  place: BlockPlace,
  dropped: DroppedFields,
): Issue | undefined {
  for (let index = 0; index < blocks.length; index++) {
    const found = blockIssue(blocks[index], place, dropped);
    if (found !== undefined) return within(String(index), found);
  }
  return undefined;
}

function blockIssue(block: unknown, place: BlockPlace, dropped: DroppedFields): Issue | undefined {
  if (!isRecord(block)) return { path: "", message: NOT_A_DICTIONARY };
  const type = block["type"];
  if (typeof type !== "string") return requireString(block, "type");
  const allowed = place.types.get(type);
  if (allowed === undefined) return { path: "", message: unknownTag(type, expectedTags(place)) };
  if (allowed !== true) return { path: "", message: allowed };
  const rule = RULES.get(type) ?? LENIENT;
  const found = rule.check?.(block, place, dropped);
  if (found !== undefined) return within(type, found);
  if (rule.fields !== undefined) dropped.scan(block, rule.fields, place.reported);
  return undefined;
}

function expectedTags(place: BlockPlace): string[] {
  return [...place.types].filter(([, allowed]) => allowed === true).map(([type]) => type);
}

function textIssue(block: JsonRecord, place: BlockPlace): Issue | undefined {
  const found = requireString(block, "text");
  if (found !== undefined || place.citationsRefused !== true) return found;
  const citations = block["citations"];
  if (!Array.isArray(citations) || citations.length === 0) return undefined;
  return { path: "citations", message: "Extra inputs are not permitted" };
}

function imageIssue(
  block: JsonRecord,
  place: BlockPlace,
  dropped: DroppedFields,
): Issue | undefined {
  const found = imageSourceIssue(block);
  if (found === undefined) scanSource(block, place, dropped);
  return found;
}

function documentIssue(
  block: JsonRecord,
  place: BlockPlace,
  dropped: DroppedFields,
): Issue | undefined {
  const inside = { types: DOCUMENT_TYPES, reported: `${place.reported}.source.content[]` };
  const found =
    documentSourceIssue(block, (content) => contentIssue(content, inside, dropped)) ??
    optionalString(block, "title", "nullable") ??
    optionalString(block, "context", "nullable");
  if (found === undefined) scanSource(block, place, dropped);
  return found;
}

function scanSource(block: JsonRecord, place: BlockPlace, dropped: DroppedFields): void {
  const source = block["source"];
  if (isRecord(source)) dropped.scan(source, SOURCE_FIELDS, `${place.reported}.source`);
}

function searchResultIssue(
  block: JsonRecord,
  place: BlockPlace,
  dropped: DroppedFields,
): Issue | undefined {
  const found = requireString(block, "source") ?? requireString(block, "title");
  if (found !== undefined) return found;
  const content = block["content"];
  if (content === undefined) return { path: "content", message: FIELD_REQUIRED };
  if (!Array.isArray(content)) return { path: "content", message: NOT_A_LIST };
  const inside = { ...place, types: SEARCH_TYPES, reported: `${place.reported}.content[]` };
  return contentIssue(content, inside, dropped);
}

function toolUseIssue(block: JsonRecord): Issue | undefined {
  return (
    requireString(block, "id", 1) ??
    requireString(block, "name", 1) ??
    requireRecord(block, "input")
  );
}

function toolResultIssue(
  block: JsonRecord,
  _place: BlockPlace,
  dropped: DroppedFields,
): Issue | undefined {
  const found = requireString(block, "tool_use_id", 1) ?? optionalBoolean(block, "is_error");
  if (found !== undefined || block["content"] === undefined) return found;
  return contentIssue(block["content"], RESULT_PLACE, dropped);
}

/** A `content` that is a string or a list of blocks; the paths begin with `content`. */
function contentIssue(
  content: unknown,
  place: BlockPlace,
  dropped: DroppedFields,
): Issue | undefined {
  if (typeof content === "string") return undefined;
  if (!Array.isArray(content)) return { path: "content", message: NOT_A_LIST };
  const found = blocksIssue(content, place, dropped);
  return found === undefined ? undefined : within("content", found);
}
