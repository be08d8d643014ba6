import { expect, test } from "vitest";
import { refName, resolveRef } from "./resolve-ref.ts";

const root = {
  $defs: { a: { type: "string" }, "": { type: "null" }, "x/y~z": 1, list: [{ first: true }] },
};

test.each([
  ["#", root],
  ["#/$defs/a", { type: "string" }],
  ["#/$defs/a/type", "string"],
  ["#/$defs/", { type: "null" }],
  ["#/$defs/x~1y~0z", 1],
  ["#/%24defs/a", { type: "string" }],
  ["#/$defs/list/0/first", true],
  ["#/$defs/list/-1", undefined],
  ["#/$defs/list/length", undefined],
  ["#/$defs/none", undefined],
  ["#/$defs/a/type/0", undefined],
  ["#/toString", undefined],
  ["#/__proto__", undefined],
  ["#anchor", undefined],
  ["#/%zz", undefined],
  ["", undefined],
  ["$defs/a", undefined],
  ["https://example.com/#/$defs/a", undefined],
])("%s", (ref, target) => {
  expect(resolveRef(ref, [root])).toEqual(target);
});

test("the innermost enclosing schema comes after the root", () => {
  const outer = { $defs: { a: 1, b: 2 } };
  const inner = { $defs: { b: 3, c: 4 } };
  const scopes = [{ $defs: { a: 0 } }, outer, inner];
  expect(["a", "b", "c"].map((name) => resolveRef(`#/$defs/${name}`, scopes))).toEqual([0, 3, 4]);
  expect(resolveRef("#", scopes)).toBe(scopes[0]);
  expect(resolveRef("#", [])).toBeUndefined();
});

test.each([
  ["#/$defs/Point", "Point"],
  ["#/$defs/a~1b", "a/b"],
  ["#", "the whole schema"],
  ["https://example.com/thing.json", "thing.json"],
  [`#/${"n".repeat(500)}`, "n".repeat(100)],
])("the name of %s", (ref, name) => {
  expect(refName(ref)).toBe(name);
});
