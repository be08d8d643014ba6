import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { post, request, stream } from "../support/client.ts";
import { startWorld, type World } from "../support/world.ts";

let world: World;
beforeEach(async () => {
  world = await startWorld({
    accounts: 2,
    env: { MAX_WAIT: "2", FIRST_BYTE_TIMEOUT: "3", IDLE_TIMEOUT: "1" },
  });
});
afterEach(() => world.close());

const faulty = (fault: string, times: number) =>
  request({ messages: [{ role: "user", content: `Hello [[fault ${fault} times=${times}]]` }] });
const errorOf = (body: Record<string, unknown>) =>
  body["error"] as { type: string; message: string };

describe("a fault that strikes once is invisible", () => {
  test.each([
    "reset-before-headers",
    "reset-after-headers",
    "reset-mid-event",
    "reset-mid-utf8",
    "truncated-json",
    "stall",
    "no-events",
    "empty",
    "no-candidates",
    "malformed-function-call",
    "error-first",
    "html-answer",
    "429-quota",
    "429-rate-ms",
    "429-capacity",
    "429-bare",
    "401-expired",
    "403-validation",
    "403-service-disabled",
    "403-plain",
    "404-model",
    "500-internal",
    "502-html",
    "503-unavailable",
    "504-deadline",
    "529-overloaded",
  ])("%s", async (fault) => {
    const answer = await post(world.url, faulty(fault, 1));
    expect(answer.body).toMatchObject({ type: "message", stop_reason: "end_turn" });
  });
});

describe("a fault that stays is an honest error", () => {
  test.each([
    ["500-internal", 500, "api_error"],
    ["503-unavailable", 529, "overloaded_error"],
    ["503-capacity", 529, "overloaded_error"],
    ["429-quota", 429, "rate_limit_error"],
    ["429-bare", 429, "rate_limit_error"],
    ["403-validation", 503, "api_error"],
    ["403-banned", 503, "api_error"],
    ["404-model", 404, "not_found_error"],
    ["400-invalid-argument", 400, "invalid_request_error"],
    ["400-claude", 400, "invalid_request_error"],
    ["413-html", 413, "request_too_large"],
    ["malformed-function-call", 500, "api_error"],
    ["empty", 500, "api_error"],
    ["html-answer", 500, "api_error"],
    ["client-gate", 400, "invalid_request_error"],
    ["reset-before-headers", 503, "api_error"],
  ])("%s is %i %s", async (fault, status, type) => {
    const answer = await post(world.url, faulty(fault, 99));
    expect([answer.status, errorOf(answer.body).type]).toEqual([status, type]);
    expect(JSON.stringify(answer.body)).not.toMatch(/@example\.test|accounts\.google\.com\/signin/);
  });

  test("a prompt that is too long comes back in the words that make Claude Code compact", async () => {
    const answer = await post(world.url, faulty("400-gemini-too-long", 99));
    expect(answer.status).toBe(400);
    expect(errorOf(answer.body).message).toMatch(/^prompt is too long: \d+ tokens > \d+ maximum$/);
  });

  test("P36: a long limit is said at once, with retry-after and the next step", async () => {
    const answer = await post(world.url, faulty("429-quota", 99));
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(60);
    expect(answer.headers.get("x-should-retry")).toBe("false");
    expect(errorOf(answer.body).message).toMatch(/claude-sonnet-4-6 is limited.*agp accounts list/);
  });
});

test("a suspension is not replayed on another account, and freezes this one", async () => {
  await post(world.url, faulty("403-banned", 99));
  const calls = world.emulator.requests.filter(({ rpc }) => rpc === "streamGenerateContent");
  expect(new Set(calls.map(({ email }) => email)).size).toBe(1);
  const limits = await (await fetch(`${world.url}/account-limits`)).json();
  expect(JSON.stringify(limits)).toContain('"state":"frozen"');
});

test("P38: an account whose login was revoked is marked, skipped, and says what to do", async () => {
  const stuck = await post(world.url, request());
  expect(stuck.status).toBe(200);
  const first = world.emulator.requests.findLast(
    ({ rpc }) => rpc === "streamGenerateContent",
  )?.email;
  world.emulator.revoke(first ?? "");
  expect((await post(world.url, request())).status).toBe(200);
  const body = (await (await fetch(`${world.url}/account-limits`)).json()) as {
    accounts: { email: string; state: string; reason?: string }[];
  };
  const account = body.accounts.find(({ email }) => email === first);
  expect(account).toMatchObject({
    state: "invalid",
    reason: expect.stringContaining("agp accounts add"),
  });
});

test("a stream that is cut behind text ends in an error event, never normally", async () => {
  const events = await stream(world.url, faulty("error-in-stream", 99));
  expect(events.at(-1)).toMatchObject({ type: "error", error: { type: "overloaded_error" } });
  expect(events.some(({ type }) => type === "message_stop")).toBe(false);
});

test("no account: 503 that no client retries, with the command that adds one", async () => {
  const empty = await startWorld({ accounts: 0 });
  try {
    const answer = await post(empty.url, request());
    expect(answer.status).toBe(503);
    expect(answer.headers.get("x-should-retry")).toBe("false");
    expect(errorOf(answer.body).message).toMatch(/agp accounts add/);
    const health = (await (await fetch(`${empty.url}/health`)).json()) as { status: string };
    expect(health.status).toBe("degraded");
  } finally {
    await empty.close();
  }
});

test("a client that goes away cancels the upstream call", async () => {
  const abort = new AbortController();
  const answer = fetch(`${world.url}/v1/messages`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(request({ messages: [{ role: "user", content: "Wait [[gate never]]" }] })),
    signal: abort.signal,
  }).catch(() => undefined);
  await world.emulator.waitFor((event) => event.type === "gate" && event.name === "never");
  abort.abort();
  const { request: aborted } = await world.emulator.waitFor((event) => event.type === "aborted");
  expect(aborted.rpc).toBe("streamGenerateContent");
  await answer;
});
