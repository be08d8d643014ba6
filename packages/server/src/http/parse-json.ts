import { type AnthropicError, invalidRequest } from "@agp/core";

export type JsonResult =
  | { readonly kind: "value"; readonly value: unknown }
  | { readonly kind: "refused"; readonly error: AnthropicError };

/** Parses a body; the 400 says where it breaks, without repeating any of its content. Source: anthropic-messages §7.2. */
export function parseJson(bytes: Buffer): JsonResult {
  const text = bytes.toString("utf8");
  try {
    return {
      kind: "value",
      value: JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text),
    };
  } catch (error) {
    return { kind: "refused", error: invalidRequest(describe(text, error)) };
  }
}

function describe(text: string, error: unknown): string {
  const prefix = "The request body is not valid JSON";
  if (text.trim() === "") return `${prefix}: the body is empty`;
  // V8's own sentence may quote the body, and a body is a secret: only its position is taken over.
  const reason = error instanceof Error ? error.message : "";
  const position = /position (\d+)/.exec(reason)?.[1];
  const isCutOff = /end of JSON input|Unterminated/.test(reason);
  const index = position === undefined ? (isCutOff ? text.length : undefined) : Number(position);
  if (index === undefined) return prefix;
  const before = text.slice(0, index);
  const line = before.split("\n").length;
  const column = index - before.lastIndexOf("\n");
  const what = isCutOff ? "unexpected end of data" : "unexpected character";
  return `${prefix}: ${what}: line ${line} column ${column} (char ${index})`;
}
