import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SseDecoder } from "./decode.ts";

function decode(chunks: readonly string[], limit?: number): string[] {
  const decoder = new SseDecoder(limit);
  const out: string[] = [];
  for (const chunk of chunks) decoder.push(chunk, out);
  decoder.end(out);
  return out;
}

describe("framing", () => {
  test.each([
    ["CRLF", "data: a\r\n\r\ndata: b\r\n\r\n", ["a", "b"]],
    ["LF", "data: a\n\ndata: b\n\n", ["a", "b"]],
    ["lone CR", "data: a\r\rdata: b\r\r", ["a", "b"]],
    ["mixed line ends", "data: a\r\n\ndata: b\n\r\ndata: c\r\n\r", ["a", "b", "c"]],
    ["no space after the colon", "data:a\n\n", ["a"]],
    ["only the first space is taken off", "data:  a \n\n", [" a "]],
    ["several data lines", "data: {\ndata: }\n\n", ["{\n}"]],
    ["an empty line among several", "data: a\ndata\ndata:\ndata: b\n\n", ["a\n\n\nb"]],
    ["empty data", "data:\n\ndata: \n\ndata\n\n", []],
    ["comments and other fields", ": hi\nevent: x\nid: 7\nretry: 10\ndata: a\n: more\n\n", ["a"]],
    ["a field that begins with data", "database: a\ndata2: b\n\n", []],
    ["an event without data", "event: x\n\n\n\ndata: a\n\n", ["a"]],
    ["[DONE]", "data: a\n\ndata: [DONE]\n\n", ["a"]],
    ["a byte order mark", "\uFEFFdata: a\n\n", ["a"]],
    ["no blank line at the end", "data: a\n\ndata: b\n", ["a", "b"]],
    ["no line end at the end", "data: a\n\ndata: b", ["a", "b"]],
    ["a line that breaks off", "data: a\n\nda", ["a"]],
    ["nothing", "", []],
    ["a colon inside", "data: a: b\n\n", ["a: b"]],
  ])("%s", (_name, text, expected) => {
    expect(decode([text])).toEqual(expected);
    expect(decode(text.split(""))).toEqual(expected);
  });

  test("a byte order mark counts only at the start", () => {
    expect(decode(["data: \uFEFFa\n\n", "\uFEFFdata: b\n\n"])).toEqual(["\uFEFFa"]);
  });

  test("an event is given out as soon as its last line end begins", () => {
    const decoder = new SseDecoder();
    const out: string[] = [];
    decoder.push("data: a\r\n\r", out);
    expect(out).toEqual(["a"]);
    decoder.push("\ndata: b\n\n", out);
    expect(out).toEqual(["a", "b"]);
  });

  test("an LF behind a chunk that ends in CR is no blank line of its own", () => {
    expect(decode(["data: a\r", "\ndata: b\r", "\n\r", "\n"])).toEqual(["a\nb"]);
  });
});

const line = fc.oneof(
  fc.constantFrom("data", "data:", "data: ", ": c", "event: e", "data: [DONE]", ""),
  fc.string().map((text) => `data: ${text.replace(/[\r\n]/g, "")}`),
  fc.string({ unit: "grapheme" }).map((text) => `data:${text.replace(/[\r\n]/g, "")}`),
);

/** The event stream format, read as the standard says it: split into lines, then look at each. */
function reference(text: string): string[] {
  const events: string[] = [];
  let data: string[] = [];
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\n|\r/);
  for (const current of [...lines, ""]) {
    if (current === "") {
      const joined = data.join("\n");
      if (joined !== "" && joined !== "[DONE]") events.push(joined);
      data = [];
    } else if (current === "data" || current.startsWith("data:")) {
      data.push(current.slice(5).replace(/^ /, ""));
    }
  }
  return events;
}

test("any text cut anywhere reads as the standard says", () => {
  const ended = fc.tuple(line, fc.constantFrom("\n", "\r\n", "\r")).map((pair) => pair.join(""));
  fc.assert(
    fc.property(
      fc.array(ended).map((lines) => lines.join("")),
      fc.infiniteStream(fc.integer({ min: 1, max: 9 })),
      (text, sizes) => {
        const chunks: string[] = [];
        for (let at = 0; at < text.length;) {
          const size = sizes.next().value ?? 1;
          chunks.push(text.slice(at, at + size));
          at += size;
        }
        const expected = reference(text);
        expect(decode([text])).toEqual(expected);
        expect(decode(chunks)).toEqual(expected);
      },
    ),
  );
});

describe("the limit", () => {
  test("an event over it is an error value, from then on, and gives no data", () => {
    const decoder = new SseDecoder(10);
    const out: string[] = [];
    expect(decoder.push("data: ok\n\ndata: 1234", out)).toBeUndefined();
    const overflow = { kind: "event_too_large", limit: 10 };
    expect(decoder.push("5", out)).toEqual(overflow);
    expect(decoder.push("\n\ndata: b\n\n", out)).toEqual(overflow);
    decoder.end(out);
    expect(out).toEqual(["ok"]);
  });

  test("it counts the data lines of one event together", () => {
    const decoder = new SseDecoder(10);
    expect(decoder.push("data: 123456\n", [])).toBeUndefined();
    expect(decoder.push("data: 123456\n", [])).toMatchObject({ kind: "event_too_large" });
  });

  test("an event of 20 million characters in small chunks is read whole", () => {
    const chunk = "x".repeat(16_384);
    const decoder = new SseDecoder();
    const out: string[] = [];
    decoder.push("data: ", out);
    for (let count = 0; count < 1220; count += 1) decoder.push(chunk, out);
    decoder.push("\r\n\r\n", out);
    expect(out.map((data) => data.length)).toEqual([1220 * 16_384]);
  });
});
