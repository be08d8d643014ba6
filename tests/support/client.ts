import { checkStreamGrammar, type Message, type StreamEvent } from "@agp/core";

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

export const USER_HELLO = { role: "user", content: "Hello" };

/** A request that every model takes; `more` overrides its fields. */
export function request(more: Record<string, unknown> = {}): Record<string, unknown> {
  return { model: "claude-sonnet-4-6", max_tokens: 1000, messages: [USER_HELLO], ...more };
}

/** Sends JSON and reads JSON. */
export async function post(
  url: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(`${url}/v1/messages`, {
    method: "POST",
    headers: { "content-type": "application/json", "anthropic-version": "2023-06-01", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  return readAnswer(response);
}

export async function readAnswer(response: Response): Promise<Answer> {
  const body = (await response.json()) as Record<string, unknown>;
  return { status: response.status, headers: response.headers, body };
}

/** Sends a request that has to be answered by a message. */
export async function message(url: string, body: Record<string, unknown>): Promise<Message> {
  const answer = await post(url, body);
  if (answer.status !== 200) throw new Error(`${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.body as unknown as Message;
}

/** Sends a streamed request and collects the events; their order is checked against the grammar. */
export async function stream(
  url: string,
  body: Record<string, unknown>,
  headers: Record<string, string> = {},
): Promise<StreamEvent[]> {
  const response = await fetch(`${url}/v1/messages`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ ...body, stream: true }),
  });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${response.status}: ${text}`);
  const events = text
    .split("\n\n")
    .filter((frame) => frame !== "")
    .map((frame) => JSON.parse(frame.split("\ndata: ")[1] ?? "") as StreamEvent);
  const violation = checkStreamGrammar(events);
  if (violation !== undefined) throw new Error(`grammar: ${JSON.stringify(violation)}\n${text}`);
  return events;
}
