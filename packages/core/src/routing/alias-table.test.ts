import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { aliasTarget } from "./alias-table.ts";

describe("aliasTarget", () => {
  const aliases = {
    "claude-opus-*": "pattern",
    "claude-opus-4-*": "longer pattern",
    "claude-opus-4-5": "exact",
    "*-fast": "suffix",
    "a*b*c": "middle",
    "My-Model": "capitals",
  };

  test.each([
    ["claude-opus-4-5", "exact"],
    ["claude-opus-4-1", "longer pattern"],
    ["claude-opus-9", "pattern"],
    ["claude-opus-", "pattern"],
    ["claude-opus", undefined],
    ["anything-fast", "suffix"],
    ["-fast", "suffix"],
    ["abc", "middle"],
    ["axbxc", "middle"],
    ["ac", undefined],
    ["axc", undefined],
    ["my-model", "capitals"],
    ["MY-MODEL", "capitals"],
    ["", undefined],
    ["toString", undefined],
    ["__proto__", undefined],
  ])("%j → %j", (name, target) => {
    expect(aliasTarget([name], aliases)).toBe(target);
  });

  test("any of a request's spellings will do", () => {
    expect(aliasTarget(["claude-opus-4.5", "claude-opus-4-5"], aliases)).toBe("exact");
  });

  test("a lone * is everything", () => {
    expect(aliasTarget([""], { "*": "all" })).toBe("all");
    expect(aliasTarget(["x"], { "*": "all", "x*": "x" })).toBe("x");
  });

  test("dots and brackets are no expression", () => {
    expect(aliasTarget(["gemini-3x1"], { "gemini-3.1*": "t" })).toBeUndefined();
    expect(aliasTarget(["a[1m]"], { "*[1m]": "t" })).toBe("t");
  });

  test("a pattern of ten thousand stars costs nothing", () => {
    const pattern = `${"*a".repeat(10_000)}*b`;
    expect(aliasTarget(["a".repeat(20_000)], { [pattern]: "t" })).toBeUndefined();
  });

  test("matches as the regular expression of the same meaning does", () => {
    const piece = fc.stringMatching(/^[ab]{0,3}$/);
    fc.assert(
      fc.property(
        fc.array(piece, { minLength: 2, maxLength: 4 }),
        fc.stringMatching(/^[ab]{0,8}$/),
        (pieces, name) => {
          const expected = new RegExp(`^${pieces.join(".*")}$`).test(name);
          expect(aliasTarget([name], { [pieces.join("*")]: "t" }) !== undefined).toBe(expected);
        },
      ),
      { numRuns: 500 },
    );
  });
});
