import { claudeError } from "../errors/claude-error.ts";
import { invalidArgument } from "../errors/google-error.ts";
import type { Reply } from "../http/reply.ts";
import type { Check, CheckContext } from "./check.ts";
import type { UncheckedPart } from "./unchecked.ts";

const DATA_FIELDS = [
  "text",
  "inlineData",
  "fileData",
  "functionCall",
  "functionResponse",
  "executableCode",
  "codeExecutionResult",
] as const satisfies readonly (keyof UncheckedPart)[];

/** Roles, alternation, first and last content, non-empty parts with one data field each. Source: cloud-code §4.1, §4.2, §14.4–5. */
export const contentChecks: readonly Check[] = [checkPresence, checkRoles, checkParts, checkTexts];

function checkPresence(context: CheckContext): Reply | undefined {
  if (context.contents.length > 0) return undefined;
  return context.model.family === "claude"
    ? claudeError("messages: at least one message is required")
    : invalidArgument("* GenerateContentRequest.contents: contents is not specified\n");
}

function checkRoles({ contents, model }: CheckContext): Reply | undefined {
  for (const [index, content] of contents.entries()) {
    if (content.role !== "user" && content.role !== "model") {
      return invalidArgument("Please use a valid role: user, model.");
    }
    if (content.role === contents[index - 1]?.role || (index === 0 && content.role === "model")) {
      return index === 0 && model.family === "claude"
        ? claudeError('messages: first message must use the "user" role')
        : invalidArgument(
            "Please ensure that multiturn requests alternate between user and model.",
          );
    }
  }
  if (contents.at(-1)?.role === "user") return undefined;
  return model.family === "claude"
    ? claudeError(
        "This model does not support assistant message prefill. The conversation must end with a user message.",
      )
    : invalidArgument(
        "Please ensure that multiturn requests ends with a user role or a function response.",
      );
}

function checkParts({ contents }: CheckContext): Reply | undefined {
  for (const [index, content] of contents.entries()) {
    const path = `GenerateContentRequest.contents[${index}].parts`;
    if (!content.parts?.length) {
      return invalidArgument(`* ${path}: contents.parts must not be empty.\n`);
    }
    for (const [position, part] of content.parts.entries()) {
      const present = DATA_FIELDS.filter((field) => part[field] !== undefined);
      if (present.length === 0) return missingData(`${path}[${position}]`);
      if (present.length > 1) {
        return invalidArgument(
          `Invalid value at 'request.contents[${index}].parts[${position}]' (oneof), oneof field 'data' is already set. Cannot set '${present[1]}'`,
        );
      }
    }
  }
  return undefined;
}

function checkTexts({ contents, model }: CheckContext): Reply | undefined {
  for (const [index, content] of contents.entries()) {
    for (const [position, part] of (content.parts ?? []).entries()) {
      // A thought's text is the business of `claude-thoughts.ts`.
      if (part.text === undefined || part.thought || part.thoughtSignature !== undefined) continue;
      if (part.text === "") {
        return model.family === "claude"
          ? claudeError("messages: text content blocks must be non-empty")
          : missingData(`GenerateContentRequest.contents[${index}].parts[${position}]`);
      }
      if (model.family === "claude" && part.text.trim() === "") {
        return claudeError("messages: text content blocks must contain non-whitespace text");
      }
    }
  }
  return undefined;
}

function missingData(path: string): Reply {
  return invalidArgument(
    `* ${path}.data: required oneof field 'data' must have one initialized field\n`,
  );
}
