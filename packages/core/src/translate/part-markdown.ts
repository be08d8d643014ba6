import type { ResponsePart } from "../google/generate-content.ts";

/**
 * Markdown for the parts that have no block of their own: images, and code that the backend ran. Undefined for a part that
 * holds none of them, or not in the known shape.
 *
 *     {inlineData: {mimeType: "image/png", data: "iVBO"}} → ![image](data:image/png;base64,iVBO)
 *
 * Source: cloud-code §7.3.
 */
export function partMarkdown(part: ResponsePart): string | undefined {
  const { inlineData, executableCode, codeExecutionResult } = part;
  if (isString(inlineData?.mimeType) && isString(inlineData.data)) {
    return mediaLink(inlineData.mimeType, inlineData.data);
  }
  if (isString(executableCode?.code)) {
    const { language, code } = executableCode;
    return fenced(code, isString(language) && WORD.test(language) ? language.toLowerCase() : "");
  }
  if (codeExecutionResult !== undefined && codeExecutionResult !== null) {
    return fenced(isString(codeExecutionResult.output) ? codeExecutionResult.output : "", "");
  }
  return undefined;
}

const WORD = /^[A-Za-z0-9+#-]+$/;

function mediaLink(mimeType: string, data: string): string {
  const url = `data:${mimeType};base64,${data}`;
  return mimeType.startsWith("image/") ? `![image](${url})` : `[${mimeType}](${url})`;
}

/** The fence is longer than any in the code, so that the code cannot end it. */
function fenced(code: string, language: string): string {
  const longest = Math.max(2, ...(code.match(/`+/g) ?? []).map((ticks) => ticks.length));
  const fence = "`".repeat(longest + 1);
  const body = code === "" || code.endsWith("\n") ? code : `${code}\n`;
  return `\n${fence}${language}\n${body}${fence}\n`;
}

function isString(value: unknown): value is string {
  return typeof value === "string";
}
