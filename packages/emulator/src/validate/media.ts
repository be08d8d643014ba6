import { claudeError } from "../errors/claude-error.ts";
import { invalidArgument } from "../errors/google-error.ts";
import type { Reply } from "../http/reply.ts";
import type { Check, CheckContext } from "./check.ts";
import type { UncheckedPart } from "./unchecked.ts";

const CLAUDE_TYPES = /^(image\/(png|jpeg|gif|webp)|application\/pdf|text\/plain)$/;
const GEMINI_TYPES =
  /^(image\/(png|jpeg|webp|heic|heif|gif)|application\/(pdf|json|x-javascript|x-python)|(text|audio|video)\/[\w.+-]+)$/;

/** MIME types by family, non-empty base64, no files for Claude. Source: cloud-code §4.1, §14.6. */
export const mediaChecks: readonly Check[] = [checkMedia];

function checkMedia({ contents, model }: CheckContext): Reply | undefined {
  const isClaude = model.family === "claude";
  const types = isClaude ? CLAUDE_TYPES : GEMINI_TYPES;
  for (const [index, content] of contents.entries()) {
    for (const [position, part] of (content.parts ?? []).entries()) {
      const path = `messages.${index}.content.${position}`;
      const refusal = checkInline(part, types) ?? checkFile(part, isClaude, path);
      if (refusal !== undefined) return refusal;
      if (content.role === "model" && isClaude && part.inlineData !== undefined) {
        return claudeError(`${path}: \`image\` blocks are not permitted in assistant turns`);
      }
    }
  }
  return undefined;
}

function checkInline({ inlineData }: UncheckedPart, types: RegExp): Reply | undefined {
  if (inlineData === undefined) return undefined;
  const mimeType = inlineData.mimeType ?? "";
  if (!types.test(mimeType)) return unsupportedType(mimeType);
  // Alphabet and padding were checked as proto bytes.
  if (!inlineData.data) {
    return invalidArgument("Unable to submit request because inlineData.data must not be empty.");
  }
  return undefined;
}

function checkFile(
  { fileData }: UncheckedPart,
  isClaude: boolean,
  path: string,
): Reply | undefined {
  if (fileData === undefined) return undefined;
  if (isClaude) return claudeError(`${path}: file sources are not supported for this model`);
  if (!fileData.fileUri) return invalidArgument("fileData.fileUri must not be empty.");
  return undefined;
}

function unsupportedType(mimeType: string): Reply {
  return invalidArgument(
    `Unable to submit request because it has a mimeType parameter with value ${mimeType}, which is not supported. Update the mimeType and try again.`,
  );
}
