import { describe, expect, test } from "vitest";
import type { MessageParam } from "../../anthropic/messages.ts";
import { translated } from "../__fixtures__/request-context.ts";

describe("messages of role system", () => {
  test.each<[string, MessageParam & { role: "system" }, string[]]>([
    [
      "a string",
      { role: "system", content: "Be brief." },
      ["<system-reminder>\nBe brief.\n</system-reminder>"],
    ],
    [
      "blocks, each for itself",
      {
        role: "system",
        content: [
          { type: "text", text: "a" },
          { type: "text", text: "b" },
        ],
      },
      ["<system-reminder>\na\n</system-reminder>", "<system-reminder>\nb\n</system-reminder>"],
    ],
    ["nothing, as after /compact", { role: "system", content: [] }, []],
    ["an empty string", { role: "system", content: "" }, []],
    ["blank text", { role: "system", content: [{ type: "text", text: " " }] }, []],
    [
      "changes of tools",
      {
        role: "system",
        content: [
          { type: "tool_addition", tool: { name: "A" } },
          { type: "text", text: "a" },
        ],
      },
      ["<system-reminder>\na\n</system-reminder>"],
    ],
  ])("%s", (_name, message, texts) => {
    const { request } = translated({
      messages: [{ role: "user", content: "1" }, message, { role: "user", content: "2" }],
    });
    expect(request.contents).toEqual([
      { role: "user", parts: ["1", ...texts, "2"].map((text) => ({ text })) },
    ]);
  });

  test("stand behind the results of tools, where the client put them before or behind", () => {
    const { request } = translated({
      messages: [
        { role: "user", content: "1" },
        { role: "assistant", content: [{ type: "tool_use", id: "t", name: "A", input: {} }] },
        { role: "system", content: "before" },
        { role: "user", content: [{ type: "tool_result", tool_use_id: "t", content: "r" }] },
        { role: "system", content: "behind" },
      ],
    });
    expect(request.contents[2]?.parts).toEqual([
      { functionResponse: { id: "t", name: "A", response: { result: "r" } } },
      { text: "<system-reminder>\nbefore\n</system-reminder>" },
      { text: "<system-reminder>\nbehind\n</system-reminder>" },
    ]);
  });

  test("are counted when they are left out; an empty list is nothing to count", () => {
    const dropped = (content: MessageParam["content"]) =>
      translated({
        messages: [
          { role: "user", content: "1" },
          // Any content is one of a system message here.
          { role: "system", content } as MessageParam,
        ],
      }).dropped.map(({ rule }) => rule);
    expect(dropped([])).toEqual([]);
    expect(dropped(" ")).toEqual(["empty_text", "empty_message"]);
    expect(dropped([{ type: "tool_removal" } as never])).toEqual(["tool_change", "empty_message"]);
  });
});
