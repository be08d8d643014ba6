import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { JsonObject, MessagesRequest, ToolParam } from "../anthropic/messages.ts";
import { validateMessagesRequest } from "../anthropic/validate-request.ts";
import { STORE } from "./__fixtures__/arbitrary-request.ts";
import { checkInvariants } from "./__fixtures__/check-invariants.ts";
import { MODELS, translated } from "./__fixtures__/request-context.ts";

/** What Claude Code 2.1.330 sent, with long texts cut; a tool's schema is a name in `claude-code-tools.json`. */
const REQUESTS = fixture("claude-code-requests") as Record<string, MessagesRequest>;
const TOOLS = fixture("claude-code-tools") as Record<string, { input_schema: JsonObject }>;

function fixture(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`__fixtures__/${name}.json`, import.meta.url), "utf8"));
}

function recorded(name: string): MessagesRequest {
  const request = REQUESTS[name];
  if (request === undefined) throw new Error(`no recording ${name}`);
  return { ...request, ...(request.tools && { tools: request.tools.map(withSchema) }) };
}

function withSchema(tool: ToolParam): ToolParam {
  const schema: unknown = tool.input_schema;
  if (typeof schema !== "string") return tool;
  const known = TOOLS[schema];
  if (known === undefined) throw new Error(`no schema ${schema}`);
  return { ...tool, input_schema: known.input_schema };
}

const SERVED_BY = {
  claude: MODELS.claude,
  "gemini 2.5": MODELS.gemini25Flash,
  "gemini 3": MODELS.gemini3,
  gpt: { ...MODELS.gpt, supportsImages: true },
} as const;

describe.each(Object.keys(REQUESTS))("Claude Code: %s", (name) => {
  const request = recorded(name);
  const isSearch = request.tools?.some(({ type }) => type?.startsWith("web_search")) === true;

  test("is valid", () => {
    const betas = new Set(["interleaved-thinking-2025-05-14"]);
    const validation = validateMessagesRequest(request, { betas, apiVersion: "2023-06-01" });
    expect(validation).toMatchObject({ kind: "valid" });
  });

  // What nobody but Gemini can search, and what GPT cannot read, is refused elsewhere.
  const families = Object.entries(SERVED_BY).filter(
    ([family]) =>
      (!isSearch || family.startsWith("gemini")) && (name !== "pdf-read" || family !== "gpt"),
  );

  test.each(families)("keeps the rules of %s", (_family, model) => {
    const result = translated(request, model, { signatures: STORE });
    expect(checkInvariants(result, model)).toEqual([]);
    expect(result.requestType).toBe(isSearch ? "web_search" : "agent");
  });
});

describe("what its requests become", () => {
  test("the text behind a tool that was found stays behind the result", () => {
    const { request } = translated(recorded("tool-search"));
    expect(request.contents.at(-1)?.parts).toMatchInlineSnapshot(`
      [
        {
          "functionResponse": {
            "id": "toolu_13967242f392d61ef69b64ab",
            "name": "ToolSearch",
            "response": {
              "result": "Loaded tool: WebFetch",
            },
          },
        },
        {
          "text": "Tool loaded.",
        },
      ]
    `);
  });

  test("an empty system message after /compact is no turn", () => {
    const { request, dropped } = translated(recorded("after-compact"));
    expect(request.contents.map(({ role, parts }) => `${role} ${parts.length}`))
      .toMatchInlineSnapshot(`
      [
        "user 1",
        "model 1",
        "user 10",
      ]
    `);
    expect(dropped.map(({ rule }) => rule)).toMatchInlineSnapshot(`
      [
        "schema_keyword",
        "deferred_tool_placeholder",
        "unknown_thinking",
        "clamped",
      ]
    `);
  });

  test("an image that was read follows its result", () => {
    const { request } = translated(recorded("image-read"));
    const last = request.contents.findLast(({ parts }) => parts.some((part) => part.inlineData));
    expect(last?.parts.map((part) => Object.keys(part)[0])).toMatchInlineSnapshot(`
      [
        "functionResponse",
        "inlineData",
      ]
    `);
  });

  test("the title of a session is structured output without thinking", () => {
    const { request, jsonOutput } = translated(recorded("interactive-title"), MODELS.gemini25Flash);
    expect(jsonOutput).toBe(true);
    expect(request.generationConfig).toMatchInlineSnapshot(`
      {
        "maxOutputTokens": 32000,
        "responseMimeType": "application/json",
        "responseSchema": {
          "description": "No extra properties allowed",
          "properties": {
            "title": {
              "type": "string",
            },
          },
          "required": [
            "title",
          ],
          "type": "object",
        },
        "thinkingConfig": {
          "thinkingBudget": 0,
        },
      }
    `);
  });
});
