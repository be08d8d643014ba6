import { describe, expect, test } from "vitest";
import { tooLongMessage } from "./too-long-message.ts";

describe("tooLongMessage", () => {
  test.each([
    [
      "Claude's own",
      "prompt is too long: 202007 tokens > 200000 maximum",
      "202007 tokens > 200000",
    ],
    [
      "Gemini's",
      "The input token count (1058576) exceeds the maximum number of tokens allowed (1048576).",
      "1058576 tokens > 1048576",
    ],
    [
      "Gemini's without brackets",
      "The input token count exceeds nothing. Input token count 12 exceeds the maximum number of tokens allowed 10.",
      "12 tokens > 10",
    ],
  ])("%s", (_name, message, expected) => {
    expect(tooLongMessage(message, {})).toBe(`prompt is too long: ${expected} maximum`);
  });

  const unnamed = "Request payload size exceeds the limit: 20971520 bytes.";

  test.each([
    [
      "the window and the estimate",
      { contextTokens: 1000, inputTokens: 1500 },
      "1500 tokens > 1000 maximum",
    ],
    [
      "an estimate below the window is wrong",
      { contextTokens: 1000, inputTokens: 900 },
      "1001 tokens > 1000 maximum",
    ],
    ["the window alone", { contextTokens: 1000 }, "1001 tokens > 1000 maximum"],
    ["nothing known", {}, unnamed],
  ])("no numbers in the sentence: %s", (_name, known, expected) => {
    expect(tooLongMessage(unnamed, known)).toBe(`prompt is too long: ${expected}`);
  });

  test("the phrase is not doubled", () => {
    expect(tooLongMessage("prompt is too long.", {})).toBe("prompt is too long.");
  });
});
