import type { GenerateContentRequest } from "@agp/core";
import { userTexts, type Conversation } from "./conversation.ts";
import { withoutDirectives } from "./directives.ts";

const QUOTE_CHARS = 200;

/** The first characters of a text, in quotes, never asking for anything by itself. */
export function quote(text: string): string {
  return JSON.stringify(withoutDirectives(text).slice(0, QUOTE_CHARS).toWellFormed());
}

/** What the default brain says when it was told nothing: what it saw of the current turn. */
export function describeTurn(
  conversation: Conversation,
  request: GenerateContentRequest,
  model: string,
): string {
  if (/\bsummary of (the|our|this) conversation\b/i.test(conversation.userText)) {
    return summarise(request);
  }
  const lines = [
    ...conversation.responses.map(({ name, response }) => {
      const text = response.result ?? response.error ?? response.output ?? JSON.stringify(response);
      const verb = response.error === undefined ? "returned" : "failed with";
      return `${name} ${verb} ${quote(typeof text === "string" ? text : JSON.stringify(text))}.`;
    }),
    ...describeMedia(conversation),
  ];
  if (conversation.responses.length === 0) {
    lines.unshift(`You said ${quote(conversation.userText)} in turn ${conversation.turn}.`);
  }
  return `${lines.join("\n")}\n— emulated ${model} 🙂`;
}

function describeMedia({ media }: Conversation): string[] {
  return media.map(({ mimeType, data }) => {
    const kind = mimeType.startsWith("image/") ? "image" : "document";
    const sizeBytes = Buffer.from(data, "base64").length;
    return `I see 1 ${kind} ${mimeType}, ${sizeBytes} bytes.`;
  });
}

function summarise(request: GenerateContentRequest): string {
  const lines = userTexts(request)
    .slice(0, -1)
    .map((text, index) => `${index + 1}. The user said ${quote(text)}.`);
  return `<summary>\nSummary by the emulated model.\n${lines.join("\n")}\n</summary>`;
}

/** A text of about so many characters, made of numbered words. */
export function longText(chars: number): string {
  let text = "";
  for (let word = 1; text.length < chars; word += 1) text += `word${word} `;
  return text.slice(0, chars).trimEnd();
}
