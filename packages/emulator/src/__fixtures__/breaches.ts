import accepted from "./accepted-requests.json" with { type: "json" };

export const CLAUDE_SIGNATURE = signatureIn(accepted["03-tool-loop-claude"].request.contents);
export const GEMINI_SIGNATURE = signatureIn(accepted["04-tool-loop-gemini3"].request.contents);

export const C = "claude-sonnet-4-6";
export const G3 = "gemini-3-flash";
export const G2 = "gemini-2.5-flash";

export const user = (...parts: object[]) => ({ role: "user", parts });
export const model = (...parts: object[]) => ({ role: "model", parts });
export const text = (value: string) => ({ text: value });
export const call = (name: string, id?: string, more: object = {}) => ({
  functionCall: { ...(id && { id }), name, args: {} },
  ...more,
});
export const result = (name: string, id?: string) => ({
  functionResponse: { ...(id && { id }), name, response: { result: "" } },
});
export const hello = [user(text("Hello"))];
export const config = (generationConfig: object) => ({ contents: hello, generationConfig });
export const tool = (declaration: object, more: object = {}) => ({
  contents: hello,
  tools: [{ functionDeclarations: [{ name: "Read", ...declaration }] }],
  ...more,
});
export const property = (schema: object) =>
  tool({ parameters: { type: "object", properties: { a: schema } } });
export const thinking = { includeThoughts: true, thinkingBudget: 2000 };


const EMPTY = { type: "object" };

