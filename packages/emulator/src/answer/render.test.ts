import { readFileSync } from "node:fs";
import type { CloudCodeChunk, JsonObject } from "@agp/core";
import { expect, test } from "vitest";
import grounding from "../__fixtures__/grounding.json" with { type: "json" };
import { groundedAnswer } from "../brain/grounded.ts";
import { IdSource } from "../ids.ts";
import { MODELS } from "../models/catalogue.ts";
import { FAULTS } from "../scenario/faults.ts";
import { Signer } from "../signatures/signer.ts";
import type { Answer } from "./answer.ts";
import { renderAnswer } from "./render.ts";

const ids = new IdSource("test");
const signer = new Signer(ids);

function render(modelId: string, answer: Answer): JsonObject[] {
  const model = MODELS.get(modelId);
  if (model === undefined) throw new Error(modelId);
  const usage = { promptTokens: 10, cachedTokens: 0, candidateTokens: 0, thoughtTokens: 0 };
  const context = {
    model,
    account: "a@b.c",
    ids,
    signer,
    usage,
    signs: modelId !== "gemini-2.5-flash",
  };
  const events: JsonObject[] = [];
  for (const frame of renderAnswer(answer, context)) {
    if (frame.kind === "event") events.push(frame.event);
  }
  return events;
}

function fixture(name: string): JsonObject[] {
  const text = readFileSync(new URL(`../__fixtures__/${name}.sse`, import.meta.url), "utf8");
  return text
    .split("\r\n\r\n")
    .filter((frame) => frame !== "")
    .map((frame) => JSON.parse(frame.slice("data: ".length)) as JsonObject);
}

/** Events without what varies: figures, ids, signatures. */
function shape(events: readonly JsonObject[]): unknown {
  return JSON.parse(JSON.stringify(events), (key, value: unknown) => {
    if (key === "usageMetadata" || key === "responseId" || key === "traceId") return typeof value;
    if (key === "thoughtSignature") return "SIGNATURE";
    // Failures lack the empty object in places; ids of calls stay where they are, with another value.
    if (key === "metadata") return undefined;
    return key === "id" ? "ID" : value;
  });
}

function signed(name: string, args?: JsonObject) {
  return { call: { name, ...(args && { args }) } };
}

test.each<[string, string, Answer]>([
  ["20-text-claude", "claude-sonnet-4-6", { items: [{ text: "Hel" }, { text: "lo — 你好 🙂" }] }],
  [
    "21-thinking-tools-claude",
    "claude-opus-4-6-thinking",
    {
      items: [
        { thought: "Let me look." },
        { text: "Two calls." },
        signed("Bash", { command: "ls" }),
        signed("mcp_files_search", { query: "x", mode: "fast" }),
      ],
      chunkChars: 7,
    },
  ],
  [
    "22-parallel-tools-gemini3",
    "gemini-3.1-pro-high",
    {
      items: [
        { thought: "**Plan**\nRead both." },
        signed("Read", { file_path: "a" }),
        signed("Read", { file_path: "b" }),
        signed("Ping"),
      ],
    },
  ],
  [
    "23-text-signature-tail-gemini3",
    "gemini-3.1-pro-high",
    { items: [{ text: "Done" }, { text: "." }] },
  ],
  [
    "32-interleaved-thinking-claude",
    "claude-opus-4-6-thinking",
    {
      items: [
        { thought: "First.", signature: "inline" },
        { text: "So: " },
        { thought: "Second." },
        signed("Bash", { command: "pwd" }),
      ],
    },
  ],
  ["28-empty", "claude-sonnet-4-6", { items: [] }],
])("renders an answer as fixture %s", (name, model, answer) => {
  const chunked = name.startsWith("21") ? joinTexts(render(model, answer)) : render(model, answer);
  const expected = name.startsWith("21") ? joinTexts(fixture(name)) : fixture(name);
  expect(shape(chunked)).toEqual(shape(expected));
});

function candidateIn(event: JsonObject | undefined) {
  const chunk: CloudCodeChunk = event ?? {};
  return chunk.response?.candidates?.[0];
}

