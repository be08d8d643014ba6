import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { GroundingMetadata } from "../google/generate-content.ts";
import { groundAnswer, mergeGrounding } from "./grounding.ts";

const CHUNKS = [
  { web: { uri: "https://a.example", title: "A" } },
  { web: { uri: "https://b.example" } },
];

function support(startIndex: number, endIndex: number, ...groundingChunkIndices: number[]): object {
  return { segment: { startIndex, endIndex }, groundingChunkIndices };
}

function piecesOf(text: string, groundingSupports: readonly object[]): [string, string[]][] {
  const metadata: GroundingMetadata = { groundingChunks: CHUNKS, groundingSupports };
  const pieces = groundAnswer(text, metadata)?.pieces ?? [];
  return pieces.map((piece) => [
    piece.text,
    piece.citations.map(({ url, cited_text }) => `${url} ${cited_text}`),
  ]);
}

const A = "https://a.example";
const B = "https://b.example";

describe("segments", () => {
  test.each<[string, string, object[], [string, string[]][]]>([
    ["none", "one two", [], [["one two", []]]],
    [
      "the middle",
      "one two three",
      [support(4, 7, 0)],
      [
        ["one ", []],
        ["two", [`${A} two`]],
        [" three", []],
      ],
    ],
    [
      "indices are UTF-8 bytes",
      "é€🙂 end",
      [support(5, 9, 0), support(10, 13, 1)],
      [
        ["é€", []],
        ["🙂", [`${A} 🙂`]],
        [" ", []],
        ["end", [`${B} end`]],
      ],
    ],
    [
      "a start of 0 is left out",
      "one two",
      [{ segment: { endIndex: 3 }, groundingChunkIndices: [0, 1] }],
      [
        ["one", [`${A} one`, `${B} one`]],
        [" two", []],
      ],
    ],
    [
      "in any order",
      "one two",
      [support(4, 7, 1), support(0, 3, 0)],
      [
        ["one", [`${A} one`]],
        [" ", []],
        ["two", [`${B} two`]],
      ],
    ],
    [
      "overlapping",
      "abcdef",
      [support(0, 4, 0), support(2, 6, 1)],
      [
        ["abcd", [`${A} abcd`]],
        ["ef", [`${B} cdef`]],
      ],
    ],
    [
      "one inside another",
      "abcdef",
      [support(0, 6, 0), support(2, 4, 1)],
      [["abcdef", [`${A} abcdef`, `${B} cd`]]],
    ],
    ["of unknown sources", "abc", [support(0, 3, 7)], [["abc", []]]],
    [
      "behind the end",
      "abc",
      [support(2, 99, 0), support(50, 60, 0)],
      [
        ["ab", []],
        ["c", [`${A} c`]],
      ],
    ],
    ["turned round", "abc", [support(3, 1, 0)], [["abc", []]]],
  ])("%s", (_name, text, supports, expected) => {
    expect(piecesOf(text, supports)).toEqual(expected);
  });
});

test("a result without a title is called by its address, one without an address is left out", () => {
  const metadata = { groundingChunks: [...CHUNKS, { web: {} }, {}], webSearchQueries: ["a", "b"] };
  const answer = groundAnswer("", metadata);
  expect(answer?.query).toBe("a; b");
  expect(answer?.results.map(({ url, title }) => [url, title])).toEqual([
    [A, "A"],
    [B, B],
  ]);
});

test.each([undefined, {}, { groundingSupports: [support(0, 1, 0)] }, { webSearchQueries: [] }])(
  "%j is no search",
  (metadata) => {
    expect(groundAnswer("text", metadata)).toBeUndefined();
  },
);

test("later metadata adds to the earlier", () => {
  const merged = mergeGrounding(
    { webSearchQueries: ["a"], groundingChunks: [] },
    { groundingChunks: CHUNKS },
  );
  expect(merged).toEqual({ webSearchQueries: ["a"], groundingChunks: CHUNKS });
});

test("whatever the metadata holds, the pieces are the text", () => {
  const anything = fc.anything();
  const index = fc.oneof(fc.integer({ min: -3, max: 40 }), anything);
  const metadata = fc.record(
    {
      webSearchQueries: fc.oneof(fc.array(fc.oneof(fc.string(), anything)), anything),
      groundingChunks: fc.oneof(fc.array(fc.oneof(fc.constantFrom(...CHUNKS), anything)), anything),
      groundingSupports: fc.oneof(
        fc.array(
          fc.oneof(
            fc.record({
              segment: fc.record({ startIndex: index, endIndex: index }),
              groundingChunkIndices: fc.array(fc.oneof(fc.constantFrom(0, 1), anything)),
            }),
            anything,
          ),
        ),
        anything,
      ),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), metadata, (text, value) => {
      // The wire may hold any type.
      const answer = groundAnswer(text, value as GroundingMetadata);
      if (answer === undefined) return;
      expect(answer.pieces.map((piece) => piece.text).join("")).toBe(text);
    }),
  );
});