/** Row of cloud-code §14, what is wrong, model, request, the refusal. One row a line. */
export const BREACHES: [string, string, string, object, RegExp][] = [
  ["3", "unknown request key", C, { contents: hello, stream: true }, /Unknown name "stream" at 'request'/],
  ["3", "long session id", C, { contents: hello, sessionId: "x".repeat(129) }, /session_id/],
  ["4", "no contents, Claude", C, { contents: [] }, /^messages: at least one message is required/],
  ["4", "no contents, Gemini", G3, {}, /contents is not specified/],
  ["4", "first is model, Claude", C, { contents: [model(text("a")), ...hello] }, /first message must use the "user" role/],
  ["4", "first is model, Gemini", G3, { contents: [model(text("a")), ...hello] }, /alternate/],
  ["4", "two users", C, { contents: [...hello, ...hello] }, /alternate between user and model/],
  ["4", "unknown role", G3, { contents: [{ role: "assistant", parts: [text("a")] }] }, /valid role: user, model/],
  ["4", "no role", G3, { contents: [{ parts: [text("a")] }] }, /valid role/],
  ["4", "prefill, Claude", C, { contents: [...hello, model(text("a"))] }, /does not support assistant message prefill/],
  ["4", "prefill, Gemini", G3, { contents: [...hello, model(text("a"))] }, /ends with a user role/],
  ["4", "no parts", C, { contents: [user()] }, /parts must not be empty/],
  ["4", "content key", C, { contents: [{ ...user(text("a")), name: "x" }] }, /Unknown name "name"/],
  ["5", "no data", G3, { contents: [user({ thought: false })] }, /required oneof field 'data'/],
  ["5", "two data fields", G3, { contents: [user({ text: "a", functionCall: { name: "b" } })] }, /oneof field 'data' is already set/],
  ["5", "empty text, Claude", C, { contents: [user(text(""))] }, /text content blocks must be non-empty/],
  ["5", "empty text, Gemini", G3, { contents: [user(text(""))] }, /parts\[0\]\.data: required oneof/],
  ["5", "blank text, Claude", C, { contents: [user(text(" \n"))] }, /must contain non-whitespace text/],
  ["6", "MIME type", C, { contents: [user({ inlineData: { mimeType: "image/svg+xml", data: "aaaa" } })] }, /mimeType parameter with value image\/svg\+xml, which is not supported/],
  ["6", "audio for Claude", C, { contents: [user({ inlineData: { mimeType: "audio/mp3", data: "aaaa" } })] }, /not supported/],
  ["6", "data URL", C, { contents: [user({ inlineData: { mimeType: "image/png", data: "data:image/png;base64,aaaa" } })] }, /Base64 decoding failed/],
  ["6", "no data", C, { contents: [user({ inlineData: { mimeType: "image/png" } })] }, /must not be empty/],
  ["6", "file for Claude", C, { contents: [user({ fileData: { fileUri: "gs://a/b" } })] }, /file sources are not supported/],
  ["7", "call of a user", C, { contents: [user(call("Read", "a"))] }, /`tool_use` blocks can only be in `assistant` messages/],
  ["7", "response of a model", G3, { contents: [...hello, model(result("Read")), ...hello] }, /function response turn comes immediately after/],
  ["7", "name", C, { contents: [...hello, model(call("a b", "x")), user(result("a b", "x"))] }, /Invalid function name/],
  ["7", "response is a string", C, { contents: [user({ functionResponse: { name: "a", response: "x" } })] }, /google\.protobuf\.Struct/],
  ["7", "no response", G3, { contents: [...hello, model(call("Read", "a")), user({ functionResponse: { id: "a", name: "Read" } })] }, /response: Required field/],
  ["8", "unanswered, Claude", C, { contents: [...hello, model(call("Read", "a"), call("Read", "b")), user(result("Read", "a"))] }, /^messages\.1: `tool_use` ids were found without `tool_result` blocks immediately after: b\./],
  ["8", "unanswered, Gemini", G3, { contents: [...hello, model(call("Read", "a", { thoughtSignature: "skip_thought_signature_validator" })), user(text("no"))] }, /number of function response parts is equal/],
  ["8", "orphan, Claude", C, { contents: [user(result("Read", "a"))] }, /^messages\.0\.content\.0: unexpected `tool_use_id` found in `tool_result` blocks: a\./],
  ["8", "orphan, Gemini", G3, { contents: [user(result("Read"))] }, /function response turn comes immediately after a function call turn/],
  ["8", "answered twice", C, { contents: [...hello, model(call("Read", "a")), user(result("Read", "a"), result("Read", "a"))] }, /single result/],
  ["8", "no id, Claude", C, { contents: [...hello, model(call("Read")), user(result("Read"))] }, /messages\.1\.content\.0\.tool_use\.id: Field required/],
  ["8", "id pattern, Claude", C, { contents: [...hello, model(call("Read", "a:b")), user(result("Read", "a:b"))] }, /tool_use\.id: String should match pattern/],
  ["8", "same id twice", C, { contents: [...hello, model(call("Read", "a")), user(result("Read", "a")), model(call("Read", "a")), user(result("Read", "a"))] }, /ids must be unique/],
  ["8", "other order", C, { contents: [...hello, model(call("Read", "a"), call("Read", "b")), user(result("Read", "b"), result("Read", "a"))] }, /strict.*id b, but call 0 has a/],
  ["8", "other name", C, { contents: [...hello, model(call("Read", "a")), user(result("Write", "a"))] }, /strict.*is named Write/],
  ["8", "id on one side, Gemini", G3, { contents: [...hello, model(call("Read", "a", { thoughtSignature: "skip_thought_signature_validator" })), user(result("Read"))] }, /strict/],
  ["8", "text before a response", C, { contents: [...hello, model(call("Read", "a")), user(text("x"), result("Read", "a"))] }, /must come first/],
  ["9", "thought of a user", C, { contents: [user({ thought: true, text: "a", thoughtSignature: CLAUDE_SIGNATURE })] }, /`thinking` blocks can only be/],
  ["9", "thought without signature", C, { contents: [...hello, model({ thought: true, text: "a" }, text("b")), ...hello] }, /^messages\.1\.content\.0\.thinking\.signature: Field required/],
  ["9", "thought without text", C, { contents: [...hello, model({ thought: true, text: "", thoughtSignature: CLAUDE_SIGNATURE }, text("b")), ...hello] }, /thinking\.thinking: Field required/],
  ["9", "changed thought", C, { contents: [...hello, model({ thought: true, text: "I need both files. ", thoughtSignature: CLAUDE_SIGNATURE }), ...hello] }, /cannot be modified/],
  ["9", "thought after text", C, { contents: [...hello, model(text("b"), { thought: true, text: "I need both files.", thoughtSignature: CLAUDE_SIGNATURE }), ...hello] }, /^messages\.1\.content\.0\.type: Expected `thinking` or `redacted_thinking`, but found `text`/],
  ["10", "loop without thought", C, { contents: [...hello, model(call("Read", "a")), user(result("Read", "a"))], generationConfig: { maxOutputTokens: 9000, thinkingConfig: thinking } }, /but found `tool_use`\. When `thinking` is enabled/],
  ["11", "no signature in the turn", G3, { contents: [...hello, model(call("Read", "a")), user(result("Read", "a"))] }, /^Function call is missing a thought_signature .* `default_api:Read` , position 2\./],
  ["11", "Claude's signature for Gemini, old turn", G3, { contents: [...hello, model({ ...text("a"), thoughtSignature: CLAUDE_SIGNATURE }), ...hello] }, /^Corrupted thought signature\./],
  ["11", "sentinel for 2.5", G2, { contents: [...hello, model(call("Read", "a", { thoughtSignature: "skip_thought_signature_validator" })), user(result("Read", "a"))] }, /Thought signature is not valid/],
  ["11", "sentinel for Claude", C, { contents: [...hello, model({ thought: true, text: "a", thoughtSignature: "skip_thought_signature_validator" }), ...hello] }, /Invalid `signature` in `thinking` block/],
  ["11", "Gemini's signature for Claude", C, { contents: [...hello, model({ thought: true, text: "a", thoughtSignature: GEMINI_SIGNATURE }), ...hello] }, /Invalid `signature` in `thinking` block/],
  ["11", "signature on a call for Claude", C, { contents: [...hello, model(call("Read", "a", { thoughtSignature: GEMINI_SIGNATURE })), user(result("Read", "a"))] }, /tool_use\.signature: Extra inputs/],
  ["12", "system without parts", C, { contents: hello, systemInstruction: { parts: [] } }, /system_instruction/],
  ["12", "empty system text", G3, { contents: hello, systemInstruction: { parts: [text("")] } }, /system_instruction\.parts\[0\]/],
  ["12", "image in system", G3, { contents: hello, systemInstruction: { parts: [{ inlineData: { mimeType: "image/png", data: "aa" } }] } }, /system_instruction\.parts\[0\]/],
  ["13", "functions and search", G3, { contents: hello, tools: [{ functionDeclarations: [{ name: "a" }] }, { googleSearch: {} }] }, /Multiple tools are supported only when they are all search tools/],
  ["13", "search for Claude", C, { contents: hello, tools: [{ googleSearch: {} }] }, /not supported for model claude/],
  ["13", "declaration key", C, tool({ strict: true }), /Unknown name "strict" at 'request\.tools\[0\]\.function_declarations\[0\]'/],
  ["13", "input_schema", C, tool({ input_schema: {} }), /Unknown name "input_schema"/],
  ["13", "JSON schema", G3, tool({ parametersJsonSchema: {} }), /strict.*parametersJsonSchema/],
  ["13", "name", G3, tool({ name: "2fast" }), /Invalid function name\. Must start with a letter/],
  ["13", "long name", G3, tool({ name: "x".repeat(65) }), /Invalid function name/],
  ["13", "name for Claude", C, tool({ name: "a.b" }), /tools\.0\.custom\.name: String should match pattern/],
  ["13", "no schema, Claude", C, tool({}), /^tools\.0\.custom\.input_schema: Field required/],
  ["13", "duplicates, Claude", C, { contents: hello, tools: [{ functionDeclarations: [{ name: "a", parameters: EMPTY }, { name: "a", parameters: EMPTY }] }] }, /Tool names must be unique/],
  ["13", "duplicates, Gemini", G3, { contents: hello, tools: [{ functionDeclarations: [{ name: "a" }, { name: "a" }] }] }, /Duplicate function declaration found: a/],
  ["14", "root no object", G3, tool({ parameters: { type: "string" } }), /schema should be of type OBJECT/],
  ["14", "schema key", G3, property({ type: "string", default: "x" }), /Unknown name "default"/],
  ["14", "no type", G3, property({ description: "x" }), /didn't specify the schema type field/],
  ["14", "array without items", G3, property({ type: "array" }), /properties\[a\]\.items: missing field/],
  ["14", "empty enum value", G3, property({ type: "string", enum: [""] }), /enum\[0\]: cannot be empty/],
  ["14", "enum on a number", G3, property({ type: "integer", enum: ["1"] }), /enum: only allowed for STRING type/],
  ["14", "required unknown", G3, tool({ parameters: { type: "object", properties: {}, required: ["a"] } }), /required\[0\]: property is not defined/],
  ["14", "format", G3, property({ type: "string", format: "uri" }), /only 'enum' and 'date-time' are supported for STRING type/],
  ["14", "any_of with type", G3, property({ type: "string", anyOf: [{ type: "string" }] }), /it must be the only field set/],
  ["14", "property name for Claude", C, tool({ parameters: { type: "object", properties: { "a b": { type: "string" } } } }), /Property keys should match pattern/],
  ["14", "empty tool for Claude", C, tool({ parameters: { type: "object", properties: {} } }, { toolConfig: { functionCallingConfig: { mode: "VALIDATED" } } }), /at least one property/],
  ["14", "depth", G3, property(deep(32)), /nested deeper than 32/],
  ["15", "no tools", G3, { contents: hello, toolConfig: { functionCallingConfig: { mode: "AUTO" } } }, /without function_declarations/],
  ["15", "mode", G3, tool({}, { toolConfig: { functionCallingConfig: { mode: "auto" } } }), /Invalid value at 'request\.tool_config\.function_calling_config\.mode'/],
  ["15", "names with AUTO", G3, tool({}, { toolConfig: { functionCallingConfig: { mode: "AUTO", allowedFunctionNames: ["Read"] } } }), /should only be set when function calling mode is ANY/],
  ["15", "undeclared name", G3, tool({}, { toolConfig: { functionCallingConfig: { mode: "ANY", allowedFunctionNames: ["Write"] } } }), /Write is not declared/],
  ["15", "forced and thinking", C, tool({ parameters: EMPTY }, { toolConfig: { functionCallingConfig: { mode: "ANY" } }, generationConfig: { maxOutputTokens: 9000, thinkingConfig: thinking } }), /Thinking may not be enabled when tool_choice forces tool use/],
  ["16", "config key", C, config({ max_tokens: 1 }), /Unknown name "max_tokens" at 'request\.generation_config'/],
  ["16", "no tokens", C, config({ maxOutputTokens: 0 }), /greater than or equal to 1/],
  ["16", "too many tokens, Claude", C, config({ maxOutputTokens: 64_001 }), /max_tokens: 64001 > 64000/],
  ["16", "too many tokens, Gemini", G3, config({ maxOutputTokens: 65_537 }), /maxOutputTokens value of 65537/],
  ["16", "temperature, Claude", C, config({ temperature: 1.2 }), /temperature: range: 0\.\.1/],
  ["16", "temperature, Gemini", G3, config({ temperature: 2.1 }), /temperature value of 2\.1/],
  ["16", "topP", G3, config({ topP: 1.5 }), /topP value/],
  ["16", "topK, Gemini", G3, config({ topK: 65 }), /topK value of 65/],
  ["16", "topK, Claude", C, config({ topK: 501 }), /top_k/],
  ["16", "six stops", G3, config({ stopSequences: ["1", "2", "3", "4", "5", "6"] }), /stopSequences/],
  ["16", "blank stop", C, config({ stopSequences: [" "] }), /must contain non-whitespace/],
  ["16", "candidates", G3, config({ candidateCount: 2 }), /strict.*candidateCount/],
  ["16", "schema without JSON type", G3, config({ responseSchema: { type: "object" } }), /response_mime_type/],
  ["16", "JSON and functions on 2.5", G2, tool({}, { generationConfig: { responseMimeType: "application/json" } }), /unsupported/],
  ["17", "temperature and topP", C, config({ temperature: 0.5, topP: 0.5 }), /cannot both be specified/],
  ["17", "temperature and thinking", C, config({ maxOutputTokens: 9000, temperature: 0.5, thinkingConfig: thinking }), /may only be set to 1 when thinking is enabled/],
  ["17", "topP and thinking", C, config({ maxOutputTokens: 9000, topP: 0.5, thinkingConfig: thinking }), /greater than or equal to 0\.95/],
  ["17", "topK and thinking", C, config({ maxOutputTokens: 9000, topK: 5, thinkingConfig: thinking }), /`top_k` must be unset/],
  ["18", "model that does not think", "gpt-oss-120b-medium", config({ thinkingConfig: thinking }), /^Thinking is not supported by model gpt-oss-120b-medium\./],
  ["18", "unknown key", G3, config({ thinkingConfig: { budget_tokens: 1 } }), /Unknown name "budget_tokens"/],
  ["18", "budget and level", G3, config({ thinkingConfig: { thinkingBudget: 500, thinkingLevel: "low" } }), /only one of thinking budget and thinking level/],
  ["18", "small budget, Claude", C, config({ maxOutputTokens: 9000, thinkingConfig: { includeThoughts: true, thinkingBudget: 1000 } }), /greater than or equal to 1024/],
  ["18", "budget over max, Claude", C, config({ maxOutputTokens: 2000, thinkingConfig: thinking }), /`max_tokens` must be greater than `thinking\.budget_tokens`/],
  ["18", "no budget, Claude", C, config({ thinkingConfig: { includeThoughts: true } }), /strict.*without thinkingBudget/],
  ["18", "budget 0 on 3", G3, config({ thinkingConfig: { thinkingBudget: 0 } }), /only works in thinking mode/],
  ["18", "budget range on 3", G3, config({ thinkingConfig: { thinkingBudget: 40_000 } }), /thinking budget 40000 is invalid. Please choose a value between 128 and 32768/],
  ["18", "budget range on Lite", "gemini-2.5-flash-lite", config({ thinkingConfig: { thinkingBudget: 100 } }), /between 512 and 24576/],
  ["18", "dynamic budget", G2, config({ thinkingConfig: { thinkingBudget: -1 } }), /invalid/],
  ["18", "level on 2.5", G2, config({ thinkingConfig: { thinkingLevel: "low" } }), /Thinking level is not supported/],
  ["18", "level of Pro", "gemini-3.1-pro-high", config({ thinkingConfig: { thinkingLevel: "minimal" } }), /Thinking level MINIMAL is not supported/],
  ["length", "Claude", C, { contents: [user(text("x".repeat(800_100)))] }, /^prompt is too long: 200025 tokens > 200000 maximum/],
  ["length", "Gemini", G3, { contents: [user(text("x".repeat(4_200_000)))] }, /^The input token count \(1050000\) exceeds the maximum number of tokens allowed \(1048576\)\./],
  ["11", "image model with tools", "gemini-3-pro-image", tool({}), /Tool use is not supported/],
];

function signatureIn(contents: readonly { readonly parts: readonly object[] }[]): string {
  const [part] = contents[1]?.parts ?? [];
  return part && "thoughtSignature" in part ? String(part.thoughtSignature) : "";
}

function deep(levels: number): object {
  let schema: object = { type: "string" };
  for (let level = 0; level < levels; level += 1) {
    schema = { type: "object", properties: { a: schema } };
  }
  return schema;
}

