import type { Effort, MessagesRequest } from "../anthropic/messages.ts";

/**
 * The effort that holds for the answer: the last one given, where one on a message of role system comes after that of the
 * request; undefined when there is none. Source: cloud-code §5.1; anthropic-messages §3.3.
 */
export function lastEffort(request: MessagesRequest): Effort | undefined {
  const { messages } = request;
  for (let index = messages.length - 1; index >= 0; index--) {
    const message = messages[index];
    if (message?.role !== "system") continue;
    const effort = message.output_config?.effort;
    if (effort !== undefined && effort !== null) return effort;
  }
  return request.output_config?.effort ?? undefined;
}
