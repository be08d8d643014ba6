import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { normalName, plainName } from "./model-name.ts";

describe("plainName", () => {
  test.each([
    ["claude-sonnet-4-6[1m]", "claude-sonnet-4-6"],
    ["claude-sonnet-4-6[1M]", "claude-sonnet-4-6"],
    ["claude-via-gemini-3-flash", "gemini-3-flash"],
    ["Claude-Via-Think-High[1m]", "Think-High"],
    ["claude-via-claude-via-x", "claude-via-x"],
    [" my group ", "my group"],
    ["[1m]x", "[1m]x"],
    ["", ""],
  ])("%j → %j", (requested, plain) => {
    expect(plainName(requested)).toBe(plain);
  });
});

describe("normalName", () => {
  test.each([
    ["anthropic/claude-opus-4.6", "claude-opus-4-6"],
    ["models/gemini-3-flash", "gemini-3-flash"],
    ["Gemini-3.1-Pro-High", "gemini-3.1-pro-high"],
    ["claude-sonnet-4-5-20250929", "claude-sonnet-4-5"],
    ["claude-sonnet-4-5@20250929", "claude-sonnet-4-5"],
    ["claude-sonnet-4-5-20250929[1m]", "claude-sonnet-4-5"],
    ["claude-3-5-sonnet-latest", "claude-3-5-sonnet"],
    ["anthropic/claude-via-gemini-3-flash", "gemini-3-flash"],
    ["claude-opus-4-6-thinking", "claude-opus-4-6-thinking"],
    ["claude-x-19990101", "claude-x-19990101"],
    ["latest", "latest"],
    ["constructor", "constructor"],
  ])("%j → %j", (name, normal) => {
    expect(normalName(name)).toBe(normal);
  });

  test("a name in the catalogue's spelling stays as it is", () => {
    const words = fc.constantFrom(
      "claude",
      "gemini",
      "opus",
      "sonnet",
      "flash",
      "pro",
      "4",
      "6",
      "3",
      "high",
    );
    fc.assert(
      fc.property(fc.array(words, { minLength: 1, maxLength: 6 }), (parts) => {
        const name = parts.join("-");
        expect(normalName(name)).toBe(name);
      }),
    );
  });
});
