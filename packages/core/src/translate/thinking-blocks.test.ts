import { describe, expect, test } from "vitest";
import type { ContentBlock } from "../anthropic/messages.ts";
import { checkStreamGrammar } from "../anthropic/stream-grammar.ts";
import { chunkOf, replayChunks, USAGE } from "./__fixtures__/replay.ts";
import type { SignatureRecord } from "./context.ts";
import { collectMessage } from "./response.ts";
import { THINKING_MARKER_PREFIX } from "./thinking-blocks.ts";

const CLAUDE = "claude-opus-4-6-thinking";
const GEMINI = "gemini-3-flash";

interface Outcome {
  readonly content: readonly ContentBlock[];
  readonly records: readonly SignatureRecord[];
}

function answer(parts: readonly object[], model: string, showThinking = true): Outcome {
  // One part an event: what follows is known only later.
  const chunks = parts.map((part) => chunkOf([part], {}, USAGE));
  const last = chunkOf([], { finishReason: "STOP" }, USAGE);
  const { events, end, records } = replayChunks([...chunks, last], model, { showThinking });
  expect(end.kind).toBe("complete");
  expect(checkStreamGrammar(events)).toBeUndefined();
  return { content: collectMessage(events).content, records };
}

const thought = (text: string, thoughtSignature?: string) => ({
  thought: true,
  text,
  ...(thoughtSignature === undefined ? {} : { thoughtSignature }),
});
const text = { text: "So." };
const thinking = (value: string, signature: string) => ({
  type: "thinking",
  thinking: value,
  signature,
});
const so = { type: "text", text: "So.", citations: null };
const remembered = (value: string, signature: string) => ({
  kind: "thinking",
  thinking: value,
  family: "claude",
  model: CLAUDE,
  signature,
});

describe("Claude", () => {
  test("signs the exact text of the block, whichever part carries the signature", () => {
    const expected = {
      content: [thinking("ab ", "sig"), so],
      records: [remembered("ab ", "sig")],
    };
    expect(answer([thought("a"), thought("b ", "sig"), text], CLAUDE)).toEqual(expected);
    expect(answer([thought("a"), thought("b "), thought("", "sig"), text], CLAUDE)).toEqual(
      expected,
    );
    const bare = { text: "", thoughtSignature: "sig" };
    expect(answer([thought("a"), thought("b "), bare, text], CLAUDE)).toEqual(expected);
    const snake = { thought: true, thought_signature: "sig" };
    expect(answer([thought("a"), thought("b "), snake, text], CLAUDE)).toEqual(expected);
  });

  test("a thought behind a signature is another block", () => {
    expect(answer([thought("a", "s1"), thought("b", "s2"), text], CLAUDE)).toEqual({
      content: [thinking("a", "s1"), thinking("b", "s2"), so],
      records: [remembered("a", "s1"), remembered("b", "s2")],
    });
  });

  test("a signature that comes twice is sent once, the last one", () => {
    const { content } = answer([thought("a", "s1"), thought("", "s2"), text], CLAUDE);
    expect(content).toEqual([thinking("a", "s2"), so]);
  });

  test("an unsigned block gets no signature", () => {
    expect(answer([thought("a"), text], CLAUDE)).toEqual({
      content: [thinking("a", ""), so],
      records: [],
    });
  });

  test("a late signature is remembered with the text of the closed block", () => {
    expect(answer([thought("a"), text, thought("", "sig")], CLAUDE)).toEqual({
      content: [thinking("a", ""), so],
      records: [remembered("a", "sig")],
    });
  });

  test("a signature without any thought is of no use", () => {
    expect(answer([thought("", "sig"), text], CLAUDE)).toEqual({ content: [so], records: [] });
  });

  test("thoughts alone are an answer when the client sees them", () => {
    expect(answer([thought("a", "sig")], CLAUDE).content).toEqual([thinking("a", "sig")]);
  });

  test("with the text left out, the block holds the signature that brings it back", () => {
    expect(answer([thought("a", "s1"), text, thought("b", "s2")], CLAUDE, false)).toEqual({
      content: [thinking("", "s1"), so, thinking("", "s2")],
      records: [remembered("a", "s1"), remembered("b", "s2")],
    });
  });

  test("with the text left out, an unsigned thought leaves no block", () => {
    expect(answer([thought("a"), text], CLAUDE, false).content).toEqual([so]);
  });
});

describe("others", () => {
  test("get a marker in place of a signature, also in one block after the other", () => {
    const { content, records } = answer([thought("a"), thought("b"), text, thought("c")], GEMINI);
    const [first, , second] = content;
    expect(content.map((block) => block.type)).toEqual(["thinking", "text", "thinking"]);
    const signatures = [first, second].map((block) =>
      block?.type === "thinking" ? block.signature : "",
    );
    for (const signature of signatures) {
      expect(signature.startsWith(THINKING_MARKER_PREFIX)).toBe(true);
      expect(signature.length).toBeGreaterThanOrEqual(64);
    }
    expect(signatures[0]).not.toBe(signatures[1]);
    expect(records).toEqual([]);
  });

  test("keep their genuine signature from the client, on the thought or late", () => {
    for (const parts of [
      [thought("a", "genuine"), text],
      [thought("a"), text, { text: "", thoughtSignature: "genuine" }],
      [thought("a"), { text: "So.", thoughtSignature: "genuine" }],
    ]) {
      const { content, records } = answer(parts, GEMINI);
      expect(JSON.stringify(content)).not.toContain("genuine");
      expect(records).toEqual([
        { kind: "thinking", thinking: "a", family: "gemini", model: GEMINI, signature: "genuine" },
      ]);
    }
  });

  test("leave no block when the text is left out", () => {
    expect(answer([thought("a", "genuine"), text], GEMINI, false).content).toEqual([so]);
    expect(answer([thought("a"), text], "gpt-oss-120b-medium", false).content).toEqual([so]);
  });
});
