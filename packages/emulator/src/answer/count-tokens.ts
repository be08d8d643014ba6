import type { Content, GenerateContentRequest, Part } from "@agp/core";

const CHARS_PER_TOKEN = 4;
const IMAGE_TOKENS = 258;
const DOCUMENT_TOKENS = 1500;

/** Tokens of a text: one for each four characters begun. */
export function tokensOfText(text: string): number {
  return Math.ceil(text.length / CHARS_PER_TOKEN);
}

/** Tokens of one part; media count a fixed sum, whatever their size. */
export function tokensOfPart(part: Part): number {
  if (part.text !== undefined) return tokensOfText(part.text);
  if (part.inlineData !== undefined) {
    return part.inlineData.mimeType === "application/pdf" ? DOCUMENT_TOKENS : IMAGE_TOKENS;
  }
  return tokensOfText(JSON.stringify(part.functionCall ?? part.functionResponse ?? {}));
}

/** Tokens of contents alone, as `countTokens` counts. Source: cloud-code §1.2. */
export function tokensOfContents(contents: readonly Content[]): number {
  let tokens = 0;
  for (const content of contents) for (const part of content.parts) tokens += tokensOfPart(part);
  return tokens;
}

/** Tokens of a whole prompt: system, tools and contents. */
export function tokensOfPrompt(request: GenerateContentRequest): number {
  const system = request.systemInstruction?.parts ?? [];
  let tokens = tokensOfContents(request.contents);
  for (const part of system) tokens += tokensOfText(part.text);
  if (request.tools) tokens += tokensOfText(JSON.stringify(request.tools));
  return tokens;
}
