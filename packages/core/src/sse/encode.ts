import type { StreamEvent } from "../anthropic/stream-events.ts";

/**
 * Makes the frame of one event: `event: TYPE`, `data: JSON`, a blank line, with LF. The deltas that make up nearly all of a
 * stream are written by hand, which takes half the time of JSON.stringify over the whole event.
 *
 * Source: anthropic-messages §6.1.
 */
export function encodeEvent(event: StreamEvent): string {
  if (event.type !== "content_block_delta") return frame(event.type, JSON.stringify(event));
  const { delta, index } = event;
  switch (delta.type) {
    case "text_delta":
      return `${DELTA_HEAD}${index},"delta":{"type":"text_delta","text":${JSON.stringify(delta.text)}}}\n\n`;
    case "thinking_delta":
      return `${DELTA_HEAD}${index},"delta":{"type":"thinking_delta","thinking":${JSON.stringify(delta.thinking)}}}\n\n`;
    case "input_json_delta":
      return `${DELTA_HEAD}${index},"delta":{"type":"input_json_delta","partial_json":${JSON.stringify(delta.partial_json)}}}\n\n`;
    default:
      return frame(event.type, JSON.stringify(event));
  }
}

/** Makes the frames of a batch as one string, for one write. */
export function encodeEvents(events: readonly StreamEvent[]): string {
  let frames = "";
  for (const event of events) frames += encodeEvent(event);
  return frames;
}

const DELTA_HEAD = 'event: content_block_delta\ndata: {"type":"content_block_delta","index":';

function frame(type: string, json: string): string {
  return `event: ${type}\ndata: ${json}\n\n`;
}
