import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { MessagesRequest } from "../anthropic/messages.ts";
import type { GenerateContentRequest } from "../google/generate-content.ts";
import type { ModelInfo } from "../models/catalogue.ts";
import {
  MODELS,
  NO_SIGNATURES,
  refusal,
  signatureStore,
  translated,
} from "./__fixtures__/request-context.ts";
import type { SignatureReader } from "./context.ts";
import { encodeEnvelope, serialiseRequest } from "./envelope.ts";

interface Fixture {
  readonly anthropic: MessagesRequest;
  readonly cloudcode: {
    readonly model: string;
    readonly requestType: string;
    readonly requestId: string;
    readonly project: string;
    readonly request: GenerateContentRequest;
  };
  readonly store?: Readonly<Record<string, ReturnType<SignatureReader["toolUse"]>>>;
  readonly toolNames?: Readonly<Record<string, string>>;
}

function fixture(name: string): Fixture {
  return JSON.parse(readFileSync(new URL(`__fixtures__/${name}.json`, import.meta.url), "utf8"));
}

/** Descriptions of sanitised schemas are wording: their structure is compared, their text is not. */
function withoutSchemaTexts(request: GenerateContentRequest): unknown {
  const { tools, generationConfig, ...rest } = request;
  const strip = (_key: string, value: unknown): unknown => {
    if (typeof value !== "object" || value === null || !("type" in value)) return value;
    return { ...value, description: undefined };
  };
  return JSON.parse(JSON.stringify({ tools, generationConfig, ...rest }, strip));
}

const CLAUDE_SIGNATURE = signatureStore({
  "I need both files.":
    "RVhBTVBMRS1DTEFVREUtU0lHTkFUVVJFLTAwMDEtbm90LWEtcmVhbC1zaWduYXR1cmUtbm90LWEtcmVhbC1zaWduYXR1cmUtbm90LWEtcmVhbC1zaWduYXR1cmUt",
});

describe("the fixtures of cloud-code §3–6", () => {
  test.each<[string, ModelInfo, SignatureReader?]>([
    ["01-text", MODELS.claude],
    ["02-tools-claude", MODELS.claude],
    ["03-tool-loop-claude", MODELS.opus, CLAUDE_SIGNATURE],
    ["04-tool-loop-gemini3", MODELS.gemini3],
    ["05-claude-history-to-gemini3", MODELS.gemini3Flash, CLAUDE_SIGNATURE],
    ["06-unsigned-history-to-claude", MODELS.claude],
    ["07-media-and-documents", MODELS.claude],
    ["08-forced-tool-gemini", MODELS.gemini25Flash],
    ["09-json-output-gemini", MODELS.gemini25Pro],
    ["10-server-tool-history-and-system-message", MODELS.claude],
    ["11-adaptive-thinking-claude", MODELS.opus],
    ["12-web-search", MODELS.gemini25Flash],
  ])("%s", (name, model, store) => {
    const { anthropic, cloudcode, store: calls, toolNames } = fixture(name);
    const signatures = withCalls(store ?? NO_SIGNATURES, calls);

    const result = translated(anthropic, model, { signatures });

    expect(model.id).toBe(cloudcode.model);
    expect(result.requestType).toBe(cloudcode.requestType);
    expect(withoutSchemaTexts(result.request)).toEqual(withoutSchemaTexts(cloudcode.request));
    // The prompt cache lives on bytes, so that the order of keys counts as well.
    expect(Object.keys(result.request)).toEqual(Object.keys(cloudcode.request));
    for (const [upstream, client] of Object.entries(toolNames ?? {})) {
      expect(result.toolNames.toClient(upstream)).toBe(client);
    }
  });

  test("the envelope of fixture 01, byte for byte", () => {
    const { anthropic, cloudcode } = fixture("01-text");
    const { request, requestType } = translated(anthropic);
    const { project, model, requestId } = cloudcode;
    const head = { project, model, userAgent: "antigravity-claude-proxy", requestType, requestId };
    expect(encodeEnvelope(head, serialiseRequest(request))).toBe(JSON.stringify(cloudcode));
  });
});

function withCalls(reader: SignatureReader, calls: Fixture["store"]): SignatureReader {
  const known = (id: string) => (calls?.[id]?.signature === undefined ? undefined : calls[id]);
  return { ...reader, toolUse: known };
}

