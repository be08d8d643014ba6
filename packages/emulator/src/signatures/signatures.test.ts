import { afterAll, beforeAll, expect, test } from "vitest";
import {
  callsOf,
  declare,
  partsOf,
  refusalOf,
  replay,
  TestClient,
  verdictOf,
  type TestAnswer,
} from "../__fixtures__/test-client.ts";
import { startEmulator, type Emulator } from "../emulator.ts";

const OPUS = "claude-opus-4-6-thinking";
const SONNET = "claude-sonnet-4-6";
const PRO = "gemini-3.1-pro-high";
const OLD = "gemini-2.5-flash";
const thinking = {
  maxOutputTokens: 9000,
  thinkingConfig: { includeThoughts: true, thinkingBudget: 2000 },
};

let emulator: Emulator;
let client: TestClient;

beforeAll(async () => {
  emulator = await startEmulator({ accounts: [{}, {}] });
  client = new TestClient(emulator);
});

afterAll(async () => {
  await emulator.close();
});

const PROMPT = '[[call Read {"path":"a"}]][[call Read {"path":"b"}]]';
const prompt = { role: "user", parts: [{ text: PROMPT }] };

/** The function responses to all calls of an answer. */
function results(answer: TestAnswer): object {
  const parts = callsOf(answer).map(({ functionCall }) => ({
    functionResponse: {
      ...(functionCall?.id && { id: functionCall.id }),
      name: functionCall?.name,
      response: { result: "content" },
    },
  }));
  return { role: "user", parts };
}

function ask(model: string, contents: readonly object[], who = client): Promise<TestAnswer> {
  const generationConfig = model === OLD ? {} : thinking;
  return who.stream(who.envelope(model, { contents, ...declare("Read"), generationConfig }));
}

test("Claude signs a thought in an own part, with at least 100 characters", async () => {
  const answer = await ask(OPUS, [prompt]);
  const thoughts = partsOf(answer).filter((part) => part.thought);
  expect(thoughts.length).toBeGreaterThan(2);
  expect(thoughts.at(-1)).toMatchObject({ text: "" });
  expect(thoughts.at(-1)?.thoughtSignature).toMatch(/^R[A-Za-z0-9+/]{99,}={0,2}$/);
  expect(thoughts.slice(0, -1).every((part) => part.thoughtSignature === undefined)).toBe(true);
});

test("Gemini signs the first of parallel calls and no other, or the empty tail of a text", async () => {
  const answer = await ask(PRO, [prompt]);
  const [first, second] = callsOf(answer);
  expect(first?.thoughtSignature).toMatch(/^[A-Za-z0-9+/]{100,}={0,2}$/);
  expect(second).not.toHaveProperty("thoughtSignature");
  const spoken = await client.say(PRO, "Hello");
  expect(partsOf(spoken).at(-1)).toMatchObject({
    text: "",
    thoughtSignature: expect.stringMatching(/.{100,}/),
  });
});

test.each([OPUS, PRO, OLD])("%s accepts its own history back", async (model) => {
  const answer = await ask(model, [prompt]);
  const second = await ask(model, [prompt, replay(answer), results(answer)]);
  expect(verdictOf(second)).toBe("accepted");
});

test("a signature of another Claude model, and on another account, is accepted", async () => {
  const answer = await ask(OPUS, [prompt]);
  const contents = [prompt, replay(answer), results(answer)];
  expect((await ask(SONNET, contents)).status).toBe(200);
  const other = new TestClient(emulator, "account2@example.test");
  expect((await ask(OPUS, contents, other)).status).toBe(200);
});

test("Gemini's signatures can be bound to the account", async () => {
  const strict = await startEmulator({
    accounts: [{}, {}],
    rules: { geminiSignaturesBoundToAccount: true },
  });
  try {
    const [mine, other] = strict.accounts.map((account) => new TestClient(strict, account.email));
    const answer = await ask(PRO, [prompt], mine);
    const contents = [prompt, replay(answer), results(answer)];
    expect((await ask(PRO, contents, mine)).status).toBe(200);
    expect(refusalOf(await ask(PRO, contents, other))).toBe("Corrupted thought signature.");
  } finally {
    await strict.close();
  }
});

test.each<[string, (signature: string) => string]>([
  [
    "one character",
    (signature) =>
      `${signature.slice(0, 40)}${signature[40] === "A" ? "B" : "A"}${signature.slice(41)}`,
  ],
  ["its length", (signature) => signature.slice(0, -4)],
  [
    "its coding",
    (signature) =>
      signature.startsWith("R")
        ? Buffer.from(signature, "base64").toString("latin1")
        : Buffer.from(signature).toString("base64"),
  ],
])("a signature altered in %s is refused by both families", async (_what, alter) => {
  const answer = await ask(OPUS, [prompt]);
  const altered = JSON.parse(
    JSON.stringify([prompt, replay(answer), results(answer)]),
    (key, value: unknown) => (key === "thoughtSignature" ? alter(String(value)) : value),
  ) as object[];
  expect(refusalOf(await ask(OPUS, altered))).toMatch(
    /^messages\.1\.content\.0: Invalid `signature` in `thinking` block$/,
  );
  const gemini = await ask(PRO, [prompt]);
  const alteredGemini = JSON.parse(
    JSON.stringify([prompt, replay(gemini), results(gemini)]),
    (key, value: unknown) => (key === "thoughtSignature" ? alter(String(value)) : value),
  ) as object[];
  expect(refusalOf(await ask(PRO, alteredGemini))).toBe("Corrupted thought signature.");
});

