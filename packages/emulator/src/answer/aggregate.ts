import type { JsonObject } from "@agp/core";
import { isObject } from "../json.ts";
import type { Frame } from "./render.ts";

interface Chunk {
  readonly response?: {
    readonly candidates?: readonly {
      readonly content?: { readonly parts?: readonly JsonObject[] };
    }[];
  };
}

/** One object out of a stream's events, as `generateContent` answers: texts joined, the last event's finish and usage. Without `withThoughts` no thought parts (Claude, cloud-code §1.2). */
export function aggregate(frames: Iterable<Frame>, withThoughts: boolean): Frame[] {
  const parts: JsonObject[] = [];
  const others: Frame[] = [];
  let last: JsonObject | undefined;
  for (const frame of frames) {
    if (frame.kind !== "event") {
      others.push(frame);
      continue;
    }
    last = frame.event;
    // Events of the renderer have this shape; others (errors, noise) just lack the fields.
    for (const part of (last as Chunk).response?.candidates?.[0]?.content?.parts ?? []) {
      if (part.thought !== true || withThoughts) addPart(parts, part);
    }
  }
  if (last === undefined) return others;
  return [...others, { kind: "event", event: withParts(last, parts) }];
}

function addPart(parts: JsonObject[], part: JsonObject): void {
  const before = parts.at(-1);
  const text = part.thoughtSignature === undefined ? part.text : undefined;
  if (text === "") return;
  const continues = before?.thoughtSignature === undefined && before?.thought === part.thought;
  if (typeof text === "string" && typeof before?.text === "string" && continues) {
    parts[parts.length - 1] = { ...before, text: before.text + text };
  } else parts.push(part);
}

function withParts(event: JsonObject, parts: readonly JsonObject[]): JsonObject {
  const { response } = event;
  if (!isObject(response) || !Array.isArray(response.candidates)) return event;
  const candidate: unknown = response.candidates[0];
  if (!isObject(candidate)) return event;
  const content = { role: "model", parts };
  return { ...event, response: { ...response, candidates: [{ ...candidate, content }] } };
}
