import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  claudePropertyNameRule,
  functionNameRule,
  textPropertyNameRule,
  upstreamName,
} from "./upstream-name.ts";

const sha256Hex = (text: string): string => createHash("sha256").update(text).digest("hex");
const hash = (text: string): string => sha256Hex(text).slice(0, 8);
const nothing: ReadonlySet<string> = new Set();

describe("functions", () => {
  test.each([
    ["Bash", "Bash"],
    ["mcp__demo__echo-back", "mcp__demo__echo-back"],
    ["mcp/files.search", "mcp_files_search"],
    ["2fast", "_2fast"],
    ["-dash", "_-dash"],
    ["", "_"],
    ["größe 😀", "gr__e__"],
    ["a".repeat(64), "a".repeat(64)],
    ["a".repeat(65), `${"a".repeat(55)}_${hash("a".repeat(65))}`],
  ])("%s → %s", (name, upstream) => {
    expect(upstreamName(name, functionNameRule, nothing, sha256Hex)).toBe(upstream);
  });

  test("a repaired name may grow too long", () => {
    const name = `1${"a".repeat(63)}`;
    expect(upstreamName(name, functionNameRule, nothing, sha256Hex)).toBe(
      `_1${"a".repeat(53)}_${hash(name)}`,
    );
  });
});

test("a name that is taken gets its hash, and another one when that is taken too", () => {
  const taken = new Set(["a_b", `a_b_${hash("a b")}`]);
  expect(upstreamName("a b", functionNameRule, taken, sha256Hex)).toBe(`a_b_${hash("a b#1")}`);
});

test.each([
  ["file.path-1_x", "file.path-1_x"],
  ["$ref", "_ref"],
  ["0", "0"],
  ["", "_"],
  ["😀", "_"],
])("Claude's property %s → %s", (name, upstream) => {
  expect(upstreamName(name, claudePropertyNameRule, nothing, sha256Hex)).toBe(upstream);
});

test("other families' properties only have to be well-formed", () => {
  expect(textPropertyNameRule.isValid("größe 😀")).toBe(true);
  expect(textPropertyNameRule.isValid("")).toBe(true);
  expect(upstreamName("a\udc00", textPropertyNameRule, nothing, sha256Hex)).toBe("a\ufffd");
});

test("any name becomes one that the backend takes", () => {
  const name = fc.oneof(
    fc.string({ unit: "binary", maxLength: 100 }),
    fc.string({ maxLength: 70 }),
  );
  fc.assert(
    fc.property(name, fc.array(name, { maxLength: 4 }), (original, others) => {
      const taken = new Set(others);
      const upstream = upstreamName(original, functionNameRule, taken, sha256Hex);
      expect(upstream).toMatch(/^[a-zA-Z_][a-zA-Z0-9_-]{0,63}$/);
      expect(taken.has(upstream)).toBe(false);
      const property = upstreamName(original, claudePropertyNameRule, taken, sha256Hex);
      expect(property).toMatch(/^[a-zA-Z0-9_.-]{1,64}$/);
    }),
  );
});