test("a signature of another emulator is foreign", async () => {
  const other = await startEmulator();
  try {
    const answer = await ask(OPUS, [prompt], new TestClient(other));
    const refusal = await ask(OPUS, [prompt, replay(answer), results(answer)]);
    expect(refusalOf(refusal)).toMatch(/Invalid `signature`/);
  } finally {
    await other.close();
  }
});

test("thoughts that were joined, split or trimmed are refused", async () => {
  const answer = await ask(OPUS, [
    { role: "user", parts: [{ text: `[[think One. ]][[text so]][[think Two.]]${PROMPT}` }] },
  ]);
  const good = replay(answer);
  const parts = good.parts as { thought?: boolean; text?: string; thoughtSignature?: string }[];
  expect(parts.map((part) => (part.thought ? "thought" : "other"))).toEqual([
    "thought",
    "other",
    "thought",
    "other",
    "other",
  ]);
  const [first, , third] = parts;
  const joined = [{ ...first, text: `${first?.text}${third?.text}` }, ...parts.slice(3)];
  const longer = [{ ...first, text: `${first?.text} ` }, ...parts.slice(1)];
  for (const changed of [joined, longer]) {
    const contents = [prompt, { role: "model", parts: changed }, results(answer)];
    expect(refusalOf(await ask(OPUS, contents))).toMatch(/cannot be modified/);
  }
  const split = parts.flatMap((part): object[] =>
    part.thought
      ? [
          { thought: true, text: part.text?.slice(0, 2) },
          { ...part, text: part.text?.slice(2) },
        ]
      : [part],
  );
  const contents = [prompt, { role: "model", parts: split }, results(answer)];
  expect(refusalOf(await ask(OPUS, contents))).toMatch(/thinking\.signature: Field required/);
});

test("Claude's loop needs its thought only while thinking is on, and only in the current turn", async () => {
  const answer = await ask(OPUS, [prompt]);
  const withoutThought = {
    role: "model",
    parts: (replay(answer).parts as { thought?: boolean }[]).filter((part) => !part.thought),
  };
  const contents = [prompt, withoutThought, results(answer)];
  expect(refusalOf(await ask(OPUS, contents))).toMatch(/Expected `thinking`.*found `tool_use`/);

  const plain = client.envelope(OPUS, { contents, ...declare("Read") });
  expect((await client.stream(plain)).status).toBe(200);

  const nextTurn = [
    ...contents,
    { role: "model", parts: [{ text: "Done." }] },
    { role: "user", parts: [{ text: "Thanks" }] },
  ];
  expect((await ask(OPUS, nextTurn)).status).toBe(200);
});

test("a reminder beside function responses does not begin a new turn", async () => {
  const answer = await ask(PRO, [prompt]);
  const unsigned = {
    role: "model",
    parts: callsOf(answer).map(({ functionCall }) => ({ functionCall })),
  };
  const reminder = { text: "<system-reminder>Be quick.</system-reminder>" };
  const { parts } = results(answer) as { parts: object[] };
  const contents = [prompt, unsigned, { role: "user", parts: [...parts, reminder] }];
  expect(refusalOf(await ask(PRO, contents))).toMatch(/missing a thought_signature/);
});

test("the sentinel stands in for a lost signature on Gemini 3", async () => {
  const answer = await ask(PRO, [prompt]);
  const [first, ...rest] = callsOf(answer).map(({ functionCall }) => ({ functionCall }));
  const sentinel = { ...first, thoughtSignature: "skip_thought_signature_validator" };
  const contents = [prompt, { role: "model", parts: [sentinel, ...rest] }, results(answer)];
  expect((await ask(PRO, contents)).status).toBe(200);
});

test("Gemini's signature belongs to its call: on a text or another function it is not valid", async () => {
  const answer = await ask(PRO, [prompt]);
  const signature = callsOf(answer)[0]?.thoughtSignature ?? "";
  const onText = [
    prompt,
    { role: "model", parts: [{ text: "a", thoughtSignature: signature }] },
    prompt,
  ];
  expect(refusalOf(await ask(PRO, onText))).toBe("Thought signature is not valid.");
  const other = { functionCall: { name: "Write", args: {} }, thoughtSignature: signature };
  const response = { functionResponse: { name: "Write", response: {} } };
  const onOther = [prompt, { role: "model", parts: [other] }, { role: "user", parts: [response] }];
  expect(refusalOf(await ask(PRO, onOther))).toBe("Thought signature is not valid.");
});

test("the same seed signs the same way", async () => {
  const [one, two] = await Promise.all([
    startEmulator({ seed: "x" }),
    startEmulator({ seed: "x" }),
  ]);
  try {
    const answers = await Promise.all(
      [one, two].map((each) => ask(OPUS, [prompt], new TestClient(each))),
    );
    expect(answers[0]?.text).toBe(answers[1]?.text);
  } finally {
    await Promise.all([one.close(), two.close()]);
  }
});
