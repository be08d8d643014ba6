import type { JsonObject } from "@agp/core";

/** `sse` with `alt=sse`; else one JSON array, or one object for `generateContent`. Source: cloud-code §1.2. */
export type StreamForm = "sse" | "array" | "object";

export interface Encoder {
  event(event: JsonObject): Buffer;
  end(): Buffer;
}

/** Turns events into the bytes of a stream; SSE has CRLF line ends (cloud-code §7.2). */
export function encoderFor(form: StreamForm): Encoder {
  switch (form) {
    case "sse":
      return {
        event: (event) => Buffer.from(`data: ${JSON.stringify(event)}\r\n\r\n`),
        end: () => Buffer.alloc(0),
      };
    case "array":
      return arrayEncoder();
    case "object":
      return {
        event: (event) => Buffer.from(JSON.stringify(event, null, 1)),
        end: () => Buffer.alloc(0),
      };
  }
}

function arrayEncoder(): Encoder {
  let separator = "[";
  return {
    event(event) {
      const text = `${separator}${JSON.stringify(event, null, 1)}`;
      separator = ",\r\n";
      return Buffer.from(text);
    },
    end: () => Buffer.from(separator === "[" ? "[]" : "]"),
  };
}
