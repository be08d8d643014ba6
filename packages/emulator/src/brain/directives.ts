import type { JsonObject } from "@agp/core";
import { isObject } from "../json.ts";

/**
 * What a user text may ask of the emulated model, between double brackets:
 *
 * - `[[call NAME {json}]]` a call with exactly these arguments; several in one step are parallel calls;
 * - `[[then]]`, or `then ` before another directive: a new step, taken when the calls of the step before were answered;
 * - `[[text …]]`, `[[think …]]` what the step says and thinks, in this order;
 * - `[[long N]]` a text of N characters; `[[delay MS]]` wait between all events; `[[gate NAME]]` wait until the test opens it;
 * - `[[finish REASON]]` another finishReason;
 * - `[[fault NAME times=N]]` a named fault or HTTP error, for the first N calls with this text (default 1).
 */
export type Directive =
  | { readonly kind: "call"; readonly name: string; readonly args: JsonObject }
  | { readonly kind: "text" | "think" | "finish" | "gate"; readonly text: string }
  | { readonly kind: "long" | "delay"; readonly amount: number }
  | { readonly kind: "fault"; readonly name: string; readonly times: number }
  | { readonly kind: "unreadable"; readonly text: string };

/** The steps that a text asks for, in order; empty where it holds no directive. */
export function parseDirectives(text: string): Directive[][] {
  const steps: Directive[][] = [];
  for (const { opensStep, directive } of findDirectives(text)) {
    if (opensStep || steps.length === 0) steps.push([]);
    if (directive !== undefined) steps.at(-1)?.push(directive);
  }
  return steps.filter((step) => step.length > 0);
}

/** A text without its directives, and without double brackets: what may be quoted without asking for anything. */
export function withoutDirectives(text: string): string {
  let rest = "";
  let position = 0;
  for (const found of findDirectives(text)) {
    rest += text.slice(position, found.start);
    position = found.end;
  }
  rest += text.slice(position);
  return rest.replaceAll("[[", "[").replaceAll("]]", "]").replaceAll(/ {2,}/g, " ").trim();
}

interface Found {
  readonly start: number;
  readonly end: number;
  /** Whether it begins with `then`. */
  readonly opensStep: boolean;
  readonly directive?: Directive;
}

function findDirectives(text: string): Found[] {
  const all: Found[] = [];
  let start = text.indexOf("[[");
  while (start >= 0) {
    const close = closingBrackets(text, start + 2);
    if (close < 0) break;
    const body = text.slice(start + 2, close).trim();
    const opensStep = /^then\b/.test(body);
    const directive = parseOne(opensStep ? body.slice(4).trim() : body);
    const end = close + 2;
    if (opensStep || directive)
      all.push({ start, end, opensStep, ...(directive && { directive }) });
    start = text.indexOf("[[", end);
  }
  return all;
}

/** Index of the `]]` that closes a directive; -1 when there is none. */
function closingBrackets(text: string, from: number): number {
  // Only a call's JSON has strings that count: a lone quote in `[[text …]]` must not swallow the rest.
  const isCall = /^\s*(then\s+)?call\b/.test(text.slice(from, from + 40));
  const end = isCall ? closingAfterJson(text, from) : -1;
  return end < 0 ? text.indexOf("]]", from) : end;
}

/** Index of the first `]]` outside of JSON strings and lists; -1 when there is none. */
function closingAfterJson(text: string, from: number): number {
  let inString = false;
  let depth = 0;
  for (let index = from; index < text.length; index += 1) {
    const character = text[index];
    if (inString) {
      if (character === "\\") index += 1;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === "{" || character === "[") depth += 1;
    else if (character === "]" && depth === 0 && text[index + 1] === "]") return index;
    else if (character === "}" || character === "]") depth -= 1;
  }
  return -1;
}

function parseOne(body: string): Directive | undefined {
  const [, verb = "", rest = ""] = /^(\w+)\s*(.*)$/s.exec(body) ?? [];
  switch (verb) {
    case "call":
      return parseCall(rest, body);
    case "text":
    case "think":
    case "finish":
    case "gate":
      return { kind: verb, text: rest };
    case "long":
    case "delay":
      return Number.isFinite(Number.parseInt(rest, 10))
        ? { kind: verb, amount: Number.parseInt(rest, 10) }
        : { kind: "unreadable", text: body };
    case "fault": {
      const [, name = "", times = "1"] = /^(\S+)(?:\s+times=(\d+))?/.exec(rest) ?? [];
      return { kind: "fault", name, times: Number(times) };
    }
    default:
      // Double brackets are ordinary text too (shell conditions, wiki links).
      return undefined;
  }
}

function parseCall(rest: string, body: string): Directive {
  const [, name = "", json = ""] = /^(\S+)\s*(.*)$/s.exec(rest) ?? [];
  if (name === "") return { kind: "unreadable", text: body };
  try {
    const args: unknown = json.trim() === "" ? {} : JSON.parse(json);
    return isObject(args) ? { kind: "call", name, args } : { kind: "unreadable", text: body };
  } catch {
    return { kind: "unreadable", text: body };
  }
}