function partsIn(event: JsonObject) {
  return candidateIn(event)?.content?.parts ?? [];
}

/** How texts are cut is free: runs of unsigned thoughts or texts become one event. */
function joinTexts(events: readonly JsonObject[]): JsonObject[] {
  const joined: JsonObject[] = [];
  let run = "";
  for (const event of events) {
    const [part, ...others] = partsIn(event);
    const finish = candidateIn(event)?.finishReason;
    const isRun = others.length === 0 && part?.text && !part.thoughtSignature && !finish;
    if (isRun) run += `${part.thought ? "T" : "t"}:${part.text}`.replace(run ? /^[Tt]:/ : /^$/, "");
    else {
      if (run !== "") joined.push({ run });
      run = "";
      joined.push(event);
    }
  }
  return joined;
}

test.each<[string, string, keyof typeof FAULTS]>([
  ["25-safety", "gemini-2.5-flash", "safety"],
  ["26-prompt-blocked", "gemini-2.5-flash", "prompt-blocked"],
  ["27-malformed-function-call", "gemini-3.1-pro-high", "malformed-function-call"],
  ["29-error-in-stream", "claude-sonnet-4-6", "error-in-stream"],
])("fault as fixture %s", (name, model, fault) => {
  const fragment = FAULTS[fault](model);
  if (!("answer" in fragment)) throw new Error("no answer");
  const { answer, ...settings } = fragment;
  const strip = (text: string): string => text.replaceAll(/ on the server\.?"/g, ' on the server"');
  expect(
    JSON.parse(strip(JSON.stringify(shape(render(model, { ...settings, items: answer }))))).map(
      keysOnly,
    ),
  ).toEqual(JSON.parse(strip(JSON.stringify(shape(fixture(name))))).map(keysOnly));
});

/** Ids and trace are not in every event of the emulator's faults. */
function keysOnly(event: { response?: object; error?: object }): unknown {
  const { responseId: _id, ...response } = (event.response ?? {}) as { responseId?: string };
  return event.error ? { error: event.error } : { response };
}

test("a grounded answer has the fields of fixture 33", () => {
  const answer = groundedAnswer("Perform a web search for the query: node 24 “date” 🙂");
  const events = render("gemini-2.5-flash", answer);
  const metadata = candidateIn(events.at(-1))?.groundingMetadata;
  const expected = grounding.upstream.response.candidates[0]?.groundingMetadata;
  expect(Object.keys(metadata ?? {})).toEqual(expect.arrayContaining(Object.keys(expected ?? {})));
  const text = events.flatMap((event) => partsIn(event).map((part) => part.text)).join("");
  const bytes = Buffer.from(text);
  const segments = metadata?.groundingSupports?.map((support) => support.segment) ?? [];
  expect(segments).toHaveLength(2);
  for (const segment of segments) {
    expect(bytes.subarray(segment?.startIndex ?? 0, segment?.endIndex).toString()).toBe(
      segment?.text,
    );
  }
});

test("usage is cumulative: thoughts count apart for Gemini, as candidates for Claude", () => {
  const items = [{ thought: "12345678" }, { text: "1234" }];
  const usageOf = (model: string): unknown => {
    const last: CloudCodeChunk = render(model, { items }).at(-1) ?? {};
    return last.response?.usageMetadata;
  };
  expect(usageOf("gemini-3-flash")).toEqual({
    promptTokenCount: 10,
    candidatesTokenCount: 1,
    thoughtsTokenCount: 2,
    totalTokenCount: 13,
  });
  expect(usageOf("claude-sonnet-4-6")).toEqual({
    promptTokenCount: 10,
    candidatesTokenCount: 3,
    totalTokenCount: 13,
  });
});

test("a null finishReason ends without a last event", () => {
  const events = render("claude-sonnet-4-6", { items: [{ text: "a" }], finishReason: null });
  expect(events).toHaveLength(1);
  expect(JSON.stringify(events)).not.toContain("finishReason");
});
