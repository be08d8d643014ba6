import type { DroppedField } from "../dropped-field.ts";

/**
 * Why the translation left something out, a sentence for each rule. `docs/translation.md` shows this table, and the request
 * log names its rules.
 *
 * Source: cloud-code §4.3, §5, §8.4, §11.
 */
export const DROP_RULES = {
  empty_text: "Text that is empty or only white space is left out: the backend refuses it.",
  empty_message:
    "A message of which nothing is left is left out, and its neighbours become one turn.",
  unknown_thinking:
    "Thinking goes to a Claude model only with a signature that is known as issued for exactly this text.",
  thinking_of_claude_only:
    "Gemini and GPT models get no thinking text of earlier answers; Gemini's own signatures are kept by tool call.",
  thinking_after_refused_signature:
    "After the backend refused a signature, the second try sends no thinking at all.",
  redacted_thinking: "Redacted thinking has no form on the wire.",
  server_tool_block:
    "Of a block that Anthropic's own servers made, the readable text is kept and the rest left out.",
  tool_change:
    "tool_addition and tool_removal have no counterpart: every tool of the list is declared.",
  neutral_sampling:
    "A temperature or top_p of 1 that Claude models take neither beside the other nor beside thinking; it changes nothing.",
  top_k_zero: "A top_k of 0 sets no limit, and the backend takes none below 1.",
  clamped: "A number beyond what the model takes is moved to the nearest one that it takes.",
  thinking_unsupported: "The model does not think.",
  thinking_too_small: "max_tokens leaves less than the 1024 tokens that thinking needs at least.",
  thinking_with_forced_tool:
    "Claude models do not think while tool_choice forces a tool; adaptive thinking gives way.",
  thinking_in_open_tool_loop:
    "A tool loop whose thinking is lost goes on without thinking until the next message of the user.",
  effort_without_adaptive_thinking:
    "Effort has a counterpart only as the budget of adaptive thinking.",
  image_model: "Models that make images take neither tools nor a system instruction nor a budget.",
  search_choice: "Whether a request that can only search does so is the model's choice.",
} as const satisfies Readonly<Record<string, string>>;

export type DropRule = keyof typeof DROP_RULES;

/** Counts what the translation of one request leaves out. */
export class TranslationDrops {
  readonly #found: { path: string; rule: DropRule; count: number }[] = [];

  /** Counts one case; `path` has `[]` for list indices, as `messages[].content[]`. */
  add(rule: DropRule, path: string): void {
    // Few pairs of rule and path can occur, so that a search is cheaper than a key built for each case.
    for (const found of this.#found) {
      if (found.rule === rule && found.path === path) {
        found.count++;
        return;
      }
    }
    this.#found.push({ path, rule, count: 1 });
  }

  /** Everything that was counted, in the order of its first appearance. */
  list(): readonly DroppedField[] {
    return this.#found;
  }
}
