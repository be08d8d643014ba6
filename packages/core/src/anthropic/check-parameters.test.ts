import { describe, expect, test } from "vitest";
import { droppedOf, messageOf, NEW, OLD, request, tool } from "./__fixtures__/requests.ts";
import { INTERLEAVED_THINKING_BETA } from "./check-thinking.ts";

const TOO_SMALL =
  "`max_tokens` must be greater than `thinking.budget_tokens`. Please consult our documentation at " +
  "https://docs.claude.com/en/docs/build-with-claude/extended-thinking#max-tokens-and-context-window-size";

type Row = readonly [Readonly<Record<string, unknown>>, string];

describe("model and max_tokens", () => {
  test.each<Row>([
    [{ model: undefined }, "model: Field required"],
    [{ model: 5 }, "model: Input should be a valid string"],
    [{ model: null }, "model: Input should be a valid string"],
    [{ model: "" }, "model: String should have at least 1 character"],
    [{ model: "x".repeat(257) }, "model: String should have at most 256 characters"],
    [{ model: "x".repeat(256) }, "valid"],
    [{ model: "__proto__" }, "valid"],
    [{ max_tokens: undefined }, "max_tokens: Field required"],
    [{ max_tokens: "100" }, "max_tokens: Input should be a valid integer"],
    [{ max_tokens: 1.5 }, "max_tokens: Input should be a valid integer"],
    [{ max_tokens: null }, "max_tokens: Input should be a valid integer"],
    [{ max_tokens: 1e400 }, "max_tokens: Input should be a valid integer"],
    [{ max_tokens: 0 }, "max_tokens: Input should be greater than or equal to 1"],
    [{ max_tokens: -3 }, "max_tokens: Input should be greater than or equal to 1"],
    [{ max_tokens: 1 }, "valid"],
    [{ max_tokens: 10_000_000 }, "valid"],
  ])("%j: %s", (fields, message) => {
    expect(messageOf(request(fields))).toBe(message);
  });

  test("0 is refused in the version that knows it: nothing here only warms a cache", () => {
    expect(messageOf(request({ max_tokens: 0 }), NEW)).toMatch(/^max_tokens: /);
  });
});

describe("system", () => {
  test.each<Row>([
    [{ system: "" }, "valid"],
    [{ system: [] }, "valid"],
    [{ system: [{ type: "text", text: "" }] }, "valid"],
    [{ system: null }, "system: Input should be a valid list"],
    [{ system: { type: "text", text: "a" } }, "system: Input should be a valid list"],
    [{ system: ["a"] }, "system.0: Input should be a valid dictionary"],
    [{ system: [{ text: "a" }] }, "system.0.type: Field required"],
    [{ system: [{ type: "image", source: {} }] }, "system.0.type: Input should be 'text'"],
    [{ system: [{ type: "text", text: "a" }, { type: "text" }] }, "system.1.text: Field required"],
    [{ system: [{ type: "text", text: 1 }] }, "system.0.text: Input should be a valid string"],
  ])("%j: %s", (fields, message) => {
    expect(messageOf(request(fields))).toBe(message);
  });
});

describe("sampling", () => {
  test.each<Row>([
    [{ temperature: 0 }, "valid"],
    [{ temperature: 1 }, "valid"],
    [{ temperature: 1.01 }, "temperature: range: 0..1"],
    [{ temperature: -0.1 }, "temperature: range: 0..1"],
    [{ temperature: "1" }, "temperature: Input should be a valid number"],
    [{ temperature: null }, "temperature: Input should be a valid number"],
    [{ top_p: 1.2 }, "top_p: range: 0..1"],
    [{ top_p: [] }, "top_p: Input should be a valid number"],
    [{ top_k: 0 }, "valid"],
    [{ top_k: -1 }, "top_k: Input should be greater than or equal to 0"],
    [{ top_k: 1.5 }, "top_k: Input should be a valid integer"],
  ])("%j: %s", (fields, message) => {
    expect(messageOf(request(fields), OLD)).toBe(message);
  });

  test.each(["2026-10-21", "2031-01-01"])("%s drops what it no longer knows", (apiVersion) => {
    const body = request({ temperature: 5, top_p: "x", top_k: -1 });
    expect(droppedOf(body, { ...NEW, apiVersion })).toEqual([
      { path: "temperature", rule: "sampling_of_older_version", count: 1 },
      { path: "top_p", rule: "sampling_of_older_version", count: 1 },
      { path: "top_k", rule: "sampling_of_older_version", count: 1 },
    ]);
  });

  test.each(["", "latest", "2023-06-01", "2026-10-20", "9999"])("%j has it", (apiVersion) => {
    expect(messageOf(request({ temperature: 5 }), { ...NEW, apiVersion })).toBe(
      "temperature: range: 0..1",
    );
  });
});

