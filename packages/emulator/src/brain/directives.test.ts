import { expect, test } from "vitest";
import { parseDirectives, withoutDirectives } from "./directives.ts";

test("calls of one step stand beside each other, then begins the next", () => {
  const text =
    'Please [[call Read {"path":"a"}]] and [[call Read {"path":"b"}]] [[then call Bash {"command":"ls"}]] [[then]] [[text Done.]]';
  expect(parseDirectives(text)).toEqual([
    [
      { kind: "call", name: "Read", args: { path: "a" } },
      { kind: "call", name: "Read", args: { path: "b" } },
    ],
    [{ kind: "call", name: "Bash", args: { command: "ls" } }],
    [{ kind: "text", text: "Done." }],
  ]);
});

test("brackets, quotes and directives inside of arguments are text", () => {
  const inner = '[[call Bash {"command":"if [[ -f a ]]; then echo \\"x\\"; fi"}]]';
  const args = { prompt: inner, list: [[1, [2]]] };
  const text = `[[call Agent ${JSON.stringify(args)}]] tail [[text "]]`;
  expect(parseDirectives(text)).toEqual([
    [
      { kind: "call", name: "Agent", args },
      { kind: "text", text: '"' },
    ],
  ]);
});

test("a call without arguments has none", () => {
  expect(parseDirectives("[[call Ping]]")).toEqual([[{ kind: "call", name: "Ping", args: {} }]]);
});

test.each([['[[call Read {"path":}]]'], ["[[call Read [1]]]"], ["[[call ]]"], ["[[delay soon]]"]])(
  "what cannot be read says so: %s",
  (text) => {
    expect(parseDirectives(text)[0]?.[0]).toMatchObject({ kind: "unreadable" });
  },
);

test("settings have numbers", () => {
  expect(
    parseDirectives("[[long 30]][[delay 5]][[finish SAFETY]][[gate a]][[fault stall times=3]]"),
  ).toEqual([
    [
      { kind: "long", amount: 30 },
      { kind: "delay", amount: 5 },
      { kind: "finish", text: "SAFETY" },
      { kind: "gate", text: "a" },
      { kind: "fault", name: "stall", times: 3 },
    ],
  ]);
});

test.each(["no directive", "if [[ -f a ]]; then b; fi", "[[wiki link]]", "[[call Read", "[["])(
  "ordinary text asks for nothing: %s",
  (text) => {
    expect(parseDirectives(text)).toEqual([]);
  },
);

test("a text without its directives keeps the rest, and asks for nothing", () => {
  const text = 'Read it [[call Read {"path":"a"}]] and [[then text so]] [[wiki]].';
  expect(withoutDirectives(text)).toBe("Read it and [wiki].");
  expect(parseDirectives(withoutDirectives("[[[[call A]] [call B]]"))).toEqual([]);
});
