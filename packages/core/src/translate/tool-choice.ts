import { invalidRequest, type AnthropicError } from "../anthropic/errors.ts";
import type { ToolChoice } from "../anthropic/messages.ts";
import { assertNever } from "../assert-never.ts";
import type { ToolConfig } from "../google/generate-content.ts";
import type { ModelFamily } from "../models/catalogue.ts";
import type { ToolsTranslation } from "./tools.ts";

/** `disable_parallel_tool_use` has no counterpart; this goes to the end of the system instruction. Source: cloud-code §5.3. */
const SINGLE_TOOL_INSTRUCTION = "Call at most one tool per turn.";

/** Tools that were not refused. */
export type SentTools = Exclude<ToolsTranslation, { readonly kind: "refused" }>;
type SentFunctions = Extract<ToolsTranslation, { readonly kind: "functions" }>;

export type ToolChoiceTranslation =
  | {
      readonly kind: "translated";
      /** Absent where the backend's default says the same, and always without functions. */
      readonly toolConfig?: ToolConfig;
      /** Text of one more part of `systemInstruction`, the last one. */
      readonly singleToolInstruction?: string;
      /** Claude refuses to think when a tool is forced: `enabled` is a 400, `adaptive` goes without `thinkingConfig`. */
      readonly thinkingForbidden: boolean;
    }
  | { readonly kind: "refused"; readonly error: AnthropicError };

/**
 * `tool_choice` as `toolConfig`; refused when it forces a tool that is not declared. An absent choice is `auto`.
 *
 * Source: cloud-code §5.3; anthropic-messages §3.7.
 */
export function translateToolChoice(
  choice: ToolChoice | undefined,
  tools: SentTools,
  family: ModelFamily,
): ToolChoiceTranslation {
  switch (tools.kind) {
    case "search":
      // Whether a request that can only search does so is the model's choice.
      return { kind: "translated", thinkingForbidden: false };
    case "none":
      return refusedWithoutTools(choice) ?? { kind: "translated", thinkingForbidden: false };
    case "functions":
      return chooseFunction(choice ?? { type: "auto" }, tools, family);
    default:
      return assertNever(tools);
  }
}

function chooseFunction(
  choice: ToolChoice,
  tools: SentFunctions,
  family: ModelFamily,
): ToolChoiceTranslation {
  if (choice.type === "tool" && !isDeclared(choice.name, tools)) return refusedUnknown(choice.name);
  const toolConfig = toolConfigOf(choice, tools, family);
  const isSingle = choice.type !== "none" && choice.disable_parallel_tool_use === true;
  const isForced = choice.type === "any" || choice.type === "tool";
  return {
    kind: "translated",
    ...(toolConfig === undefined ? {} : { toolConfig }),
    ...(isSingle ? { singleToolInstruction: SINGLE_TOOL_INSTRUCTION } : {}),
    thinkingForbidden: isForced && family === "claude",
  };
}

function toolConfigOf(
  choice: ToolChoice,
  tools: SentFunctions,
  family: ModelFamily,
): ToolConfig | undefined {
  switch (choice.type) {
    case "auto":
      // Gemini's default is AUTO; Claude's arguments are checked against the schema only when asked for.
      return family === "claude" ? { functionCallingConfig: { mode: "VALIDATED" } } : undefined;
    case "any":
      return { functionCallingConfig: { mode: "ANY" } };
    case "tool": {
      const allowedFunctionNames = [tools.names.toUpstream(choice.name)];
      return { functionCallingConfig: { mode: "ANY", allowedFunctionNames } };
    }
    case "none":
      return { functionCallingConfig: { mode: "NONE" } };
    default:
      return assertNever(choice);
  }
}

function isDeclared(clientName: string, { names, declarations }: SentFunctions): boolean {
  const upstream = names.toUpstream(clientName);
  return declarations.some((declaration) => declaration.name === upstream);
}

function refusedUnknown(name: string): ToolChoiceTranslation {
  const error = invalidRequest(`Tool '${name.slice(0, 128)}' not found in provided tools`);
  return { kind: "refused", error };
}

/** A forced call needs a function; the list may be empty although the client's was not. */
function refusedWithoutTools(choice: ToolChoice | undefined): ToolChoiceTranslation | undefined {
  if (choice?.type === "tool") return refusedUnknown(choice.name);
  if (choice?.type !== "any") return undefined;
  return {
    kind: "refused",
    error: invalidRequest("tool_choice: any needs a tool that can be called"),
  };
}
