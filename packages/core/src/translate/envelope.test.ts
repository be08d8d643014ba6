import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { GenerateContentRequest } from "../google/generate-content.ts";
import { encodeEnvelope, openEnvelope, requestPieces, serialiseRequest } from "./envelope.ts";

const HEAD = {
  project: 'p"1',
  model: "claude-sonnet-4-6",
  userAgent: "antigravity-claude-proxy",
  requestType: "agent",
  requestId: "agent-1",
} as const;

function requestWith(text: string): GenerateContentRequest {
  return { contents: [{ role: "user", parts: [{ text }] }] };
}

function sent(text: string): string | undefined {
  // What was serialised from such a request parses to one.
  const request = JSON.parse(serialiseRequest(requestWith(text))) as GenerateContentRequest;
  return request.contents[0]?.parts[0]?.text;
}

describe("encodeEnvelope", () => {
  test("puts the head before the request, in the order of the spec", () => {
    expect(encodeEnvelope(HEAD, '{"contents":[]}')).toBe(
      '{"project":"p\\"1","model":"claude-sonnet-4-6","userAgent":"antigravity-claude-proxy","requestType":"agent","requestId":"agent-1","request":{"contents":[]}}',
    );
  });

  test("takes no key beside its own", () => {
    const head = { ...HEAD, secret: "sk-proxy-x" };
    expect(encodeEnvelope(head, "{}")).not.toContain("secret");
  });
});

describe("serialiseRequest", () => {
  test.each([
    ["plain", "plain"],
    ["a pair 😀 stays", "a pair 😀 stays"],
    ["high \ud83d alone", "high \ufffd alone"],
    ["low \ude00 alone", "low \ufffd alone"],
    ["swapped \ude00\ud83d", "swapped \ufffd\ufffd"],
    ["beside a pair \ud83d😀", "beside a pair \ufffd😀"],
    ["source code: \\ud83d", "source code: \\ud83d"],
    ["source code and \ud83d: \\ud83d \\\\ud83d", "source code and \ufffd: \\ud83d \\\\ud83d"],
    ["\\\ud83d", "\\\ufffd"],
    ["not one: \\udead \\ud", "not one: \\udead \\ud"],
  ])("%j", (text, expected) => {
    expect(sent(text)).toBe(expected);
  });

  test("is JSON.stringify of the text made well-formed", () => {
    const anyText = fc.string({ unit: "binary" });
    const pieces = fc.constantFrom("\\", "ud83d", "\ud83d", "\ude00", "x", "\\ud83d", '"');
    const text = fc.oneof(
      anyText,
      fc.array(pieces).map((list) => list.join("")),
    );
    fc.assert(
      fc.property(text, (value) => {
        const json = serialiseRequest(requestWith(value));
        const plain = JSON.stringify(requestWith(value.toWellFormed()));
        expect(json).toBe(plain);
        expect(sent(value)).toBe(value.toWellFormed());
        expect(json.isWellFormed()).toBe(true);
      }),
    );
  });
});

describe("requestPieces", () => {
  test.each<[string, GenerateContentRequest]>([
    ["no content", { contents: [] }],
    ["one content", requestWith("a")],
    [
      "several, and every other field",
      {
        contents: [...requestWith("a").contents, ...requestWith("…").contents],
        systemInstruction: { role: "user", parts: [{ text: "s" }] },
        tools: [{ functionDeclarations: [] }],
        generationConfig: { maxOutputTokens: 1 },
        sessionId: "-1",
      },
    ],
  ])("are JSON.stringify's text, cut: %s", (_name, request) => {
    expect(requestPieces(request).join("")).toBe(JSON.stringify(request));
  });

  test("keep a character beyond Latin-1 out of the other contents", () => {
    const contents = [...requestWith("plain").contents, ...requestWith("…").contents];
    const wide = requestPieces({ contents }).filter((piece) => /[^\0-\xff]/.test(piece));
    expect(wide).toEqual([JSON.stringify(requestWith("…").contents[0])]);
  });

  test("fit into an open envelope", () => {
    const request = requestWith("a");
    const body = `${openEnvelope(HEAD)}${requestPieces(request).join("")}}`;
    expect(body).toBe(encodeEnvelope(HEAD, serialiseRequest(request)));
  });
});
