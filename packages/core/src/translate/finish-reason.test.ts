import { describe, expect, test } from "vitest";
import { fixtureJson } from "./__fixtures__/replay.ts";
import {
  isKnownFinishReason,
  judgeFinish,
  judgeMissingFinish,
  type FinishVerdict,
  type Received,
} from "./finish-reason.ts";

interface Case {
  readonly finishReason: string;
  readonly hasCalls: boolean;
  readonly result: string;
}

const { stopReasons } = fixtureJson<{ stopReasons: readonly Case[] }>(
  "41-usage-and-stop-reasons.json",
);

test.each(stopReasons)(
  "fixture 41: $finishReason with content, calls: $hasCalls → $result",
  ({ finishReason, hasCalls, result }) => {
    const verdict = judgeFinish(finishReason, hasCalls ? "calls" : "content");
    expect(verdict.kind === "stop" ? verdict.stopReason : "failure").toBe(result);
  },
);

const END_TURN: FinishVerdict = { kind: "stop", stopReason: "end_turn" };
const EMPTY: FinishVerdict = { kind: "problem", problem: "empty" };
const MALFORMED: FinishVerdict = { kind: "problem", problem: "malformed" };

describe("without content", () => {
  test.each<[string, Received, FinishVerdict]>([
    ["STOP", "nothing", EMPTY],
    ["STOP", "thoughts", END_TURN],
    ["OTHER", "nothing", EMPTY],
    ["OTHER", "thoughts", END_TURN],
    ["SOMETHING_NEW", "nothing", EMPTY],
    ["MAX_TOKENS", "nothing", { kind: "stop", stopReason: "max_tokens" }],
    ["SAFETY", "nothing", { kind: "stop", stopReason: "refusal" }],
    ["MISSING_THOUGHT_SIGNATURE", "thoughts", MALFORMED],
    ["NO_IMAGE", "nothing", MALFORMED],
    ["NO_IMAGE", "content", END_TURN],
    ["IMAGE_OTHER", "thoughts", MALFORMED],
    ["IMAGE_OTHER", "calls", { kind: "stop", stopReason: "tool_use" }],
  ])("%s after %s", (reason, received, verdict) => {
    expect(judgeFinish(reason, received)).toEqual(verdict);
  });
});

describe("a clean end without finishReason", () => {
  test.each<[Received, boolean, FinishVerdict]>([
    ["nothing", true, EMPTY],
    ["thoughts", false, END_TURN],
    ["calls", false, { kind: "stop", stopReason: "tool_use" }],
    ["content", true, END_TURN],
    ["content", false, { kind: "problem", problem: "cut" }],
  ])("after %s, ended properly: %s", (received, endsProperly, verdict) => {
    expect(judgeMissingFinish(received, endsProperly)).toEqual(verdict);
  });
});

test("names of Object's own fields are no finish reasons", () => {
  expect(isKnownFinishReason("constructor")).toBe(false);
  expect(isKnownFinishReason("STOP")).toBe(true);
  expect(judgeFinish("toString", "content")).toEqual(END_TURN);
});
