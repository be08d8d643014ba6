import type { MessagesRequest } from "../anthropic/messages.ts";
import { assertNever } from "../assert-never.ts";
import type { DroppedField } from "../dropped-field.ts";
import type { RequestType } from "../google/cloud-code.ts";
import type { Tool, ToolConfig } from "../google/generate-content.ts";
import type { ToolNames, TranslationContext } from "./context.ts";
import type { TranslationDrops } from "./dropped.ts";
import { refuse, Refusal } from "./refusal.ts";
import { createSchemaCache } from "./schema/schema-cache.ts";
import { translateToolChoice } from "./tool-choice.ts";
import { translateTools } from "./tools.ts";

/** What a request's tools come to: the fields of the translated request, and what the rest of it depends on. */
export interface RequestTools {
  readonly requestType: RequestType;
  readonly tools?: Tool[];
  readonly toolConfig?: ToolConfig;
  readonly names: ToolNames;
  /** Text for the end of the system instruction. */
  readonly instruction: string | undefined;
  /** Claude does not think while a tool is forced. */
  readonly isThinkingForbidden: boolean;
  readonly dropped: readonly DroppedField[];
}

/**
 * Translates `tools` and `tool_choice`; a model that makes images gets neither.
 *
 * Refuses tools that this backend does not have, and a web search on a model that cannot search. Source: cloud-code §5.3,
 * §6, §11.
 */
export function requestTools(
  request: MessagesRequest,
  context: TranslationContext,
  drops: TranslationDrops,
): RequestTools {
  const { model, settings, sha256Hex } = context;
  const translation = translateTools(request.tools, {
    family: model.family,
    settings,
    sha256Hex,
    schemaCache: context.schemaCache ?? createSchemaCache({ maxEntries: 1 }),
  });
  if (translation.kind === "refused") throw new Refusal(translation.error);
  const { names, dropped } = translation;
  if (model.makesImages) {
    if (translation.kind !== "none") drops.add("image_model", "tools");
    return withoutTools("image_gen", names, dropped);
  }
  const choice = translateToolChoice(request.tool_choice, translation, model.family);
  if (choice.kind === "refused") throw new Refusal(choice.error);
  switch (translation.kind) {
    case "none":
      return withoutTools("agent", names, dropped);
    case "search":
      return searchTools(request, context, withoutTools("web_search", names, dropped), drops);
    case "functions":
      return {
        requestType: "agent",
        tools: [{ functionDeclarations: translation.declarations }],
        ...(choice.toolConfig === undefined ? {} : { toolConfig: choice.toolConfig }),
        names,
        instruction: choice.singleToolInstruction,
        isThinkingForbidden: choice.thinkingForbidden,
        dropped,
      };
    default:
      return assertNever(translation);
  }
}

function withoutTools(
  requestType: RequestType,
  names: ToolNames,
  dropped: readonly DroppedField[],
): RequestTools {
  return { requestType, names, dropped, instruction: undefined, isThinkingForbidden: false };
}

/** Source: cloud-code §6.4 (`web_search` as the only tool). */
function searchTools(
  request: MessagesRequest,
  context: TranslationContext,
  bare: RequestTools,
  drops: TranslationDrops,
): RequestTools {
  const { tool_choice: choice } = request;
  if (choice?.type === "none") return { ...bare, requestType: "agent" };
  if (context.model.family !== "gemini") {
    refuse(
      `tools.0: web_search needs a Gemini model that can search, and is not supported by ${context.model.id}`,
    );
  }
  if (choice !== undefined && choice.type !== "auto") drops.add("search_choice", "tool_choice");
  return { ...bare, tools: [{ googleSearch: {} }] };
}
