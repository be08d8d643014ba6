import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { PNG } from "../anthropic/__fixtures__/requests.ts";
import type { MessagesRequest } from "../anthropic/messages.ts";
import { BUILT_IN_MODELS } from "./built-in.ts";
import { validateForModel } from "./validate-for-model.ts";

const OLD = { apiVersion: "2023-06-01" };
const NEW = { apiVersion: "2026-10-21" };

function modelOf(id: string) {
  const model = BUILT_IN_MODELS.get(id);
  if (model === undefined) throw new Error(`no built-in model ${id}`);
  return model;
}

function request(fields: Partial<MessagesRequest>): MessagesRequest {
  return { model: "m", max_tokens: 9000, messages: [{ role: "user", content: "a" }], ...fields };
}

function messageOf(fields: Partial<MessagesRequest>, id: string, options = OLD): string {
  const error = validateForModel(request(fields), modelOf(id), options);
  return error?.message ?? "valid";
}

const OPUS = "claude-opus-4-6-thinking";
const PLAIN = "claude-sonnet-4-5";
const GEMINI = "gemini-3-flash";
const GPT = "gpt-oss-120b-medium";
const enabled = { thinking: { type: "enabled", budget_tokens: 2000 } } as const;
const adaptive = { thinking: { type: "adaptive" } } as const;
const tools = [{ name: "Bash", input_schema: { type: "object" } }] as const;

describe("rows of the fixture that need the model", () => {
  const rows: readonly { why: string; anthropic: MessagesRequest; message: string }[] = JSON.parse(
    readFileSync(
      new URL("../anthropic/__fixtures__/13-rejected-requests.json", import.meta.url),
      "utf8",
    ),
  );
  test.each(["forced tool with enabled thinking", "sampling"])("%s", (name) => {
    const row = rows.find(({ why }) => why === name);
    expect(row && validateForModel(row.anthropic, modelOf(row.anthropic.model), OLD)).toEqual({
      status: 400,
      type: "invalid_request_error",
      message: row?.message,
    });
  });
});

describe("sampling on Claude", () => {
  const BOTH =
    "`temperature` and `top_p` cannot both be specified for this model. Please use only one.";
  const CONSULT =
    "Please consult our documentation at https://docs.claude.com/en/docs/build-with-claude/" +
    "extended-thinking#important-considerations-when-using-extended-thinking";
  const TEMPERATURE = `\`temperature\` may only be set to 1 when thinking is enabled. ${CONSULT}`;
  const TOP_P = `\`top_p\` must be greater than or equal to 0.95 or unset when thinking is enabled. ${CONSULT}`;
  const TOP_K = `\`top_k\` must be unset when thinking is enabled. ${CONSULT}`;

  test.each<[Partial<MessagesRequest>, string]>([
    [{ temperature: 0.5 }, "valid"],
    [{ temperature: 0.5, top_p: 0.5 }, BOTH],
    [{ temperature: 0, top_p: 0 }, BOTH],
    [{ temperature: 1, top_p: 0.5 }, "valid"],
    [{ temperature: 0.5, top_p: 1 }, "valid"],
    [{ temperature: 0.5, top_k: 900 }, "valid"],
    [{ temperature: 1, ...adaptive }, "valid"],
    [{ temperature: 0.9, ...adaptive }, TEMPERATURE],
    [{ temperature: 0.9, ...enabled }, TEMPERATURE],
    [{ top_p: 0.95, ...enabled }, "valid"],
    [{ top_p: 0.94, ...enabled }, TOP_P],
    [{ top_k: 0, ...adaptive }, TOP_K],
    [{ top_k: 40, ...adaptive }, TOP_K],
    [{ temperature: 0, thinking: { type: "disabled" } }, "valid"],
    [{ temperature: 0, thinking: { type: "between_tools" } }, "valid"],
  ])("%j: %s", (fields, message) => {
    expect(messageOf(fields, OPUS)).toBe(message);
  });

  test("a model that does not think has no rule for thinking", () => {
    expect(messageOf({ temperature: 0.5, ...adaptive }, PLAIN)).toBe("valid");
    expect(messageOf({ temperature: 0.5, top_p: 0.5 }, PLAIN)).toBe(BOTH);
  });

  test("the version without sampling parameters has no rule for them", () => {
    expect(messageOf({ temperature: 0.5, top_p: 0.5, top_k: 3, ...enabled }, OPUS, NEW)).toBe(
      "valid",
    );
  });

  test.each([GEMINI, GPT])("%s takes what Claude refuses", (id) => {
    expect(messageOf({ temperature: 0.5, top_p: 0.5, top_k: 900, ...enabled }, id)).toBe("valid");
  });
});

describe("a forced tool", () => {
  const message = "Thinking may not be enabled when tool_choice forces tool use.";
  const any = { tools, tool_choice: { type: "any" } } as const;
  const named = { tools, tool_choice: { type: "tool", name: "Bash" } } as const;

  test.each<[Partial<MessagesRequest>, string, string]>([
    [{ ...any, ...enabled }, OPUS, message],
    [{ ...named, ...enabled }, OPUS, message],
    [{ ...any, ...adaptive }, OPUS, "valid"],
    [{ ...any, thinking: { type: "disabled" } }, OPUS, "valid"],
    [{ tools, tool_choice: { type: "auto" }, ...enabled }, OPUS, "valid"],
    [{ tools, tool_choice: { type: "none" }, ...enabled }, OPUS, "valid"],
    [{ ...any, ...enabled }, PLAIN, "valid"],
    [{ ...any, ...enabled }, GEMINI, "valid"],
  ])("%j on %s: %s", (fields, id, expected) => {
    expect(messageOf(fields, id)).toBe(expected);
  });
});

