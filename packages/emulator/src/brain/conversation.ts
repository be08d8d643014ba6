import type { Content, GenerateContentRequest, Part } from "@agp/core";
import { parseDirectives } from "./directives.ts";

/** The parts of a request that the emulated model answers to. */
export interface Conversation {
  /** What the user wrote at the beginning of the current turn, without reminders of the client. */
  readonly userText: string;
  /** All texts of the current turn's user contents, reminders included. */
  readonly turnText: string;
  /** How many steps with calls the model took in the current turn. */
  readonly stepsTaken: number;
  /** Responses to all calls of the current turn, oldest first. */
  readonly responses: readonly NonNullable<Part["functionResponse"]>[];
  /** Images and documents of the current turn. */
  readonly media: readonly NonNullable<Part["inlineData"]>[];
  /** Number of this turn in the conversation, from 1. */
  readonly turn: number;
}

const REMINDER = /^\s*<system-reminder>/;

/** Reads a checked request as a conversation. */
export function readConversation(request: GenerateContentRequest): Conversation {
  const { contents } = request;
  const start = Math.max(0, contents.findLastIndex(beginsTurn));
  const turnContents = contents.slice(start);
  const userParts = turnContents.filter(isUser).flatMap((content) => content.parts);
  return {
    userText: textOf(contents[start]?.parts ?? [], true),
    turnText: textOf(userParts, false),
    stepsTaken: turnContents.filter(hasCalls).length,
    responses: userParts.flatMap((part) => part.functionResponse ?? []),
    media: userParts.flatMap((part) => part.inlineData ?? []),
    turn: contents.filter((content) => isUser(content) && !hasResponses(content)).length,
  };
}

/** The first texts of the user in each turn, for a summary. */
export function userTexts(request: GenerateContentRequest): string[] {
  return request.contents
    .filter((content) => isUser(content) && !hasResponses(content))
    .map((content) => textOf(content.parts, true));
}

/** A content without responses, or one that asks for something beside them, as after an interrupted tool. */
function beginsTurn(content: Content): boolean {
  if (!isUser(content)) return false;
  return !hasResponses(content) || parseDirectives(textOf(content.parts, true)).length > 0;
}

function isUser(content: Content): boolean {
  return content.role === "user";
}

function hasCalls(content: Content): boolean {
  return content.parts.some((part) => part.functionCall !== undefined);
}

function hasResponses(content: Content): boolean {
  return content.parts.some((part) => part.functionResponse !== undefined);
}

function textOf(parts: readonly Part[], skipReminders: boolean): string {
  return parts
    .flatMap((part) => part.text ?? [])
    .filter((text) => !skipReminders || !REMINDER.test(text))
    .join("\n");
}
