import fc from "fast-check";
import { expect, test } from "vitest";
import { couldBecomeClientGate, isClientGate } from "./client-gate.ts";

const GATES = [
  "This version of Antigravity is no longer supported. Please upgrade to receive the latest features.",
  "This version of Antigravity is no longer supported",
  "Your current version 1.2.3 is out of date. Please update Antigravity.",
  "Your current version of Antigravity (1.11.5) is out of date.",
  "Gemini 3 Pro is no longer available. Please switch to Gemini 3.1 Pro in the latest version of Antigravity.",
  "\n Claude Sonnet 4.5 is no longer available. Please switch to Claude Sonnet 4.6.\n",
];

const ANSWERS = [
  "",
  "Hello",
  "This version of the code works.",
  "Your current version is fine, no need to update.",
  "You may see the text: This version of Antigravity is no longer supported.",
  "That flag is no longer available. Use another.",
  `This version of Antigravity is no longer supported${" and here is why".repeat(50)}`,
  `A long explanation of ${"many ".repeat(30)} things is no longer available. Please switch to x`,
];

test.each(GATES)("a refusal: %s", (text) => {
  expect(isClientGate(text)).toBe(true);
});

test.each(ANSWERS)("an answer: %s", (text) => {
  expect(isClientGate(text)).toBe(false);
});

test("every beginning of a refusal may still become one", () => {
  for (const text of GATES) {
    for (let length = 0; length <= text.length; length += 1) {
      expect(couldBecomeClientGate(text.slice(0, length))).toBe(true);
    }
  }
});

test("an answer is known as one within 125 characters", () => {
  expect(couldBecomeClientGate(`Here is a list.${" word".repeat(30)}`)).toBe(false);
  expect(couldBecomeClientGate("First line\nsecond line")).toBe(false);
  fc.assert(
    fc.property(
      fc.string({ minLength: 123, maxLength: 500, unit: fc.constantFrom("a", " ", ".") }),
      (text) => {
        fc.pre(text.trimStart().length > 122);
        expect(couldBecomeClientGate(text)).toBe(false);
      },
    ),
  );
});

test("what is ruled out at its beginning is no refusal at its end", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...GATES, ...ANSWERS),
      fc.string(),
      fc.nat(120),
      (text, tail, at) => {
        const whole = text + tail;
        expect(isClientGate(whole) && !couldBecomeClientGate(whole.slice(0, at))).toBe(false);
      },
    ),
  );
});
