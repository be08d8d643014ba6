/** One code fence around the whole text, as Claude likes to put around JSON. */
const FENCED = /^```(?:json)?[ \t]*\r?\n([\s\S]*?)\r?\n?```$/i;

/**
 * The JSON text of an answer that has to be JSON, without the code fence that a model may have put around it; undefined
 * where the text is no JSON.
 *
 * Source: cloud-code §5.2; anthropic-messages §3.9.
 */
export function readJsonAnswer(text: string): string | undefined {
  if (isJson(text)) return text;
  const inner = FENCED.exec(text.trim())?.[1];
  return inner !== undefined && isJson(inner) ? inner : undefined;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
