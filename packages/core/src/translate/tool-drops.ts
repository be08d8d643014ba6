import type { DroppedField } from "../dropped-field.ts";

/**
 * Why something of the client's tools was left out, a sentence for each rule; `docs/translation.md` shows this table, and
 * the request log names its rules.
 *
 * Source: cloud-code §6.1, §6.2, §6.4.
 */
export const TOOL_DROP_RULES = {
  deferred_tool: "The backend loads no tools later: a deferred tool is declared at once.",
  deferred_tool_placeholder:
    "DeferredToolPlaceholder only keeps tool search on at Anthropic and is not declared.",
  schema_keyword:
    "Keywords of a schema that the backend refuses become words of its description; those that say nothing to a model are left out.",
  web_search_beside_tools:
    "Google Search cannot stand beside functions; the setting says to go on without it.",
} as const satisfies Readonly<Record<string, string>>;

export type ToolDropRule = keyof typeof TOOL_DROP_RULES;

/** Counts what is left out of the tools of one request. */
export class ToolDrops {
  readonly #found = new Map<string, { path: string; rule: ToolDropRule; count: number }>();

  /** Counts `count` more cases at a path, which has `[]` for list indices. */
  add(rule: ToolDropRule, path: string, count: number): void {
    const known = this.#found.get(path);
    if (known === undefined) this.#found.set(path, { path, rule, count });
    else known.count += count;
  }

  /** Everything that was counted, in the order of its first appearance. */
  list(): readonly DroppedField[] {
    return [...this.#found.values()];
  }
}
