import { afterEach, beforeEach, expect, test } from "vitest";
import catalogue from "../__fixtures__/fetch-available-models.json" with { type: "json" };
import loadCases from "../__fixtures__/load-code-assist.json" with { type: "json" };
import onboarding from "../__fixtures__/onboard-user.json" with { type: "json" };
import quotaCases from "../__fixtures__/quota-and-count.json" with { type: "json" };
import { refusalOf, send, TestClient } from "../__fixtures__/test-client.ts";
import type { AccountOptions } from "../accounts/account.ts";
import { startEmulator, type Emulator } from "../emulator.ts";

const METADATA = { metadata: loadCases[0]?.request?.metadata };
let emulator: Emulator;
const now = Date.UTC(2026, 4, 24, 15);

beforeEach(async () => {
  emulator = await startEmulator({ now: () => now });
});

afterEach(async () => {
  await emulator.close();
});

function clientOf(options: AccountOptions): TestClient {
  return new TestClient(emulator, emulator.addAccount(options).email);
}

test.each<[string, AccountOptions]>([
  ["ready, project as string", { project: "example-project-123" }],
  [
    "project as object, paid",
    { project: "example-project-456", projectForm: "object", tier: "g1-pro-tier" },
  ],
  ["not onboarded", { onboarded: false }],
  ["validation", { condition: "validation" }],
  ["location", { condition: "location" }],
])("loadCodeAssist answers as fixture: %s", async (name, options) => {
  const expected = loadCases.find((item) => item.name === name)?.response ?? {};
  const answer = await clientOf(options).call("loadCodeAssist", METADATA);
  const normal = JSON.parse(answer.text.replace("EMULATED", "EXAMPLE"));
  // A paid or refused account's answer may say more.
  expect(normal).toMatchObject(expected);
});

test("loadCodeAssist wants metadata of known enums, and no unknown field", async () => {
  const client = new TestClient(emulator);
  expect(refusalOf(await client.call("loadCodeAssist", {}))).toBe("metadata is required");
  const wrong = { metadata: { ideType: "EMACS" } };
  expect(refusalOf(await client.call("loadCodeAssist", wrong))).toMatch(/metadata\.ide_type/);
  const numbers = { metadata: { ideType: 9, platform: 3, pluginType: 2 }, mode: 1 };
  expect((await client.call("loadCodeAssist", numbers)).status).toBe(200);
  const unknown = { ...METADATA, machineId: "x" };
  expect(refusalOf(await client.call("loadCodeAssist", unknown))).toMatch(
    /"machineId": Cannot find/,
  );
});

test("asked for as Gemini Code Assist, an account gets a project without a licence", async () => {
  const client = new TestClient(emulator);
  const loaded = await client.call("loadCodeAssist", { metadata: { ideType: "IDE_UNSPECIFIED" } });
  const project = loaded.json.cloudaicompanionProject as string;
  const contents = [{ role: "user", parts: [{ text: "Hi" }] }];
  const answer = await client.stream(client.envelope("gemini-3-flash", { contents }, { project }));
  expect(answer.json.error.details[0].reason).toBe("SUBSCRIPTION_REQUIRED");
});

test("onboarding: pending by POST and GET, then done, then loadCodeAssist knows the project", async () => {
  const client = clientOf({ onboarded: false, project: "example-project-123" });
  const first = await client.call("onboardUser", onboarding.request);
  expect(first.json).toEqual({ name: first.json.name, done: false });
  expect(first.json.name).toMatch(/^operations\/[0-9a-f]{16}$/);
  const operation = `${emulator.url}/v1internal/${first.json.name}`;
  const authorization = `Bearer ${client.token}`;
  const polled = await send(operation, "GET", undefined, { authorization });
  expect(polled.json).toEqual({ name: first.json.name });
  const again = await client.call("onboardUser", onboarding.request);
  const expected = onboarding.responses[2]?.response;
  expect(again.json).toMatchObject({
    name: first.json.name,
    done: true,
    response: {
      "@type": expected?.["@type"],
      cloudaicompanionProject: { id: "example-project-123", name: "example-project-123" },
    },
  });
  const loaded = await client.call("loadCodeAssist", METADATA);
  expect(loaded.json.cloudaicompanionProject).toBe("example-project-123");
  const stranger = { authorization: `Bearer ${new TestClient(emulator).token}` };
  expect((await send(operation, "GET", undefined, stranger)).status).toBe(404);
});

test.each<[string, object, RegExp, string]>([
  ["no tier", { ...METADATA }, /tier_id is required/, "INVALID_ARGUMENT"],
  ["paid tier", { ...METADATA, tierId: "g1-pro-tier" }, /Invalid tier/, "INVALID_ARGUMENT"],
  ["no metadata", { tierId: "free-tier" }, /metadata is required/, "INVALID_ARGUMENT"],
  [
    "project for the free tier",
    { ...METADATA, tierId: "free-tier", cloudaicompanionProject: "p" },
    /Precondition check failed/,
    "FAILED_PRECONDITION",
  ],
])("onboardUser refuses: %s", async (_what, body, words, status) => {
  const answer = await new TestClient(emulator).call("onboardUser", body);
  expect(refusalOf(answer)).toMatch(words);
  expect(answer.json.error.status).toBe(status);
});

