import { describe, expect, test } from "vitest";
import { TranslationDrops } from "./dropped.ts";
import { translateSystem } from "./system.ts";

describe("translateSystem", () => {
  test.each<
    [
      string,
      Parameters<typeof translateSystem>[0],
      string | undefined,
      string[] | undefined,
      number,
    ]
  >([
    ["absent", undefined, undefined, undefined, 0],
    ["a string", "a", undefined, ["a"], 0],
    ["an empty string", "", undefined, undefined, 1],
    ["no blocks", [], undefined, undefined, 0],
    [
      "blocks, in order, without the blank ones",
      [
        { type: "text", text: "x-anthropic-billing-header: cc_version=2;" },
        { type: "text", text: " \n" },
        { type: "text", text: " b " },
      ],
      undefined,
      ["x-anthropic-billing-header: cc_version=2;", " b "],
      1,
    ],
    ["with a last part", "a", "z", ["a", "z"], 0],
    ["with nothing but a last part", undefined, "z", ["z"], 0],
  ])("%s", (_name, system, lastPart, texts, dropped) => {
    const drops = new TranslationDrops();
    expect(translateSystem(system, lastPart, drops)).toEqual(
      texts && { role: "user", parts: texts.map((text) => ({ text })) },
    );
    expect(drops.list().reduce((sum, { count }) => sum + count, 0)).toBe(dropped);
  });
});
