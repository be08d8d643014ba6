import fc from "fast-check";
import { expect, test } from "vitest";
import { appendHints } from "./append-hints.ts";

test.each<[string | undefined, readonly string[], string | undefined]>([
  [undefined, [], undefined],
  ["", [], undefined],
  ["", ["Default: 1"], "Default: 1"],
  ["  ", ["Default: 1"], "Default: 1"],
  ["The limit", [], "The limit"],
  ["The limit", ["Default: 1", "minimum: 0"], "The limit. Default: 1; minimum: 0"],
  ["The limit.", ["Default: 1"], "The limit. Default: 1"],
  ["The limit!\n", ["Default: 1"], "The limit! Default: 1"],
  ["x", ["a", "a"], "x. a"],
  ["The limit. Default: 1", ["Default: 1"], "The limit. Default: 1"],
  [
    "The limit. Default: 1; minimum: 0",
    ["Default: 1", "minimum: 0"],
    "The limit. Default: 1; minimum: 0",
  ],
  ["The limit. Default: 10", ["Default: 1"], "The limit. Default: 10. Default: 1"],
  ["MyDefault: 1", ["Default: 1"], "MyDefault: 1. Default: 1"],
])("%j with %j", (description, hints, result) => {
  expect(appendHints(description, hints)).toBe(result);
});

test("the same hints a second time change nothing", () => {
  const hint = fc.constantFrom("Default: 1", "Default: 10", "pattern: a; b", "x", "format: uri");
  fc.assert(
    fc.property(fc.string(), fc.array(hint, { maxLength: 5 }), (description, hints) => {
      const once = appendHints(description, hints);
      expect(appendHints(once, hints)).toBe(once);
    }),
  );
});
