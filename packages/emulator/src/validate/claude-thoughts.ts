import { claudeError } from "../errors/claude-error.ts";
import type { Reply } from "../http/reply.ts";
import { boundHash } from "../signatures/signer.ts";
import type { Check, CheckContext } from "./check.ts";
import { currentTurnStart } from "./current-turn.ts";
import type { UncheckedContent, UncheckedPart } from "./unchecked.ts";

const MODIFIED =
  "`thinking` or `redacted_thinking` blocks in the latest assistant message cannot be modified. These blocks must remain as they were in the original response.";

/** Claude's rules of thoughts and their signatures. Source: cloud-code §8.1, §8.4, §14.9–11. */
export const claudeThoughtChecks: readonly Check[] = [
  checkThoughts,
  checkThoughtComesFirst,
  checkLoopStartsWithThought,
];

function checkThoughts(context: CheckContext): Reply | undefined {
  for (const [index, content] of context.contents.entries()) {
    for (const [position, part] of (content.parts ?? []).entries()) {
      const path = `messages.${index}.content.${position}`;
      const refusal = part.thought
        ? checkThought(part, content, path, context)
        : checkUnsigned(part, path);
      if (refusal !== undefined) return refusal;
    }
  }
  return undefined;
}

function checkThought(
  part: UncheckedPart,
  content: UncheckedContent,
  path: string,
  { signer }: CheckContext,
): Reply | undefined {
  if (content.role === "user") {
    return claudeError(`${path}: \`thinking\` blocks can only be in \`assistant\` messages`);
  }
  if (!part.text) return claudeError(`${path}.thinking.thinking: Field required`);
  if (!part.thoughtSignature) return claudeError(`${path}.thinking.signature: Field required`);
  const facts = signer.read(part.thoughtSignature);
  if (facts?.family !== "claude" || (facts.kind ?? "thought") !== "thought") {
    return claudeError(`${path}: Invalid \`signature\` in \`thinking\` block`);
  }
  const isSameText = facts.bound === undefined || facts.bound === boundHash(part.text);
  return isSameText ? undefined : claudeError(`${path}: ${MODIFIED}`);
}

/** Signatures belong on thoughts alone: on texts and calls they come from another family's answer. */
function checkUnsigned(part: UncheckedPart, path: string): Reply | undefined {
  if (part.thoughtSignature === undefined) return undefined;
  const type = part.functionCall === undefined ? "text" : "tool_use";
  return claudeError(`${path}.${type}.signature: Extra inputs are not permitted`);
}

function checkThoughtComesFirst({ contents }: CheckContext): Reply | undefined {
  for (const [index, content] of contents.entries()) {
    const parts = content.parts ?? [];
    if (parts.some((part) => part.thought) && !parts[0]?.thought) {
      return expectedThinking(index, parts[0]);
    }
  }
  return undefined;
}

function checkLoopStartsWithThought({ contents, request }: CheckContext): Reply | undefined {
  if (request.generationConfig?.thinkingConfig?.thinkingBudget === undefined) return undefined;
  const start = currentTurnStart(contents);
  const offset = contents
    .slice(start + 1)
    .findIndex((content) => content.parts?.some((part) => part.functionCall !== undefined));
  if (offset < 0) return undefined;
  const index = start + 1 + offset;
  const first = contents[index]?.parts?.[0];
  return first?.thought ? undefined : expectedThinking(index, first);
}

function expectedThinking(index: number, found: UncheckedPart | undefined): Reply {
  const type = found?.functionCall === undefined ? "text" : "tool_use";
  return claudeError(
    `messages.${index}.content.0.type: Expected \`thinking\` or \`redacted_thinking\`, but found \`${type}\`. When \`thinking\` is enabled, a final \`assistant\` message must start with a thinking block (preceeding the lastmost set of \`tool_use\` and \`tool_result\` blocks). We recommend you include thinking blocks from previous turns. To avoid this requirement, disable \`thinking\`. Please consult our documentation at https://docs.claude.com/en/docs/build-with-claude/extended-thinking`,
  );
}
