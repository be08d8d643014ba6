import { readFileSync } from "node:fs";

import type { MessageParam, MessagesRequest, ToolParam } from "@agp/core";

interface Block {
  type: string;
  id?: string;
  tool_use_id?: string;
  content?: unknown;
}

const LARGE_BYTES = 1_100_000;
/** What one tool gives back in the large body: a page of source code. */
const RESULT_LINES = 80;
/** Events of the shortest answer that has a text. */
export const SHORT_ANSWER = 2;

/** A request as small as they come; the backend answers with so many events. */
export function smallBody(events: number): Buffer {
  const content = `Hello [[bench events=${events}]]`;
  return encode({
    model: "claude-sonnet-4-6",
    max_tokens: 1000,
    stream: true,
    messages: [{ role: "user", content }],
  });
}

/** A long conversation of the real Claude Code: its recorded tool loop, again and again, up to 1.1 MB. */
export function claudeCodeBody(): Buffer {
  const recorded = readRecording("tool-loop-thinking");
  const [first, system, ...loop] = recorded.messages;
  if (first === undefined || system === undefined) throw new Error("The recording is empty");
  const messages = [first, system];
  let size = 0;
  for (let round = 0; size < LARGE_BYTES; round += 1) {
    const more = loop.map((message) => grown(message, round));
    messages.push(...more);
    size += JSON.stringify(more).length;
  }
  messages.push({ role: "user", content: `And now? [[bench events=${SHORT_ANSWER}]]` });
  return encode({ ...recorded, model: "claude-sonnet-4-6", stream: true, messages });
}

function encode(request: MessagesRequest): Buffer {
  return Buffer.from(JSON.stringify(request));
}

/** A message with ids of this round, and tool results of an ordinary length (the recording's are cut). */
function grown(message: MessageParam, round: number): MessageParam {
  const copy = structuredClone(message);
  if (typeof copy.content === "string") return copy;
  // The copy is ours: its blocks are changed in place, which keeps the types of the roles apart.
  for (const block of copy.content as readonly Block[]) {
    if (block.type === "tool_use") block.id = `${block.id}r${round}`;
    if (block.type !== "tool_result") continue;
    block.tool_use_id = `${block.tool_use_id}r${round}`;
    block.content = sourceText(round);
  }
  return copy;
}

function sourceText(round: number): string {
  const line = (index: number) =>
    `${index + 1}\tconst value${index} = await read("file-${round}.ts", { line: ${index} });`;
  return Array.from({ length: RESULT_LINES }, (_, index) => line(index)).join("\n");
}

/** A recording of core's tests; a tool's schema is the name of one in the file beside it. */
function readRecording(name: string): MessagesRequest {
  const requests = readFixture("claude-code-requests") as Record<string, MessagesRequest>;
  const schemas = readFixture("claude-code-tools") as Record<string, ToolParam>;
  const request = requests[name];
  if (request === undefined) throw new Error(`There is no recording ${name}`);
  const tools = (request.tools ?? []).map((tool): ToolParam => {
    const name: unknown = tool.input_schema;
    const known = typeof name === "string" ? schemas[name] : undefined;
    return known?.input_schema === undefined ? tool : { ...tool, input_schema: known.input_schema };
  });
  return { ...request, tools };
}

function readFixture(name: string): unknown {
  const file = `../packages/core/src/translate/__fixtures__/${name}.json`;
  return JSON.parse(readFileSync(new URL(file, import.meta.url), "utf8"));
}