test("fetchAvailableModels has the fixture's fields, and leaves out a fraction of zero", async () => {
  const client = new TestClient(emulator);
  const { project } = emulator.account(client.email);
  emulator.setQuota(client.email, "claude-sonnet-4-6", {
    remainingFraction: 0.7015,
    resetAt: Date.UTC(2026, 4, 24, 20),
  });
  emulator.setQuota(client.email, "gemini", {
    remainingFraction: 0,
    resetAt: Date.UTC(2026, 4, 24, 18, 30),
  });
  const answer = await client.call("fetchAvailableModels", { project });
  const { models } = answer.json;
  const expected = catalogue.response.models;
  expect(models["claude-sonnet-4-6"].quotaInfo).toEqual(expected["claude-sonnet-4-6"].quotaInfo);
  expect(models["gemini-3.1-pro-high"].quotaInfo).toEqual(
    expected["gemini-3.1-pro-high"].quotaInfo,
  );
  for (const field of [
    "supportsThinking",
    "thinkingBudget",
    "minThinkingBudget",
    "maxTokens",
    "maxOutputTokens",
  ] as const) {
    expect(models["claude-sonnet-4-6"][field]).toBe(expected["claude-sonnet-4-6"][field]);
  }
  expect(models.chat_20706).toMatchObject({ isInternal: true });
  expect(Object.keys(answer.json)).toEqual(expect.arrayContaining(Object.keys(catalogue.response)));
});

test("without a project the figures are wrong, with a foreign one it is a 403", async () => {
  const client = new TestClient(emulator);
  emulator.setQuota(client.email, "3p", { remainingFraction: 0.2 });
  const blind = await client.call("fetchAvailableModels", {});
  expect(blind.json.models["claude-sonnet-4-6"].quotaInfo.remainingFraction).toBe(1);
  expect((await client.call("fetchAvailableModels", { project: "other" })).status).toBe(403);
});

test("an account sees only its models", async () => {
  const client = clientOf({ hiddenModels: ["claude-opus-4-6-thinking"] });
  const listed = await client.call("fetchAvailableModels", {});
  expect(listed.json.models).not.toHaveProperty("claude-opus-4-6-thinking");
  expect((await client.say("claude-opus-4-6-thinking", "Hi")).status).toBe(404);
});

test("the quota summary shows a spent week beside a full 5-hour window, as fixture 73", async () => {
  const client = new TestClient(emulator);
  const { project } = emulator.account(client.email);
  emulator.setQuota(client.email, "3p", {
    window: "weekly",
    remainingFraction: 0,
    resetAt: Date.parse("2026-05-27T16:32:54Z"),
  });
  const answer = await client.call("retrieveUserQuotaSummary", { project });
  const [weekly, fiveHours] = answer.json.groups[1].buckets;
  const expected = quotaCases.retrieveUserQuotaSummary.response.groups[1];
  expect(answer.json.groups[1].displayName).toBe(expected?.displayName);
  expect(weekly).toEqual(expected?.buckets[0]);
  expect(fiveHours).toMatchObject({ bucketId: "3p-5h", remainingFraction: 1 });
  const old = await client.call("retrieveUserQuota", { project });
  expect(old.json.buckets[0]).toMatchObject({ tokenType: "REQUESTS", remainingFraction: 1 });
});

test("countTokens counts contents of Gemini models", async () => {
  const client = new TestClient(emulator);
  const { request, response } = quotaCases.countTokens;
  expect((await client.call("countTokens", request)).json).toEqual(response);
  const more = { ...request, project: "p" };
  expect(refusalOf(await client.call("countTokens", more))).toMatch(/"project": Cannot find field/);
  const bare = { request: { ...request.request, model: "gemini-3-flash" } };
  expect((await client.call("countTokens", bare)).status).toBe(400);
  const claude = { request: { ...request.request, model: "models/claude-sonnet-4-6" } };
  expect((await client.call("countTokens", claude)).status).toBe(404);
});

test.each(["nope", "toString", "loadcodeassist", "generateContent/"])(
  "an unknown method is a 404: %s",
  async (method) => {
    expect((await new TestClient(emulator).call(method, {})).status).toBe(404);
  },
);

test.each<[AccountOptions["condition"] & string, number, string]>([
  ["validation", 403, "VALIDATION_REQUIRED"],
  ["banned", 403, "TOS_VIOLATION"],
  ["license", 403, "SUBSCRIPTION_REQUIRED"],
  ["denied", 403, "none"],
  ["location", 400, "none"],
])("an account in condition %s cannot generate", async (condition, status, reason) => {
  const answer = await clientOf({ condition }).say("gemini-3-flash", "Hi");
  expect(answer.status).toBe(status);
  expect(answer.json.error.details?.[0].reason ?? "none").toBe(reason);
});

test("x-goog-user-project makes Google check that project", async () => {
  const client = new TestClient(emulator);
  const contents = [{ role: "user", parts: [{ text: "Hi" }] }];
  const body = client.envelope("gemini-3-flash", { contents });
  const answer = await client.stream(body, { "x-goog-user-project": "p" });
  expect(answer.json.error.details[0].reason).toBe("SERVICE_DISABLED");
});

test("the two endpoints share accounts and are told apart in the journal", async () => {
  const client = new TestClient(emulator);
  const authorization = `Bearer ${client.token}`;
  const url = `${emulator.urls.prod}/v1internal:loadCodeAssist`;
  const headers = { authorization, "content-type": "application/json" };
  expect((await send(url, "POST", JSON.stringify(METADATA), headers)).status).toBe(200);
  expect(emulator.requests.at(-1)).toMatchObject({ endpoint: "prod", rpc: "loadCodeAssist" });
  await client.call("loadCodeAssist", METADATA);
  expect(emulator.requests.at(-1)).toMatchObject({ endpoint: "daily", email: client.email });
});

test("the environment points a server at the emulator", () => {
  expect(emulator.environment).toMatchObject({
    CLOUD_CODE_ENDPOINTS: `${emulator.urls.daily},${emulator.urls.prod}`,
    GOOGLE_OAUTH_TOKEN_URL: `${emulator.urls.daily}/token`,
  });
});
