/** What a tool of a request is, by its `type`. */
export type ToolKind =
  /** The client's own function, described by `input_schema`. */
  | "custom"
  /** Defined by Anthropic and executed by the client: declared as functions with a well-known schema. */
  | "bash"
  | "text_editor"
  | "memory"
  /** Executed by the server: a grounded request of its own. */
  | "web_search"
  /** Executed by Anthropic's servers, or in need of a model made for it: refused. */
  | "unsupported"
  | "unknown";

/** Rows by the type's beginning; a version is a date behind it, and later dates keep their family's shape. */
const FAMILIES: readonly (readonly [RegExp, ToolKind])[] = [
  [/^bash_\d{8}$/, "bash"],
  [/^text_editor_\d{8}$/, "text_editor"],
  [/^memory_\d{8}$/, "memory"],
  [/^web_search_\d{8}$/, "web_search"],
  [
    /^(?:web_fetch|code_execution|computer|computer_toolset|browser|browser_toolset|advisor)_\d{8}$/,
    "unsupported",
  ],
  [/^tool_search_tool(?:_bm25|_regex)?(?:_\d{8})?$/, "unsupported"],
  [/^mcp_toolset$/, "unsupported"],
];

/** The kind of a tool; absent and null mean `custom`. Source: anthropic-messages §3.6; cloud-code §6.4. */
export function toolKindOf(type: string | null | undefined): ToolKind {
  if (type === undefined || type === null || type === "custom") return "custom";
  return FAMILIES.find(([pattern]) => pattern.test(type))?.[1] ?? "unknown";
}

/** Claude Code's stand-in that keeps tool search switched on; it is never declared. Source: anthropic-messages §3.6. */
export const DEFERRED_TOOL_PLACEHOLDER = "DeferredToolPlaceholder";
