import { describe, expect, test } from "vitest";
import type { MessageParam } from "../anthropic/messages.ts";
import { signatureKeys } from "./signature-keys.ts";

describe("signatureKeys", () => {
  test("finds calls and thoughts, the newest message first", () => {
    const messages: MessageParam[] = [
      { role: "user", content: "a" },
      {
        role: "assistant",
        content: [
          { type: "thinking", thinking: "t1", signature: "s1" },
          { type: "tool_use", id: "u1", name: "A", input: {} },
          { type: "tool_use", id: "u2", name: "A", input: {} },
        ],
      },
      { role: "user", content: [{ type: "tool_result", tool_use_id: "u1" }] },
      { role: "assistant", content: "text" },
      {
        role: "assistant",
        content: [
          { type: "thinking", thinking: "", signature: "s2" },
          { type: "tool_use", id: "u3", name: "A", input: {} },
        ],
      },
    ];
    const { toolUseIds, thinking } = signatureKeys({ messages });
    expect(toolUseIds).toEqual(["u3", "u1", "u2"]);
    expect(thinking.map(({ thinking: text, signature }) => [text, signature])).toEqual([
      ["", "s2"],
      ["t1", "s1"],
    ]);
  });

  test("is bounded, and keeps the newest", () => {
    const messages: MessageParam[] = Array.from({ length: 10_050 }, (_, index) => ({
      role: "assistant",
      content: [{ type: "tool_use", id: `u${index}`, name: "A", input: {} }],
    }));
    const { toolUseIds } = signatureKeys({ messages });
    expect(toolUseIds).toHaveLength(10_000);
    expect(toolUseIds[0]).toBe("u10049");
  });

  test("is empty for a conversation that begins", () => {
    expect(signatureKeys({ messages: [{ role: "user", content: "a" }] })).toEqual({
      toolUseIds: [],
      thinking: [],
    });
  });
});
