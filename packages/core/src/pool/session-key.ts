/**
 * Which conversation a request belongs to, for the choice of its account. Not the `sessionId` that the backend gets: that
 * one comes from the conversation alone (cloud-code §3).
 *
 * Source: anthropic-messages §2.1 and §3.11.
 */
import { asRecord, asText, parseJson } from "../google/read-json.ts";

export interface SessionKeyInput {
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly request: SessionRequest;
  /** Absent on an open server. Two users never share a key. */
  readonly userId?: string;
  /** SHA-256 of the UTF-8 bytes of a text, as 64 lower-case hex digits. */
  readonly sha256Hex: (text: string) => string;
}

/** The parts of a Messages request that tell one conversation from another; their blocks are not looked into. */
export interface SessionRequest {
  readonly system?: unknown;
  readonly messages: readonly { readonly role: string; readonly content: unknown }[];
  readonly metadata?: { readonly user_id?: string | null | undefined } | undefined;
}

const SESSION_HEADER = "x-claude-code-session-id";
const AGENT_HEADER = "x-claude-code-agent-id";
const ID = /^[\w-]{1,128}$/;
const OLDER_USER_ID = /^user_[0-9a-f]{64}_account_[\w-]*?_session_([\w-]{1,128})$/i;
const MAX_USER_ID_LENGTH = 4096;

/**
 * The key under which a session's account is kept, 64 hex digits: by Claude Code's session id (header, else metadata) and
 * the agent id of a subagent, else by the system prompt and the first user message.
 *
 * Source: anthropic-messages §2.1 and §3.11.
 */
export function sessionKey(input: SessionKeyInput): string {
  const { headers, request, userId, sha256Hex } = input;
  const sessionId =
    idOf(headers[SESSION_HEADER]) ?? sessionIdOfMetadata(request.metadata?.user_id ?? undefined);
  const identity =
    sessionId === undefined
      ? ["start", request.system ?? null, conversationStart(request)]
      : ["session", sessionId, idOf(headers[AGENT_HEADER]) ?? null];
  return sha256Hex(JSON.stringify([userId ?? null, ...identity], withoutCacheMarks));
}

/** `{"device_id":…,"session_id":…}` as JSON text, or the older `user_…_account_…_session_…`. */
function sessionIdOfMetadata(userId: string | undefined): string | undefined {
  if (userId === undefined || userId.length > MAX_USER_ID_LENGTH) return undefined;
  const older = OLDER_USER_ID.exec(userId)?.[1];
  return older ?? idOf(asText(asRecord(parseJson(userId))?.["session_id"]));
}

function conversationStart({ messages }: SessionRequest): unknown {
  return (messages.find(({ role }) => role === "user") ?? messages[0])?.content ?? null;
}

function idOf(value: string | undefined): string | undefined {
  return value !== undefined && ID.test(value) ? value : undefined;
}

/** Clients move `cache_control` from turn to turn; the conversation is the same. */
function withoutCacheMarks(key: string, value: unknown): unknown {
  return key === "cache_control" ? undefined : value;
}
