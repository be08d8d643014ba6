import { shown } from "./issue.ts";
import type { Issue } from "./issue.ts";
import type { MessageParam } from "./messages.ts";

/** Most ids that one error lists. */
const MAX_IDS_SHOWN = 20;

/** The backend has no prefill, whatever the model. Source: anthropic-messages §3.2; cloud-code §4.2. */
const PREFILL: Issue = {
  path: "",
  message:
    "This model does not support assistant message prefill. The conversation must end with a user message.",
};

/**
 * Checks what holds between the messages of a conversation whose blocks are valid: who begins and who ends, and that each
 * `tool_use` has its `tool_result` in the next turn.
 *
 * A turn is a run of messages of one side; the text of a system message belongs to the user's. Messages without a visible
 * character are dropped by the translation, so that they are none here either (cloud-code §4.2). `endsWith: "any"` lets
 * the assistant have the last word, which is no prefill where nothing is generated (count_tokens).
 *
 * Source: anthropic-messages §3.2; cloud-code §4.2.
 */
export function turnsIssue(
  messages: readonly MessageParam[],
  endsWith: "user" | "any",
): Issue | undefined {
  const calls = new ToolCalls();
  let side: "user" | "assistant" | undefined;
  for (let index = 0; index < messages.length; index++) {
    const message = messages[index];
    if (message === undefined || isBlank(message)) continue;
    const next = message.role === "assistant" ? "assistant" : "user";
    if (side === undefined && next === "assistant") {
      return { path: "messages", message: 'first message must use the "user" role' };
    }
    const found =
      (side === "user" && next === "assistant" ? calls.unansweredIssue() : undefined) ??
      (next === "assistant" ? calls.call(message, index) : calls.answer(message, index));
    if (found !== undefined) return found;
    side = next;
  }
  if (side === undefined) return { path: "messages", message: "at least one message is required" };
  return (
    calls.unansweredIssue() ??
    (endsWith === "user" && isPrefilled(side, messages) ? PREFILL : undefined)
  );
}

/** Also a last assistant message of blanks is a prefill; one that is empty as sent is nothing. */
function isPrefilled(side: "user" | "assistant", messages: readonly MessageParam[]): boolean {
  if (side === "assistant") return true;
  const last = messages.at(-1);
  return last?.role === "assistant" && last.content.length > 0;
}

function isBlank(message: MessageParam): boolean {
  const { content } = message;
  if (typeof content === "string") return !/\S/.test(content);
  for (const block of content) {
    if (block.type === "text" && !/\S/.test(block.text)) continue;
    if (block.type === "tool_addition" || block.type === "tool_removal") continue;
    return false;
  }
  return true;
}

/** The calls of one assistant turn, open until the user's turn answers them. */
class ToolCalls {
  readonly #seen = new Set<string>();
  /** Id → index of the message that holds the call. */
  readonly #open = new Map<string, number>();
  readonly #answered = new Set<string>();

  call(message: MessageParam, index: number): Issue | undefined {
    if (message.role !== "assistant" || typeof message.content === "string") return undefined;
    for (const block of message.content) {
      if (block.type !== "tool_use") continue;
      const { id } = block;
      if (this.#seen.has(id)) {
        return { path: "messages", message: "`tool_use` ids must be unique" };
      }
      this.#seen.add(id);
      this.#open.set(id, index);
    }
    return undefined;
  }

  answer(message: MessageParam, index: number): Issue | undefined {
    if (message.role !== "user" || typeof message.content === "string") return undefined;
    for (let place = 0; place < message.content.length; place++) {
      const block = message.content[place];
      if (block?.type !== "tool_result") continue;
      const id = block.tool_use_id;
      if (this.#open.delete(id)) {
        this.#answered.add(id);
        continue;
      }
      return { path: `messages.${index}.content.${place}`, message: this.#strayText(id) };
    }
    return undefined;
  }

  unansweredIssue(): Issue | undefined {
    const first = this.#open.entries().next().value;
    if (first === undefined) {
      this.#answered.clear();
      return undefined;
    }
    const ids = [...this.#open.keys()].slice(0, MAX_IDS_SHOWN).map(shown).join(", ");
    return {
      path: `messages.${first[1]}`,
      message:
        `\`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${ids}. ` +
        "Each `tool_use` block must have a corresponding `tool_result` block in the next message.",
    };
  }

  #strayText(id: string): string {
    if (this.#answered.has(id)) {
      return `each tool_use must have a single result. Found multiple \`tool_result\` blocks with id: ${shown(id)}`;
    }
    return (
      `unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${shown(id)}. ` +
      "Each `tool_result` block must have a corresponding `tool_use` block in the previous message."
    );
  }
}