test("Gemini takes five stop sequences, the others any number", () => {
  const stop_sequences = ["a", "b", "c", "d", "e", "f"];
  expect(messageOf({ stop_sequences }, GEMINI)).toBe(
    "stop_sequences: this model takes at most 5 stop sequences, not 6",
  );
  expect(messageOf({ stop_sequences: stop_sequences.slice(1) }, GEMINI)).toBe("valid");
  expect(messageOf({ stop_sequences }, OPUS)).toBe("valid");
  expect(messageOf({ stop_sequences }, GPT)).toBe("valid");
});

test.each([OPUS, GEMINI, GPT])("max_tokens above the limit of %s is clamped, not refused", (id) => {
  expect(messageOf({ max_tokens: 10_000_000 }, id)).toBe("valid");
});

describe("images", () => {
  const image = (data: string) =>
    ({ type: "image", source: { type: "base64", media_type: "image/png", data } }) as const;
  const png = (width: number, height: number, bytes = 0) => {
    const buffer = Buffer.concat([Buffer.from(PNG, "base64"), Buffer.alloc(bytes)]);
    buffer.writeUInt32BE(width, 16);
    buffer.writeUInt32BE(height, 20);
    return image(buffer.toString("base64"));
  };
  const inUser = (...content: readonly ReturnType<typeof image>[]): Partial<MessagesRequest> => ({
    messages: [{ role: "user", content }],
  });
  const many = (count: number) => inUser(...Array.from({ length: count }, () => png(1, 1)));

  test.each([
    [100, OPUS, "valid"],
    [101, OPUS, "messages: at most 100 images are allowed in a request to this model, not 101"],
    [600, GEMINI, "valid"],
    [601, GEMINI, "messages: at most 600 images are allowed in a request to this model, not 601"],
    [101, GPT, "messages: at most 100 images are allowed in a request to this model, not 101"],
  ])("%i on %s: %s", (count, id, message) => {
    expect(messageOf(many(count), id)).toBe(message);
  });

  test("5 MB are the most that Claude takes", () => {
    const header = Buffer.from(PNG, "base64").length;
    const fits = png(10, 10, 5 * 1024 * 1024 - header);
    const tooLarge = png(10, 10, 5 * 1024 * 1024 - header + 1);
    expect(messageOf(inUser(fits), OPUS)).toBe("valid");
    expect(messageOf(inUser(fits, tooLarge), OPUS)).toBe(
      "messages.0.content.1.image.source.base64: image exceeds 5 MB maximum: 5242881 bytes > 5242880 bytes",
    );
    expect(messageOf(inUser(tooLarge), GEMINI)).toBe("valid");
  });

  test("8000 pixels are the longest side that Claude takes; all that are over are named", () => {
    const messages: MessagesRequest["messages"] = [
      { role: "user", content: [{ type: "text", text: "a" }, png(8000, 8000), png(8001, 1)] },
      { role: "assistant", content: [{ type: "tool_use", id: "t", name: "Read", input: {} }] },
      {
        role: "user",
        content: [{ type: "tool_result", tool_use_id: "t", content: [png(1, 9000), png(1, 1)] }],
      },
    ];
    expect(validateForModel(request({ messages }), modelOf(OPUS), OLD)).toEqual({
      status: 400,
      type: "invalid_request_error",
      message:
        "messages.0.content.2.image.source.base64: At least one of the image dimensions exceed max allowed size: 8000 pixels",
      details: {
        error_code: "image_dimensions_too_large",
        max_side_length_pixels: 8000,
        paths: ["messages.0.content.2", "messages.2.content.0.content.0"],
      },
    });
    expect(validateForModel(request({ messages }), modelOf(GEMINI), OLD)).toBeUndefined();
  });

  test("with more than 20 images the limit is 2000 pixels", () => {
    const large = png(2001, 100);
    const twenty = Array.from({ length: 19 }, () => png(1, 1));
    expect(messageOf(inUser(...twenty, large), OPUS)).toBe("valid");
    const error = validateForModel(
      request(inUser(...twenty, png(1, 1), large)),
      modelOf(OPUS),
      OLD,
    );
    expect(error?.message).toMatch(/many-image requests: 2000 pixels$/);
    expect(error?.details).toMatchObject({
      max_side_length_pixels: 2000,
      paths: ["messages.0.content.20"],
    });
  });

  test("the path of an image in a tool result has the types of its blocks", () => {
    const messages: MessagesRequest["messages"] = [
      {
        role: "user",
        content: [{ type: "tool_result", tool_use_id: "t", content: [png(9000, 1)] }],
      },
    ];
    expect(messageOf({ messages }, OPUS)).toMatch(
      /^messages\.0\.content\.0\.tool_result\.content\.0\.image\.source\.base64: /,
    );
  });

  test("URLs and images that cannot be read have no size", () => {
    const url = { type: "image", source: { type: "url", url: "https://example.test/a" } } as const;
    expect(messageOf({ messages: [{ role: "user", content: [url, image("AAAA")] }] }, OPUS)).toBe(
      "valid",
    );
  });
});
