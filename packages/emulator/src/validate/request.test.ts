import { afterAll, beforeAll, expect, test } from "vitest";
import accepted from "../__fixtures__/accepted-requests.json" with { type: "json" };
import {
  BREACHES,
  C,
  CLAUDE_SIGNATURE,
  G3,
  GEMINI_SIGNATURE,
  config,
  hello,
  property,
} from "../__fixtures__/breaches.ts";
import schemas from "../__fixtures__/schemas.json" with { type: "json" };
import { refusalOf, TestClient, verdictOf } from "../__fixtures__/test-client.ts";
import { startEmulator, type Emulator } from "../emulator.ts";

let emulator: Emulator;
let client: TestClient;

beforeAll(async () => {
  emulator = await startEmulator({ accounts: [{ project: "example-project-123" }] });
  client = new TestClient(emulator);
  emulator.registerSignature({
    signature: CLAUDE_SIGNATURE,
    family: "claude",
    text: "I need both files.",
  });
  emulator.registerSignature({ signature: GEMINI_SIGNATURE, family: "gemini" });
});

afterAll(async () => {
  await emulator.close();
});

test.each(Object.entries(accepted))("accepts fixture %s", async (_name, body) => {
  const answer = await client.stream(
    client.envelope(body.model, body.request, { requestType: body.requestType }),
  );
  expect(verdictOf(answer)).toBe("accepted");
  expect(answer.text).toContain('"finishReason":"');
});

test.each(schemas.map((item) => [item.name, item] as const))(
  "accepts sanitised schema: %s",
  async (_name, item) => {
    const models = item.family === undefined ? ["claude", "gemini"] : [item.family];
    for (const family of models) {
      const declaration = { name: "a", description: "b", parameters: item.output };
      const answer = await client.say(
        family === "claude" ? "claude-sonnet-4-6" : "gemini-3-flash",
        "Hi",
        {
          tools: [{ functionDeclarations: [declaration] }],
          toolConfig: { functionCallingConfig: { mode: "VALIDATED" } },
        },
      );
      expect(verdictOf(answer)).toBe("accepted");
    }
  },
);

// What a translator must turn into the outputs: sent as they came, they are refused.
test.each(
  schemas
    .filter((item) => !item.name.startsWith("empty"))
    .map((item) => [item.name, item.input] as const),
)("refuses raw schema: %s", async (_name, input) => {
  const answer = await client.say("gemini-3-flash", "Hi", {
    tools: [{ functionDeclarations: [{ name: "a", parameters: input }] }],
  });
  expect(answer.status).toBe(400);
});

test.each(BREACHES)(
  "refuses breach of row %s: %s (%s)",
  async (_row, _what, id, request, words) => {
    const answer = await client.stream(client.envelope(id, request));
    expect(answer.status).toBe(400);
    expect(refusalOf(answer)).toMatch(words);
    expect(emulator.requests.at(-1)?.refusal).toBeDefined();
  },
);

test.each<[string, object, number, RegExp]>([
  ["unknown envelope key", { messages: [] }, 400, /Unknown name "messages": Cannot find field/],
  ["empty project", { project: "" }, 400, /project/],
  [
    "foreign project",
    { project: "other" },
    403,
    /denied on resource '\/\/cloudaicompanion\.googleapis\.com\/projects\/other\//,
  ],
  ["empty model", { model: "" }, 400, /model/],
  ["unknown model", { model: "claude-3-opus" }, 404, /^Requested entity was not found\.$/],
  ["internal model", { model: "chat_20706" }, 404, /not found/],
  ["model with prefix", { model: "models/claude-sonnet-4-6" }, 404, /not found/],
  ["unknown request type", { requestType: "chat" }, 400, /requestType/],
])("refuses breach of row 2: %s", async (_what, more, status, words) => {
  const answer = await client.stream(client.envelope(C, { contents: hello }, more));
  expect(answer.status).toBe(status);
  expect(refusalOf(answer)).toMatch(words);
});

test("row 2: a request id works once", async () => {
  const body = client.envelope(C, { contents: hello });
  expect((await client.stream(body)).status).toBe(200);
  const again = await client.stream(body);
  expect(refusalOf(again)).toMatch(/requestId agent-test-\d+ was used before/);
});

test.each<[string, string, Record<string, string>, RegExp]>([
  ["content type", "{}", { "content-type": "text/plain" }, /content type "text\/plain"/],
  ["broken JSON", "{", {}, /Invalid JSON payload received/],
  ["no object", "[]", {}, /Root element must be a message/],
])("refuses breach of row 1: %s", async (_what, body, headers, words) => {
  const answer = await client.stream(body, headers);
  expect(answer.status).toBe(400);
  expect(refusalOf(answer)).toMatch(words);
});

test("refuses breach of row 1: invalid UTF-8", async () => {
  const answer = await client.stream(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]));
  expect(refusalOf(answer)).toMatch(/Invalid UTF-8/);
});

test("Claude's refusals are Anthropic errors inside the message, Gemini's plain", async () => {
  const claude = await client.stream(client.envelope(C, { contents: [] }));
  expect(claude.json.error).toMatchObject({ code: 400, status: "INVALID_ARGUMENT" });
  expect(JSON.parse(claude.json.error.message)).toMatchObject({
    type: "error",
    error: { type: "invalid_request_error" },
    request_id: expect.stringMatching(/^req_vrtx_/),
  });
  const gemini = await client.stream(client.envelope(G3, { contents: [] }));
  expect(gemini.json.error.message).toMatch(/^\* GenerateContentRequest/);
});

test("an unknown field names its path in BadRequest.fieldViolations", async () => {
  const answer = await client.stream(client.envelope(G3, property({ const: 1 })));
  expect(answer.json.error.details).toEqual([
    {
      "@type": "type.googleapis.com/google.rpc.BadRequest",
      fieldViolations: [
        {
          field: "request.tools[0].function_declarations[0].parameters.properties[0].value",
          description: expect.stringContaining('Unknown name "const"'),
        },
      ],
    },
  ]);
});

test("row 20: no token, secret or forbidden string in the body", async () => {
  const guarded = await startEmulator({ rules: { forbiddenInBody: ["sk-proxy-1"] } });
  try {
    const other = new TestClient(guarded);
    const { refreshToken } = guarded.account(other.email);
    const { clientSecret } = guarded.oauthClient;
    for (const secret of ["sk-proxy-1", other.token, refreshToken, clientSecret]) {
      const refusal = refusalOf(await other.say(C, `It is ${secret}.`));
      expect(refusal).toMatch(/holds a secret/);
      expect(refusal).not.toContain(secret);
    }
    expect(verdictOf(await other.say(C, "It is none."))).toBe("accepted");
  } finally {
    await guarded.close();
  }
});

test("without strict mode the rules that only §14 knows are off", async () => {
  const lenient = await startEmulator({ rules: { strict: false } });
  try {
    const other = new TestClient(lenient);
    const body = other.envelope(G3, config({ candidateCount: 2 }));
    expect((await other.stream(body)).status).toBe(200);
    expect((await other.stream(body)).status).toBe(200);
  } finally {
    await lenient.close();
  }
});
