import { claudeError } from "../errors/claude-error.ts";
import { invalidArgument, strictRefusal } from "../errors/google-error.ts";
import type { Reply } from "../http/reply.ts";
import type { Check, CheckContext } from "./check.ts";
import type { UncheckedContent, UncheckedPart } from "./unchecked.ts";

const NAME = /^[a-zA-Z_][a-zA-Z0-9_.:-]{0,63}$/;
const CLAUDE_ID = /^[a-zA-Z0-9_-]+$/;
const CALL_TURN =
  "Please ensure that function call turn comes immediately after a user turn or after a function response turn.";
const RESPONSE_TURN =
  "Please ensure that function response turn comes immediately after a function call turn.";
const COUNTS_DIFFER =
  "Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.";

type Call = NonNullable<UncheckedPart["functionCall"]>;
type Response = NonNullable<UncheckedPart["functionResponse"]>;

/** Calls and responses: sides, names, ids, pairing and order. Source: cloud-code §4.2.2–7, §14.7–8. */
export const pairingChecks: readonly Check[] = [checkSides, checkNames, checkIds, checkPairs];

function callsOf(content: UncheckedContent | undefined): Call[] {
  return content?.parts?.flatMap((part) => part.functionCall ?? []) ?? [];
}

function responsesOf(content: UncheckedContent | undefined): Response[] {
  return content?.parts?.flatMap((part) => part.functionResponse ?? []) ?? [];
}

function checkSides({ contents, model }: CheckContext): Reply | undefined {
  const isClaude = model.family === "claude";
  for (const [index, content] of contents.entries()) {
    if (content.role === "user" && callsOf(content).length > 0) {
      return isClaude
        ? claudeError(
            `messages.${index}: \`tool_use\` blocks can only be in \`assistant\` messages`,
          )
        : invalidArgument(CALL_TURN);
    }
    if (content.role === "model" && responsesOf(content).length > 0) {
      return isClaude
        ? claudeError(`messages.${index}: \`tool_result\` blocks can only be in \`user\` messages`)
        : invalidArgument(RESPONSE_TURN);
    }
  }
  return undefined;
}

function checkNames({ contents }: CheckContext): Reply | undefined {
  for (const [index, content] of contents.entries()) {
    for (const [position, part] of (content.parts ?? []).entries()) {
      const path = `* GenerateContentRequest.contents[${index}].parts[${position}]`;
      if (part.functionCall && !NAME.test(part.functionCall.name ?? "")) {
        return invalidArgument(`${path}.function_call.name: Invalid function name.\n`);
      }
      if (!part.functionResponse) continue;
      if (!NAME.test(part.functionResponse.name ?? "")) {
        return invalidArgument(`${path}.function_response.name: Invalid function name.\n`);
      }
      if (part.functionResponse.response === undefined) {
        return invalidArgument(`${path}.function_response.response: Required field is not set.\n`);
      }
    }
  }
  return undefined;
}

function checkIds({ contents, model }: CheckContext): Reply | undefined {
  const seen = new Set<string>();
  for (const [index, content] of contents.entries()) {
    for (const [position, part] of (content.parts ?? []).entries()) {
      if (part.functionCall === undefined) continue;
      const { id } = part.functionCall;
      const path = `messages.${index}.content.${position}.tool_use.id`;
      if (model.family === "claude" && !id) return claudeError(`${path}: Field required`);
      if (model.family === "claude" && id && !CLAUDE_ID.test(id)) {
        return claudeError(`${path}: String should match pattern '${CLAUDE_ID.source}'`);
      }
      if (!id) continue;
      if (seen.has(id)) {
        return model.family === "claude"
          ? claudeError("messages: `tool_use` ids must be unique")
          : strictRefusal(`contents[${index}]: function call id ${id} occurs twice`);
      }
      seen.add(id);
    }
  }
  return undefined;
}

function checkPairs(context: CheckContext): Reply | undefined {
  const { contents, model } = context;
  const check = model.family === "claude" ? claudePair : geminiPair;
  for (const [index, content] of contents.entries()) {
    if (content.role !== "user") continue;
    const calls = callsOf(contents[index - 1]);
    const responses = responsesOf(content);
    if (calls.length === 0 && responses.length === 0) continue;
    const refusal =
      check(calls, responses, index) ??
      checkLeading(content, model.family === "claude", index) ??
      checkOrder(context, calls, responses, index);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

function claudePair(
  calls: readonly Call[],
  responses: readonly Response[],
  index: number,
): Reply | undefined {
  const answered = new Set(responses.map((response) => response.id));
  const unanswered = calls.filter((call) => !answered.has(call.id)).map((call) => call.id);
  if (unanswered.length > 0) {
    return claudeError(
      `messages.${index - 1}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${unanswered.join(", ")}. Each \`tool_use\` block must have a corresponding \`tool_result\` block in the next message.`,
    );
  }
  const called = new Set(calls.map((call) => call.id));
  const orphan = responses.findIndex((response) => !called.has(response.id));
  if (orphan >= 0) {
    return claudeError(
      `messages.${index}.content.${orphan}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${responses[orphan]?.id ?? "none"}. Each \`tool_result\` block must have a corresponding \`tool_use\` block in the previous message.`,
    );
  }
  if (answered.size === responses.length) return undefined;
  return claudeError(
    `messages.${index}.content: each tool_use must have a single result. Found multiple \`tool_result\` blocks with one id.`,
  );
}

function geminiPair(calls: readonly Call[], responses: readonly Response[]): Reply | undefined {
  if (calls.length === 0) return invalidArgument(RESPONSE_TURN);
  return calls.length === responses.length ? undefined : invalidArgument(COUNTS_DIFFER);
}

/** All responses stand before every other part. */
function checkLeading(
  content: UncheckedContent,
  isClaude: boolean,
  index: number,
): Reply | undefined {
  const parts = content.parts ?? [];
  const firstOther = parts.findIndex((part) => part.functionResponse === undefined);
  const isInterleaved =
    firstOther >= 0 && parts.slice(firstOther).some((part) => part.functionResponse !== undefined);
  if (!isInterleaved) return undefined;
  return isClaude
    ? claudeError(
        `messages.${index}: \`tool_result\` blocks must come first in the content of a \`user\` message`,
      )
    : invalidArgument(COUNTS_DIFFER);
}

/** Same order, name and id on both sides: no source saw the backend check it, all call it the rule. */
function checkOrder(
  { rules }: CheckContext,
  calls: readonly Call[],
  responses: readonly Response[],
  index: number,
): Reply | undefined {
  if (!rules.strict) return undefined;
  for (const [position, call] of calls.entries()) {
    const response = responses[position];
    const path = `contents[${index}]: function response ${position}`;
    if (response?.id !== call.id) {
      return strictRefusal(`${path} has id ${response?.id}, but call ${position} has ${call.id}`);
    }
    if (response?.name !== call.name) {
      return strictRefusal(
        `${path} is named ${response?.name}, but call ${position} is ${call.name}`,
      );
    }
  }
  return undefined;
}