describe("what the rest of the server learns", () => {
  test.each<[string, Partial<MessagesRequest>, boolean]>([
    ["no thinking", {}, false],
    ["disabled", { thinking: { type: "disabled" } }, false],
    ["between_tools", { thinking: { type: "between_tools" } }, false],
    ["enabled", { thinking: { type: "enabled", budget_tokens: 2000 } }, true],
    ["adaptive", { thinking: { type: "adaptive" } }, true],
    ["updates", { thinking: { type: "adaptive", display: "updates" } }, true],
    ["summarized", { thinking: { type: "adaptive", display: "summarized" } }, true],
    ["null", { thinking: { type: "adaptive", display: null } }, true],
    ["omitted", { thinking: { type: "adaptive", display: "omitted" } }, false],
  ])("showThinking with %s", (_name, request, shown) => {
    expect(translated(request).showThinking).toBe(shown);
  });

  test("jsonOutput with either form of the format", () => {
    const format = { type: "json_schema", schema: { type: "object" } } as const;
    expect(translated({}).jsonOutput).toBe(false);
    expect(translated({ output_config: { format: null } }).jsonOutput).toBe(false);
    expect(translated({ output_config: { format } }).jsonOutput).toBe(true);
    expect(translated({ output_format: format }).jsonOutput).toBe(true);
  });

  test("dropped fields of blocks, parameters and tools in one report", () => {
    const { dropped } = translated({
      messages: [
        {
          role: "user",
          content: [
            { type: "text", text: "a" },
            { type: "text", text: " " },
          ],
        },
        { role: "user", content: [{ type: "text", text: "" }] },
      ],
      tools: [{ name: "A", input_schema: { type: "object", $id: "a" }, defer_loading: true }],
      max_tokens: 1_000_000,
    });
    expect(dropped).toMatchInlineSnapshot(`
      [
        {
          "count": 1,
          "path": "tools[].defer_loading",
          "rule": "deferred_tool",
        },
        {
          "count": 1,
          "path": "tools[].input_schema.$id",
          "rule": "schema_keyword",
        },
        {
          "count": 2,
          "path": "messages[].content[].text",
          "rule": "empty_text",
        },
        {
          "count": 1,
          "path": "messages[]",
          "rule": "empty_message",
        },
        {
          "count": 1,
          "path": "max_tokens",
          "rule": "clamped",
        },
      ]
    `);
  });

  test("a request without anything to drop has an empty report", () => {
    expect(translated({}).dropped).toEqual([]);
  });
});

describe("models that make images", () => {
  const request: Partial<MessagesRequest> = {
    system: "Be kind.",
    thinking: { type: "adaptive" },
    tools: [{ name: "A", input_schema: { type: "object" } }],
    tool_choice: { type: "any" },
  };

  test("get neither tools nor a system instruction nor a budget", () => {
    const { request: out, requestType, dropped } = translated(request, MODELS.image);
    expect(requestType).toBe("image_gen");
    expect(out).toMatchInlineSnapshot(`
      {
        "contents": [
          {
            "parts": [
              {
                "text": "Hello",
              },
            ],
            "role": "user",
          },
        ],
        "generationConfig": {
          "maxOutputTokens": 8192,
        },
        "sessionId": "-1756278180214341157",
      }
    `);
    expect(dropped.map(({ path, rule }) => `${path} ${rule}`)).toMatchInlineSnapshot(`
      [
        "tools image_model",
        "system image_model",
        "thinking image_model",
      ]
    `);
  });
});

describe("web search", () => {
  const tools = [{ name: "web_search", type: "web_search_20250305" }];

  test("with tool_choice none is a plain request", () => {
    const out = translated({ tools, tool_choice: { type: "none" } }, MODELS.gemini25Flash);
    expect(out.requestType).toBe("agent");
    expect(out.request.tools).toBeUndefined();
  });

  test("cannot be forced", () => {
    const choice = { type: "tool", name: "web_search" } as const;
    const out = translated({ tools, tool_choice: choice }, MODELS.gemini25Flash);
    expect(out.request.tools).toEqual([{ googleSearch: {} }]);
    expect(out.request.toolConfig).toBeUndefined();
    expect(out.dropped).toEqual([{ path: "tool_choice", rule: "search_choice", count: 1 }]);
  });

  test("needs a Gemini model", () => {
    expect(refusal({ tools })).toMatchInlineSnapshot(
      `"tools.0: web_search needs a Gemini model that can search, and is not supported by claude-sonnet-4-6"`,
    );
  });
});

describe("tools", () => {
  const tools = [{ name: "A", input_schema: { type: "object" } as const }];

  test("disable_parallel_tool_use becomes the last part of the system instruction", () => {
    const choice = { type: "auto", disable_parallel_tool_use: true } as const;
    const { request } = translated({ tools, tool_choice: choice, system: "Be kind." });
    expect(request.systemInstruction).toMatchInlineSnapshot(`
      {
        "parts": [
          {
            "text": "Be kind.",
          },
          {
            "text": "Call at most one tool per turn.",
          },
        ],
        "role": "user",
      }
    `);
    expect(
      translated({ tools, tool_choice: choice }).request.systemInstruction?.parts,
    ).toHaveLength(1);
    expect(translated({ tools }).request.systemInstruction).toBeUndefined();
  });

  test("a tool that nobody has here is refused", () => {
    const message = refusal({ tools: [{ name: "x", type: "code_execution_20250825" }] });
    expect(message).toContain("code_execution_20250825");
  });

  test("a forced tool that is not declared is refused", () => {
    const message = refusal({ tools, tool_choice: { type: "tool", name: "B" } });
    expect(message).toContain("'B'");
  });

  test("calls in the history need no declarations", () => {
    const { request } = translated({
      messages: [
        { role: "user", content: "a" },
        {
          role: "assistant",
          content: [{ type: "tool_use", id: "t1", name: "mcp/files.search", input: {} }],
        },
        { role: "user", content: [{ type: "tool_result", tool_use_id: "t1", content: "b" }] },
      ],
    });
    expect(request.tools).toBeUndefined();
    expect(request.contents[1]?.parts[0]?.functionCall?.name).toBe("mcp_files_search");
    expect(request.contents[2]?.parts[0]?.functionResponse?.name).toBe("mcp_files_search");
  });
});
