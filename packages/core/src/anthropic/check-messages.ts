import { blocksIssue, SERVER_TOOL_BLOCKS } from "./check-block.ts";
import type { BlockPlace } from "./check-block.ts";
import { outputConfigIssue } from "./check-output.ts";
import { fieldTable } from "./dropped-fields.ts";
import type { DroppedFields, FieldTable } from "./dropped-fields.ts";
import { FIELD_REQUIRED, isRecord, NOT_A_DICTIONARY, NOT_A_LIST, within } from "./issue.ts";
import type { Issue, JsonRecord } from "./issue.ts";

/** Source: anthropic-messages §3.1. */
const MAX_MESSAGES = 100_000;

type Role = "user" | "assistant" | "system";

interface RolePlace {
  readonly place: BlockPlace;
  readonly fields: FieldTable;
}

const REPORTED = "messages[].content[]";
const UNSUPPORTED_BLOCKS = ["container_upload", "browser_state"].map(
  (type) => [type, `content block type '${type}' is not supported by this backend`] as const,
);

function blocksOnlyIn(role: Role, types: readonly string[]): (readonly [string, string])[] {
  return types.map((type) => [type, `\`${type}\` blocks can only be in \`${role}\` messages`]);
}

function allowed(types: readonly string[]): (readonly [string, true])[] {
  return types.map((type) => [type, true]);
}

const COMMON = ["text", "image", "document", "search_result"];

const USER_TYPES = new Map<string, true | string>([
  ...allowed([...COMMON, "tool_result", ...SERVER_TOOL_BLOCKS]),
  ...blocksOnlyIn("assistant", ["tool_use", "thinking", "redacted_thinking"]),
  ...UNSUPPORTED_BLOCKS,
]);

const ASSISTANT_TYPES = new Map<string, true | string>([
  ...allowed([...COMMON, "tool_use", "thinking", "redacted_thinking", ...SERVER_TOOL_BLOCKS]),
  ...blocksOnlyIn("user", ["tool_result"]),
  ...UNSUPPORTED_BLOCKS,
]);

/** From 2026-10-21 on an assistant message holds no document. Source: anthropic-messages §2.4. */
const STRICT_ASSISTANT_TYPES = new Map<string, true | string>([
  ...ASSISTANT_TYPES,
  ...blocksOnlyIn("user", ["document"]),
]);

const SYSTEM_TYPES = new Map<string, true | string>(
  allowed(["text", "tool_addition", "tool_removal"]),
);

const FIELDS = fieldTable(["role", "content"]);
const SYSTEM_FIELDS = fieldTable(["role", "content", "output_config"], ["clear_at"]);

const LENIENT_PLACES: ReadonlyMap<unknown, RolePlace> = new Map<Role, RolePlace>([
  ["user", { place: { types: USER_TYPES, reported: REPORTED }, fields: FIELDS }],
  ["assistant", { place: { types: ASSISTANT_TYPES, reported: REPORTED }, fields: FIELDS }],
  ["system", { place: { types: SYSTEM_TYPES, reported: REPORTED }, fields: SYSTEM_FIELDS }],
]);

const STRICT_PLACES: ReadonlyMap<unknown, RolePlace> = new Map<unknown, RolePlace>([
  ...LENIENT_PLACES,
  [
    "user",
    {
      place: { types: USER_TYPES, reported: REPORTED, citationsRefused: true },
      fields: FIELDS,
    },
  ],
  ["assistant", { place: { types: STRICT_ASSISTANT_TYPES, reported: REPORTED }, fields: FIELDS }],
]);

/**
 * Checks roles, contents and blocks of the conversation, message by message; what holds between messages is
 * `turnsIssue`'s. The paths begin with `messages`.
 *
 * Source: anthropic-messages §3.2–3.4.
 */
export function messagesIssue(
  messages: unknown,
  strictVersion: boolean,
  dropped: DroppedFields,
): Issue | undefined {
  const path = "messages";
  if (messages === undefined) return { path, message: FIELD_REQUIRED };
  if (!Array.isArray(messages)) return { path, message: NOT_A_LIST };
  if (messages.length === 0) return { path, message: "at least one message is required" };
  if (messages.length > MAX_MESSAGES) {
    const message = `List should have at most ${MAX_MESSAGES} items after validation, not ${messages.length}`;
    return { path, message };
  }
  const places = strictVersion ? STRICT_PLACES : LENIENT_PLACES;
  for (let index = 0; index < messages.length; index++) {
    const isLast = index === messages.length - 1;
    const found = messageIssue(messages[index], places, isLast, dropped);
    if (found !== undefined) return within(`${path}.${index}`, found);
  }
  return undefined;
}

function messageIssue(
  message: unknown,
  places: ReadonlyMap<unknown, RolePlace>,
  isLast: boolean,
  dropped: DroppedFields,
): Issue | undefined {
  if (!isRecord(message)) return { path: "", message: NOT_A_DICTIONARY };
  const role = message["role"];
  if (role === undefined) return { path: "role", message: FIELD_REQUIRED };
  const rolePlace = places.get(role);
  if (rolePlace === undefined) {
    return { path: "role", message: "Input should be 'user', 'assistant' or 'system'" };
  }
  const found =
    emptyIssue(message, isLast) ??
    contentIssue(message["content"], rolePlace.place, dropped) ??
    (role === "system" ? outputConfigIssue(message, "messages[].", dropped) : undefined);
  if (found === undefined) dropped.scan(message, rolePlace.fields, "messages[]");
  return found;
}

/** Claude Code sends an empty system message after `/compact`; the last message may be an empty assistant's. */
function emptyIssue(message: JsonRecord, isLast: boolean): Issue | undefined {
  const { role, content } = message;
  if (content !== "" && !(Array.isArray(content) && content.length === 0)) return undefined;
  if (role === "user") return { path: "", message: "user messages must have non-empty content" };
  if (role === "system" || isLast) return undefined;
  return {
    path: "",
    message:
      "all messages must have non-empty content except for the optional final assistant message",
  };
}

function contentIssue(
  content: unknown,
  place: BlockPlace,
  dropped: DroppedFields,
): Issue | undefined {
  if (typeof content === "string") return undefined;
  if (content === undefined) return { path: "content", message: FIELD_REQUIRED };
  if (!Array.isArray(content)) return { path: "content", message: NOT_A_LIST };
  const found = blocksIssue(content, place, dropped);
  return found === undefined ? undefined : within("content", found);
}
