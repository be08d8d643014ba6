const CLAUDE = /prompt is too long: (\d+) tokens > (\d+) maximum/i;
const GEMINI =
  /input token count \(?(\d+)\)? exceeds the maximum number of tokens allowed \(?(\d+)/i;

/**
 * The sentence on which Claude Code compacts its conversation, `prompt is too long: N tokens > M maximum`, from the
 * backend's one; where that names no numbers, from the model's window and the estimate, in tokens.
 *
 * Source: cloud-code §9.3, row "too long"; anthropic-messages §7.2.
 */
export function tooLongMessage(
  message: string,
  known: { readonly contextTokens?: number; readonly inputTokens?: number },
): string {
  const [, tokens, maximum] = CLAUDE.exec(message) ?? GEMINI.exec(message) ?? [];
  if (tokens !== undefined && maximum !== undefined) return sentence(tokens, maximum);
  const { contextTokens, inputTokens = 0 } = known;
  // The backend counted, and it was too much: an estimate below the window is wrong.
  if (contextTokens !== undefined) {
    return sentence(Math.max(inputTokens, contextTokens + 1), contextTokens);
  }
  return message.startsWith("prompt is too long") ? message : `prompt is too long: ${message}`;
}

function sentence(tokens: string | number, maximum: string | number): string {
  return `prompt is too long: ${tokens} tokens > ${maximum} maximum`;
}
