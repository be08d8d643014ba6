import type { JsonObject } from "@agp/core";
import { expect, test } from "vitest";
import { checkMessage } from "./check-message.ts";

function violations(body: JsonObject): string[] {
  return checkMessage(body, "GenerateContentEnvelope").violations.map(
    (violation) => violation.description,
  );
}

function inPart(part: JsonObject): JsonObject {
  return { request: { contents: [{ role: "user", parts: [part] }] } };
}

function inSchema(schema: JsonObject): JsonObject {
  const properties = { value: schema };
  const parameters = { type: "object", properties };
  return { request: { tools: [{ functionDeclarations: [{ name: "a", parameters }] }] } };
}

const SCHEMA = "request.tools[0].function_declarations[0].parameters.properties[0].value";
const PART = "request.contents[0].parts[0]";

test.each<[string, JsonObject, string]>([
  [
    "at the top",
    { max_tokens: 1 },
    'Invalid JSON payload received. Unknown name "max_tokens": Cannot find field.',
  ],
  [
    "in the request",
    { request: { stream: true } },
    "Invalid JSON payload received. Unknown name \"stream\" at 'request': Cannot find field.",
  ],
  [
    "in a part",
    inPart({ text: "a", cache_control: {} }),
    `Invalid JSON payload received. Unknown name "cache_control" at '${PART}': Cannot find field.`,
  ],
  [
    "in a schema",
    inSchema({ const: 1 }),
    `Invalid JSON payload received. Unknown name "const" at '${SCHEMA}': Cannot find field.`,
  ],
  [
    "a list where one value belongs",
    inSchema({ type: ["string", "null"] }),
    `Invalid JSON payload received. Unknown name "type" at '${SCHEMA}': Proto field is not repeating, cannot start list.`,
  ],
  [
    "a list of schemas as items",
    inSchema({ type: "array", items: [{ type: "string" }] }),
    `Invalid JSON payload received. Unknown name "items" at '${SCHEMA}': Proto field is not repeating, cannot start list.`,
  ],
  [
    "an enum that is no string",
    inSchema({ type: "integer", enum: [1] }),
    `Invalid value at '${SCHEMA}.enum[0]' (TYPE_STRING), 1`,
  ],
  [
    "an unknown type",
    inSchema({ type: "any" }),
    `Invalid value at '${SCHEMA}.type' (type.googleapis.com/google.internal.cloud.code.v1internal.Type), "any"`,
  ],
  [
    "arguments as a string",
    inPart({ functionCall: { name: "a", args: "{}" } }),
    `Invalid value at '${PART}.function_call.args' (type.googleapis.com/google.protobuf.Struct), "{}"`,
  ],
  [
    "a text that is no string",
    inPart({ text: 1 }),
    `Invalid value at '${PART}.text' (TYPE_STRING), 1`,
  ],
  [
    "base64 with a line break",
    inPart({ inlineData: { mimeType: "image/png", data: "aaaa\nbbbb" } }),
    `Invalid value at '${PART}.inline_data.data' (TYPE_BYTES), Base64 decoding failed for "aaaa\\nbbbb"`,
  ],
  [
    "a fraction for an integer",
    { request: { generationConfig: { maxOutputTokens: 1.5 } } },
    "Invalid value at 'request.generation_config.max_output_tokens' (TYPE_INT32), 1.5",
  ],
  [
    "a system instruction as a string",
    { request: { systemInstruction: "Be brief" } },
    "Invalid value at 'request.system_instruction' (type.googleapis.com/google.internal.cloud.code.v1internal.Content), \"Be brief\"",
  ],
  [
    "both spellings of a field",
    { request: { sessionId: "a", session_id: "b" } },
    "Invalid JSON payload received. Duplicate field session_id at 'request'.",
  ],
  [
    "a lone surrogate in a text",
    inPart({ text: "a\ud800b" }),
    `Invalid value at '${PART}.text' (TYPE_STRING), invalid UTF-8: lone surrogate`,
  ],
  [
    "a lone surrogate deep in arguments",
    inPart({ functionCall: { name: "a", args: { b: ["\udc00"] } } }),
    `Invalid value at '${PART}.function_call.args': lone surrogate`,
  ],
])("refuses %s", (_name, body, expected) => {
  expect(violations(body)).toEqual([expected]);
});

test("reports every violation with its field", () => {
  const { violations } = checkMessage(
    { stream: true, request: { contents: [{ role: "user", content: "x" }] } },
    "GenerateContentEnvelope",
  );
  expect(violations.map((violation) => violation.field)).toEqual(["", "request.contents[0]"]);
});

test("property names are no keywords: const and $ref may be names", () => {
  expect(
    violations({
      request: {
        tools: [
          {
            functionDeclarations: [
              {
                name: "a",
                parameters: {
                  type: "object",
                  properties: { const: { type: "string" }, $ref: { type: "string" } },
                },
              },
            ],
          },
        ],
      },
    }),
  ).toEqual([]);
});

test("free objects may hold anything", () => {
  const args = { $schema: "x", nested: { const: [1, null] } };
  expect(violations(inPart({ functionCall: { name: "a", args } }))).toEqual([]);
});

test("snake case and nulls are taken, and normalised", () => {
  const body = {
    request_id: "a",
    user_prompt_id: null,
    request: {
      contents: [
        { role: "user", parts: [{ inline_data: { mime_type: "image/png", data: "aa" } }] },
      ],
      generation_config: { max_output_tokens: "5" },
    },
  };
  const { violations, message } = checkMessage(body, "GenerateContentEnvelope");
  expect(violations).toEqual([]);
  expect(message).toEqual({
    requestId: "a",
    request: {
      contents: [{ role: "user", parts: [{ inlineData: { mimeType: "image/png", data: "aa" } }] }],
      generationConfig: { maxOutputTokens: "5" },
    },
  });
});

test("a message in camelCase is passed on as it is", () => {
  const body = { request: { contents: [] } };
  expect(checkMessage(body, "GenerateContentEnvelope").message).toBe(body);
});
