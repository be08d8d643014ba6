/** Arbitrary answers of the backend: what it is known to send, and what it is not. For tests only. */
import fc from "fast-check";

const text = fc.oneof(
  fc.constantFrom("", " ", "Hello", "\ud83d", "\ude42", "This version of Antigravity is no longer", '{"a":1}'),
  fc.string({ unit: "grapheme" }),
);
const signature = fc.constantFrom("c2lnbmF0dXJlLUE=", "c2lnbmF0dXJlLUI=");
const signed = { thoughtSignature: signature, thought_signature: signature };

const call = fc.record(
  {
    id: fc.oneof(fc.constantFrom("toolu_vrtx_1", "not valid", ""), fc.jsonValue()),
    name: fc.constantFrom("Bash", "mcp_files_search"),
    args: fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), fc.constant(null)),
  },
  { requiredKeys: ["name"] },
);

const part = fc.oneof(
  { weight: 4, arbitrary: fc.record({ text, ...signed }, { requiredKeys: ["text"] }) },
  {
    weight: 3,
    arbitrary: fc.record(
      { text, thought: fc.constant(true), ...signed },
      { requiredKeys: ["text", "thought"] },
    ),
  },
  { weight: 2, arbitrary: fc.record({ functionCall: call, ...signed }, { requiredKeys: ["functionCall"] }) },
  fc.record({ inlineData: fc.record({ mimeType: fc.constant("image/png"), data: fc.constant("iVBO") }) }),
  fc.record({ executableCode: fc.record({ language: text, code: text }) }),
  fc.record({ codeExecutionResult: fc.record({ output: text }) }),
  fc.record({ functionCall: fc.jsonValue() }),
  fc.dictionary(fc.constantFrom("text", "thought", "inlineData", "thoughtSignature", "x"), fc.jsonValue()),
  fc.jsonValue(),
);

const count = fc.oneof(fc.nat(5000), fc.nat(5000).map(String), fc.jsonValue());
const usageMetadata = fc.oneof(
  fc.record(
    {
      promptTokenCount: count,
      candidatesTokenCount: count,
      totalTokenCount: count,
      cachedContentTokenCount: count,
      thoughtsTokenCount: count,
    },
    { requiredKeys: [] },
  ),
  fc.jsonValue(),
);

const groundingMetadata = fc.oneof(
  fc.record(
    {
      webSearchQueries: fc.array(fc.string()),
      groundingChunks: fc.constant([{ web: { uri: "https://a.example", title: "A" } }]),
      groundingSupports: fc.array(
        fc.record({
          segment: fc.record({ startIndex: fc.nat(20), endIndex: fc.nat(20) }),
          groundingChunkIndices: fc.constant([0]),
        }),
      ),
    },
    { requiredKeys: [] },
  ),
  fc.jsonValue(),
);

const candidate = fc.record(
  {
    content: fc.oneof(
      { weight: 9, arbitrary: fc.record({ parts: fc.array(part, { maxLength: 4 }) }) },
      fc.jsonValue(),
    ),
    finishReason: fc.oneof(
      fc.constantFrom("STOP", "OTHER", "MAX_TOKENS", "SAFETY", "MALFORMED_FUNCTION_CALL", "NEW"),
      fc.jsonValue(),
    ),
    finishMessage: fc.constant("because"),
    groundingMetadata,
  },
  { requiredKeys: ["content"] },
);

const response = fc.record(
  {
    candidates: fc.oneof(
      { weight: 9, arbitrary: fc.array(candidate, { minLength: 1, maxLength: 2 }) },
      fc.jsonValue(),
    ),
    usageMetadata,
    promptFeedback: fc.oneof(fc.record({ blockReason: fc.constant("SAFETY") }), fc.jsonValue()),
    responseId: fc.jsonValue(),
  },
  { requiredKeys: ["candidates"] },
);

/** The last event as it mostly is, so that many answers are complete. */
const goodEnd = fc.constant({
  response: {
    candidates: [{ content: { parts: [{ text: "" }] }, finishReason: "STOP" }],
    usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 5, totalTokenCount: 15 },
  },
});

const chunk = fc.oneof(
  { weight: 12, arbitrary: fc.record({ response }) },
  { weight: 2, arbitrary: response },
  { weight: 1, arbitrary: fc.array(fc.record({ response }), { maxLength: 2 }) },
  { weight: 1, arbitrary: fc.record({ error: fc.jsonValue() }) },
  { weight: 1, arbitrary: fc.jsonValue() },
);

/** The chunks of one answer. */
export const answers: fc.Arbitrary<readonly unknown[]> = fc
  .tuple(fc.array(chunk, { maxLength: 6 }), fc.option(goodEnd, { freq: 4, nil: undefined }))
  .map(([chunks, end]) => (end === undefined ? chunks : [...chunks, end]));
