import { afterEach, beforeEach, expect, test } from "vitest";
import { eventsOf, TestClient, type TestAnswer } from "../__fixtures__/test-client.ts";
import { startEmulator, type Emulator } from "../emulator.ts";
import { goDuration, protoDuration, timestamp } from "./durations.ts";

const EMAIL = "account1@example.test";
const HOUR = 3_600_000;
const C = "claude-sonnet-4-6";
const G = "gemini-3-flash";
let emulator: Emulator;
let client: TestClient;
let now = Date.UTC(2026, 4, 24, 12);

beforeEach(async () => {
  emulator = await startEmulator({ now: () => now, windowRequests: 4, accounts: [{}, {}] });
  client = new TestClient(emulator);
});

afterEach(async () => {
  await emulator.close();
});

async function fraction(model: string, email = EMAIL): Promise<unknown> {
  const caller = new TestClient(emulator, email);
  const { project } = emulator.account(email);
  const answer = await caller.call("fetchAvailableModels", { project });
  return answer.json.models[model].quotaInfo;
}

test("each request takes its share from the pool of its model, on its account alone", async () => {
  await client.say(C, "one");
  expect(await fraction(C)).toMatchObject({ remainingFraction: 0.75 });
  expect(await fraction("claude-opus-4-6-thinking")).toMatchObject({ remainingFraction: 0.75 });
  expect(await fraction("gpt-oss-120b-medium")).toMatchObject({ remainingFraction: 0.75 });
  expect(await fraction(G)).toMatchObject({ remainingFraction: 1 });
  expect(await fraction(C, "account2@example.test")).toMatchObject({ remainingFraction: 1 });
});

test("refused requests cost nothing", async () => {
  await client.stream(client.envelope(C, { contents: [] }));
  expect(await fraction(C)).toMatchObject({ remainingFraction: 1 });
});

test("a used-up window is a 429 with every detail until its reset", async () => {
  for (let count = 0; count < 4; count += 1) expect((await client.say(C, "Hi")).status).toBe(200);
  now += HOUR;
  client = new TestClient(emulator);
  const answer = await client.say(C, "Hi");
  expect(answer.status).toBe(429);
  expect(answer.json.error).toMatchObject({
    code: 429,
    status: "RESOURCE_EXHAUSTED",
    message: "You have exhausted your capacity on this model. Your quota will reset after 4h0m0s.",
    details: [
      {
        reason: "QUOTA_EXHAUSTED",
        domain: "cloudcode-pa.googleapis.com",
        metadata: {
          model: C,
          quotaResetDelay: "4h0m0s",
          quotaResetTimeStamp: timestamp(now + 4 * HOUR),
        },
      },
      { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "14400s" },
    ],
  });
  expect(await fraction(C)).not.toHaveProperty("remainingFraction");
  expect((await client.say(G, "Hi")).status).toBe(200);
  now += 4 * HOUR;
  client = new TestClient(emulator);
  expect((await client.say(C, "Hi")).status).toBe(200);
});

test("a spent week refuses for days while the 5-hour figure is healthy", async () => {
  emulator.setQuota(EMAIL, C, {
    window: "weekly",
    remainingFraction: 0,
    resetAt: now + 71 * HOUR + 15 * 60_000 + 27_000,
  });
  expect(await fraction(C)).toMatchObject({ remainingFraction: 1 });
  const answer = await client.say(C, "Hi");
  expect(answer.json.error.message).toBe(
    "Individual quota reached. Contact your administrator to enable overages. Resets in 71h15m27s.",
  );
});

test("a full pool's reset time moves with the clock", async () => {
  const before = await fraction(C);
  now += HOUR;
  expect(await fraction(C)).not.toEqual(before);
  expect(await fraction(C)).toEqual({
    remainingFraction: 1,
    resetTime: timestamp(now + 5 * HOUR),
  });
});

test("a quota of nobody or nothing is a mistake of the test", () => {
  expect(() => emulator.setQuota("x@y.z", C, { remainingFraction: 0 })).toThrow(/no account x@y.z/);
  expect(() => emulator.setQuota(EMAIL, "claude-9", { remainingFraction: 0 })).toThrow(/claude-9/);
});

test.each([
  [754, "754ms", "0.754s"],
  [42_000, "42s", "42s"],
  [300_000, "5m0s", "300s"],
  [7_830_500, "2h10m30.5s", "7830.5s"],
])("%i ms is %s or %s", (ms, go, proto) => {
  expect(goDuration(ms)).toBe(go);
  expect(protoDuration(ms)).toBe(proto);
});

// The prompt cache

const SYSTEM = { systemInstruction: { parts: [{ text: "s".repeat(5000) }] } };
const first = { role: "user", parts: [{ text: "Hello" }] };

function cached(answer: TestAnswer): unknown {
  return eventsOf(answer).at(-1)?.response?.usageMetadata?.cachedContentTokenCount;
}

function turn(contents: object[], more: object = {}, who = client, model = C): Promise<TestAnswer> {
  return who.stream(who.envelope(model, { contents, ...SYSTEM, sessionId: "-1", ...more }));
}

test("the second turn of a session finds the first one's prompt in the cache", async () => {
  emulator.setQuota(EMAIL, C, { remainingFraction: 100 });
  expect(cached(await turn([first]))).toBeUndefined();
  const next = [
    first,
    { role: "model", parts: [{ text: "Hi" }] },
    { role: "user", parts: [{ text: "And?" }] },
  ];
  const answer = await turn(next);
  expect(cached(answer)).toBe(1252);
  const usage = eventsOf(answer).at(-1)?.response?.usageMetadata;
  expect(usage?.promptTokenCount).toBe(1254);
});

test.each<[string, object, string?]>([
  ["another session", { sessionId: "-2" }],
  ["no session", { sessionId: undefined }],
  ["another system prompt", { systemInstruction: { parts: [{ text: `t${"s".repeat(4999)}` }] } }],
  ["another model", {}, "claude-opus-4-6-thinking"],
])("nothing is cached with %s", async (_what, more, model = C) => {
  await turn([first]);
  expect(cached(await turn([first], more, client, model))).toBeUndefined();
});

test("another account has its own cache", async () => {
  await turn([first]);
  const other = new TestClient(emulator, "account2@example.test");
  expect(cached(await turn([first], {}, other))).toBeUndefined();
});

test("a prefix under 1024 tokens is not cached", async () => {
  const more = { systemInstruction: { parts: [{ text: "s".repeat(4000) }] } };
  await turn([first], more);
  expect(cached(await turn([first], more))).toBeUndefined();
});

test("a changed byte ends the prefix", async () => {
  const contents = [first, { role: "model", parts: [{ text: "m".repeat(8000) }] }, first];
  await turn(contents);
  const changed = [{ role: "user", parts: [{ text: "hello" }] }, ...contents.slice(1)];
  expect(cached(await turn(changed))).toBe(1250);
  expect(cached(await turn(changed))).toBe(1250 + 2 + 2000 + 2);
});