describe("stop_sequences, stream, metadata", () => {
  test.each<Row>([
    [{ stop_sequences: [] }, "valid"],
    [{ stop_sequences: ["a", " b "] }, "valid"],
    [{ stop_sequences: "a" }, "stop_sequences: Input should be a valid list"],
    [{ stop_sequences: ["a", 1] }, "stop_sequences.1: Input should be a valid string"],
    [{ stop_sequences: [""] }, "stop_sequences: each stop sequence must contain non-whitespace"],
    [
      { stop_sequences: ["a", " \n"] },
      "stop_sequences: each stop sequence must contain non-whitespace",
    ],
    [{ stream: true }, "valid"],
    [{ stream: "true" }, "stream: Input should be a valid boolean"],
    [{ stream: null }, "stream: Input should be a valid boolean"],
    [{ metadata: {} }, "valid"],
    [{ metadata: { user_id: null } }, "valid"],
    [{ metadata: { user_id: "x".repeat(2000) } }, "valid"],
    [{ metadata: { user_id: 1 } }, "metadata.user_id: Input should be a valid string"],
    [{ metadata: "x" }, "metadata: Input should be a valid dictionary"],
  ])("%j: %s", (fields, message) => {
    expect(messageOf(request(fields))).toBe(message);
  });
});

describe("thinking", () => {
  const enabled = (fields: object) => ({ thinking: { type: "enabled", ...fields } });

  test.each<Row>([
    [{ thinking: { type: "adaptive" } }, "valid"],
    [{ thinking: { type: "adaptive", display: "updates" } }, "valid"],
    [{ thinking: { type: "adaptive", display: null } }, "valid"],
    [{ thinking: { type: "disabled" } }, "valid"],
    [{ thinking: { type: "between_tools" } }, "valid"],
    [{ thinking: true }, "thinking: Input should be a valid dictionary"],
    [{ thinking: {} }, "thinking.type: Field required"],
    [{ thinking: { type: 7 } }, "thinking.type: Input should be a valid string"],
    [
      { thinking: { type: "x" } },
      "thinking.type: Input tag 'x' found using 'type' does not match any of the expected tags: 'adaptive', 'disabled', 'enabled'",
    ],
    [
      { thinking: { type: "adaptive", display: "loud" } },
      "thinking.adaptive.display: Input should be 'summarized', 'omitted' or 'updates'",
    ],
    [enabled({}), "thinking.enabled.budget_tokens: Field required"],
    [
      enabled({ budget_tokens: "2000" }),
      "thinking.enabled.budget_tokens: Input should be a valid integer",
    ],
    [
      enabled({ budget_tokens: 1023 }),
      "thinking.enabled.budget_tokens: Input should be greater than or equal to 1024",
    ],
    [{ ...enabled({ budget_tokens: 1024 }), max_tokens: 1024 }, TOO_SMALL],
    [{ ...enabled({ budget_tokens: 1024 }), max_tokens: 1025 }, "valid"],
  ])("%j: %s", (fields, message) => {
    expect(messageOf(request(fields))).toBe(message);
  });

  test("a budget above max_tokens is accepted with interleaved thinking", () => {
    const body = request(enabled({ budget_tokens: 31_999 }));
    const betas = new Set([INTERLEAVED_THINKING_BETA]);
    expect(messageOf(body, { ...OLD, betas })).toBe("valid");
    expect(messageOf(body, OLD)).toBe(TOO_SMALL);
  });
});

describe("output_config and output_format", () => {
  const schema = { type: "object" };

  test.each<Row>([
    [{ output_config: {} }, "valid"],
    [{ output_config: { effort: null, format: null } }, "valid"],
    [{ output_config: { effort: "xhigh" } }, "valid"],
    [{ output_config: { format: { type: "json_schema", schema } } }, "valid"],
    [{ output_format: { type: "json_schema", schema } }, "valid"],
    [{ output_format: null }, "valid"],
    [{ output_config: 1 }, "output_config: Input should be a valid dictionary"],
    [
      { output_config: { effort: "huge" } },
      "output_config.effort: Input should be 'low', 'medium', 'high', 'xhigh' or 'max'",
    ],
    [
      { output_config: { format: "json" } },
      "output_config.format: Input should be a valid dictionary",
    ],
    [{ output_config: { format: {} } }, "output_config.format.type: Field required"],
    [
      { output_config: { format: { type: "text" } } },
      "output_config.format.type: Input should be 'json_schema'",
    ],
    [
      { output_config: { format: { type: "json_schema" } } },
      "output_config.format.schema: Field required",
    ],
    [
      { output_format: { type: "json_schema", schema: [] } },
      "output_format.schema: Input should be a valid dictionary",
    ],
    [
      { messages: [{ role: "system", content: "a", output_config: { effort: 1 } }] },
      "messages.0.output_config.effort: Input should be 'low', 'medium', 'high', 'xhigh' or 'max'",
    ],
  ])("%j: %s", (fields, message) => {
    expect(messageOf(request(fields))).toBe(message);
  });

  test("tools do not get in the way", () => {
    const format = { type: "json_schema", schema };
    expect(messageOf(request({ output_config: { format }, tools: [tool("A")] }))).toBe("valid");
  });
});
