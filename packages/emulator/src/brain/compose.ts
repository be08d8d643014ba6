import type { FunctionDeclaration, GenerateContentRequest } from "@agp/core";
import type { Answer, AnswerItem } from "../answer/answer.ts";
import type { EmulatedModel } from "../models/catalogue.ts";
import { asksForSearch, declarationsOf } from "../validate/tools.ts";
import { readConversation, type Conversation } from "./conversation.ts";
import { parseDirectives, type Directive } from "./directives.ts";
import { groundedAnswer } from "./grounded.ts";
import { minimalObject, minimalValue } from "./minimal-value.ts";
import { describeTurn, longText, quote } from "./texts.ts";
import { thinkingMode } from "./thinks.ts";

const PIXEL =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

/** What the emulated model answers to a checked request: deterministic, steered by directives in the user's text. */
export function composeAnswer(request: GenerateContentRequest, model: EmulatedModel): Answer {
  const conversation = readConversation(request);
  if (model.makesImages) return imageAnswer();
  if (request.generationConfig?.responseMimeType === "application/json") {
    return { items: [{ text: jsonText(request) }] };
  }
  if (asksForSearch(request.tools)) return groundedAnswer(conversation.userText);
  const directives = parseDirectives(conversation.userText);
  const step = directives[conversation.stepsTaken] ?? [];
  const items = itemsOfStep(step, request, model);
  const settings = settingsOf(directives.flat(), step);
  if (items.some((item) => !("thought" in item))) {
    return { ...settings, items: withThought(items, conversation, request, model) };
  }
  const forced = conversation.stepsTaken === 0 ? forcedCall(request) : undefined;
  const rest: AnswerItem = forced ?? { text: describeTurn(conversation, request, model.id) };
  return { ...settings, items: withThought([...items, rest], conversation, request, model) };
}

function jsonText(request: GenerateContentRequest): string {
  const schema = request.generationConfig?.responseSchema;
  return JSON.stringify(schema === undefined ? {} : minimalValue(schema, "answer"));
}

function imageAnswer(): Answer {
  return { items: [{ part: { inlineData: { mimeType: "image/png", data: PIXEL } } }] };
}

function itemsOfStep(
  step: readonly Directive[],
  request: GenerateContentRequest,
  model: EmulatedModel,
): AnswerItem[] {
  return step.flatMap((directive): AnswerItem[] => {
    switch (directive.kind) {
      case "call":
        return [callItem(directive, request, model)];
      case "text":
        return [{ text: directive.text }];
      case "think":
        return thinkingMode(request, model).shows ? [{ thought: directive.text }] : [];
      case "long":
        return [{ text: longText(directive.amount) }];
      case "gate":
        return [{ gate: directive.text }];
      case "unreadable":
        return [{ text: `I cannot read the directive ${quote(directive.text)}.` }];
      case "finish":
      case "delay":
      case "fault":
        return [];
    }
  });
}

function callItem(
  { name, args }: Extract<Directive, { kind: "call" }>,
  request: GenerateContentRequest,
  model: EmulatedModel,
): AnswerItem {
  const declaration = findDeclaration(request, name);
  const mode = request.toolConfig?.functionCallingConfig.mode;
  if (declaration === undefined || mode === "NONE") {
    return { text: `I cannot call ${name}: it is not among the declared tools.` };
  }
  const placeholder = model.family === "claude" ? placeholderArgs(declaration) : {};
  return { call: { name, args: { ...args, ...placeholder } } };
}

/** VALIDATED mode makes Claude fill in what is required: of an empty tool, the placeholder (cloud-code §6.2). */
function placeholderArgs({ parameters }: FunctionDeclaration): Record<string, true> {
  const names = parameters?.required ?? [];
  return Object.fromEntries(
    names.filter((name) => name.startsWith("_placeholder")).map((name) => [name, true]),
  );
}

/** A tool that the request forces, with minimal arguments. */
function forcedCall(request: GenerateContentRequest): AnswerItem | undefined {
  const config = request.toolConfig?.functionCallingConfig;
  if (config?.mode !== "ANY") return undefined;
  const names = config.allowedFunctionNames ?? [];
  const declaration =
    names[0] === undefined ? allDeclarations(request)[0] : findDeclaration(request, names[0]);
  if (declaration === undefined) return undefined;
  const { name, parameters } = declaration;
  return { call: { name, args: parameters === undefined ? {} : minimalObject(parameters) } };
}

function allDeclarations(request: GenerateContentRequest): readonly FunctionDeclaration[] {
  // The request was checked: declarations have a name, and a schema of the wire's type.
  return declarationsOf(request.tools) as readonly FunctionDeclaration[];
}

function findDeclaration(
  request: GenerateContentRequest,
  name: string,
): FunctionDeclaration | undefined {
  return allDeclarations(request).find((declaration) => declaration.name === name);
}

/** Puts a thought first where the model thinks aloud and the step names none. */
function withThought(
  items: readonly AnswerItem[],
  conversation: Conversation,
  request: GenerateContentRequest,
  model: EmulatedModel,
): readonly AnswerItem[] {
  const startsWithThought = items[0] !== undefined && "thought" in items[0];
  if (startsWithThought || !thinkingMode(request, model).shows) return items;
  const calls = items.flatMap((item) => ("call" in item ? item.call.name : []));
  const plan = calls.length > 0 ? `I call ${calls.join(" and ")}.` : "I can answer now.";
  const thought = `The user said ${quote(conversation.userText)}. Step ${conversation.stepsTaken + 1}: ${plan}`;
  return [{ thought }, ...items];
}

function settingsOf(
  all: readonly Directive[],
  step: readonly Directive[],
): { delayMs?: number; finishReason?: string } {
  const delay = all.find((directive) => directive.kind === "delay");
  const finish = step.find((directive) => directive.kind === "finish");
  return {
    ...(delay?.kind === "delay" && { delayMs: delay.amount }),
    ...(finish?.kind === "finish" && { finishReason: finish.text }),
  };
}
