import { createHash } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import fixture from "../__fixtures__/oauth.json" with { type: "json" };
import { form, send, TestClient, type TestAnswer } from "../__fixtures__/test-client.ts";
import { startEmulator, type Emulator } from "../emulator.ts";

const EMAIL = "account1@example.test";
const REDIRECT = "http://localhost:51121/oauth-callback";
let emulator: Emulator;
let now = Date.UTC(2026, 4, 24);

beforeEach(async () => {
  emulator = await startEmulator({ now: () => now });
});

afterEach(async () => {
  await emulator.close();
});

const FORM = { "content-type": "application/x-www-form-urlencoded" };

function post(fields: Record<string, string>, url = emulator.urls.token): Promise<TestAnswer> {
  return send(url, "POST", form(fields), FORM);
}

function client(): { client_id: string; client_secret: string } {
  const { clientId, clientSecret } = emulator.oauthClient;
  return { client_id: clientId, client_secret: clientSecret };
}

function refresh(token: string): Promise<TestAnswer> {
  return post({ grant_type: "refresh_token", refresh_token: token, ...client() });
}

/** Opens the consent screen with the fixture's parameters, some of them changed. */
async function authorize(changes: Record<string, string> = {}): Promise<URL | TestAnswer> {
  const parameters = {
    ...fixture.authorizeParameters,
    client_id: emulator.oauthClient.clientId,
    ...changes,
  };
  const answer = await send(`${emulator.urls.authorize}?${form(parameters)}`, "GET", undefined);
  return answer.status === 302 ? new URL(String(answer.headers.location)) : answer;
}

async function codeFor(changes: Record<string, string> = {}): Promise<string> {
  const callback = await authorize(changes);
  if (!(callback instanceof URL)) throw new Error(callback.text);
  return callback.searchParams.get("code") ?? "";
}

function exchange(code: string, changes: Record<string, string> = {}): Promise<TestAnswer> {
  return post({
    grant_type: "authorization_code",
    code,
    redirect_uri: REDIRECT,
    code_verifier: fixture.verifier,
    ...client(),
    ...changes,
  });
}

test("the fixture's challenge belongs to its verifier", () => {
  const challenge = createHash("sha256").update(fixture.verifier).digest("base64url");
  expect(challenge).toBe(fixture.authorizeParameters.code_challenge);
});

test("a login: consent, callback, exchange, user info", async () => {
  emulator.queueConsent(EMAIL);
  const callback = await authorize();
  expect(callback).toBeInstanceOf(URL);
  const { origin, pathname, searchParams } = callback as URL;
  expect(origin + pathname).toBe(REDIRECT);
  expect(searchParams.get("state")).toBe(fixture.authorizeParameters.state);
  const exchanged = await exchange(searchParams.get("code") ?? "");
  expect(Object.keys(exchanged.json).toSorted()).toEqual(
    Object.keys(fixture.exchangeResponse).toSorted(),
  );
  expect(exchanged.json).toMatchObject({ expires_in: 3599, token_type: "Bearer" });
  const authorization = `Bearer ${exchanged.json.access_token}`;
  const info = await send(emulator.urls.userinfo, "GET", undefined, { authorization });
  expect(Object.keys(info.json).toSorted()).toEqual(Object.keys(fixture.userinfo).toSorted());
  expect(info.json).toMatchObject({ email: EMAIL, verified_email: true });
  const openId = await send(`${emulator.url}/v1/userinfo`, "GET", undefined, { authorization });
  expect(openId.json).toMatchObject({ email: EMAIL, email_verified: true });
  expect((await refresh(exchanged.json.refresh_token)).status).toBe(200);
});

test("without a queued answer a new account logs in, with a hint that one", async () => {
  await exchange(await codeFor());
  expect(emulator.accounts.map((account) => account.email)).toEqual([
    EMAIL,
    "account2@example.test",
  ]);
  const hinted = await exchange(await codeFor({ login_hint: EMAIL }));
  const claims = String(hinted.json.id_token).split(".")[1] ?? "";
  expect(JSON.parse(Buffer.from(claims, "base64url").toString())).toMatchObject({ email: EMAIL });
});

test("a user who refuses comes back with access_denied", async () => {
  emulator.queueConsent("denied");
  const callback = (await authorize()) as URL;
  expect(callback.pathname + callback.search).toBe(fixture.callback.denied);
});

test("a second login without prompt=consent brings no refresh token", async () => {
  const changes = { login_hint: EMAIL, prompt: "none" };
  expect((await exchange(await codeFor(changes))).json).not.toHaveProperty("refresh_token");
  const online = await exchange(await codeFor({ login_hint: EMAIL, access_type: "online" }));
  expect(online.json).not.toHaveProperty("refresh_token");
});

test.each<[string, Record<string, string>, RegExp]>([
  ["client", { client_id: "other" }, /invalid_client/],
  ["redirect to elsewhere", { redirect_uri: "https://evil.test/" }, /redirect_uri_mismatch/],
  ["https on loopback", { redirect_uri: "https://localhost:1/" }, /redirect_uri_mismatch/],
  ["response type", { response_type: "token" }, /response_type/],
  ["scope", { scope: "https://www.googleapis.com/auth/drive" }, /scopes were invalid/],
  [
    "missing scope",
    { scope: fixture.authorizeParameters.scope.split(" ")[0] ?? "" },
    /Missing scope.*email/,
  ],
  ["short state", { state: "123456789012345" }, /state/],
  ["plain challenge", { code_challenge_method: "plain" }, /S256/],
  ["padded challenge", { code_challenge: `${fixture.authorizeParameters.code_challenge}=` }, /43/],
])("consent screen refuses: %s", async (_what, changes, words) => {
  const answer = (await authorize(changes)) as TestAnswer;
  expect(answer.status).toBe(400);
  expect(answer.text).toMatch(words);
});

test.each(["http://127.0.0.1:8085/oauth-callback", "http://[::1]:9/x"])(
  "redirects to any loopback port: %s",
  async (redirect) => {
    const callback = (await authorize({ redirect_uri: redirect })) as URL;
    expect(callback.origin + callback.pathname).toBe(redirect);
  },
);

test.each<[string, Record<string, string>, number, string, string | undefined]>([
  ["redirect_uri", { redirect_uri: `${REDIRECT}/` }, 400, "redirect_uri_mismatch", "Bad Request"],
  ["no verifier", { code_verifier: "" }, 400, "invalid_grant", "Missing code verifier."],
  ["verifier", { code_verifier: "x".repeat(43) }, 400, "invalid_grant", "Invalid code verifier."],
  ["code", { code: "4/0other" }, 400, "invalid_grant", "Malformed auth code."],
  ["client", { client_id: "other" }, 401, "invalid_client", "The OAuth client was not found."],
  ["secret", { client_secret: "x" }, 401, "invalid_client", "Unauthorized"],
  ["no secret", { client_secret: "" }, 400, "invalid_request", "client_secret is missing."],
  ["grant type", { grant_type: "password" }, 400, "unsupported_grant_type", "Invalid grant_type"],
])("exchange refuses: %s", async (_what, changes, status, error, description) => {
  const answer = await exchange(await codeFor(), changes);
  expect(answer.status).toBe(status);
  expect(answer.json).toEqual({ error, error_description: description });
});

test("a code works once, and for ten minutes", async () => {
  const code = await codeFor();
  expect((await exchange(code)).status).toBe(200);
  expect((await exchange(code)).json).toMatchObject({ error_description: "Malformed auth code." });
  const late = await codeFor();
  now += 10 * 60 * 1000;
  expect((await exchange(late)).json).toMatchObject({ error: "invalid_grant" });
});

test("the token endpoint takes forms only, each parameter once", async () => {
  const json = await send(emulator.urls.token, "POST", "{}", {
    "content-type": "application/json",
  });
  expect(json.json).toMatchObject({ error: "invalid_request" });
  const twice = await send(emulator.urls.token, "POST", "grant_type=a&grant_type=b", FORM);
  expect(twice.json).toMatchObject({ error: "invalid_request" });
});

test("a refresh answers as the fixtures do, without a new refresh token", async () => {
  const token = emulator.account(EMAIL).refreshToken;
  const answer = await refresh(token);
  const [plain, rotated, revoked] = fixture.refreshResponses;
  expect(Object.keys(answer.json)).toEqual(Object.keys(Object(plain?.body)));

  emulator.rotateRefreshTokens(true);
  const second = await refresh(token);
  expect(Object.keys(second.json).toSorted()).toEqual(
    [...Object.keys(Object(rotated?.body)), "scope"].toSorted(),
  );
  const old = await refresh(token);
  expect(old.status).toBe(revoked?.status);
  expect(old.json).toEqual(revoked?.body);
  expect((await refresh(second.json.refresh_token)).status).toBe(200);
});

test("access tokens end after an hour, or when a test says so; the refresh token goes on", async () => {
  const caller = new TestClient(emulator);
  const load = (): Promise<TestAnswer> => caller.call("loadCodeAssist", { metadata: {} });
  expect((await load()).status).toBe(200);
  now += 3599 * 1000;
  const expired = await load();
  expect(expired.status).toBe(401);
  expect(expired.json.error.details[0].reason).toBe("ACCESS_TOKEN_EXPIRED");
  expect(expired.headers["www-authenticate"]).toContain('error="invalid_token"');

  caller.token = (await refresh(emulator.account(EMAIL).refreshToken)).json.access_token;
  expect((await load()).status).toBe(200);
  emulator.expireAccessTokens(EMAIL);
  expect((await load()).status).toBe(401);
});

test.each([
  ["no token", "", "CREDENTIALS_MISSING"],
  ["another scheme", "Basic abc", "CREDENTIALS_MISSING"],
  ["an unknown token", "Bearer ya29.other", "ACCESS_TOKEN_TYPE_UNSUPPORTED"],
])("calls without a good token are refused: %s", async (_what, authorization, reason) => {
  const answer = await new TestClient(emulator).call("loadCodeAssist", {}, { authorization });
  expect(answer.status).toBe(401);
  expect(answer.json.error.details[0].reason).toBe(reason);
});

test("a revoked account can neither refresh nor call", async () => {
  const caller = new TestClient(emulator);
  const token = emulator.account(EMAIL).refreshToken;
  emulator.revoke(EMAIL);
  expect((await refresh(token)).json).toEqual({
    error: "invalid_grant",
    error_description: "Token has been expired or revoked.",
  });
  expect((await caller.call("loadCodeAssist", {})).status).toBe(401);
});

test("the revoke endpoint takes either token, once", async () => {
  const token = emulator.account(EMAIL).refreshToken;
  const first = await post({ token }, emulator.urls.revoke);
  expect([first.status, first.json]).toEqual([200, {}]);
  const second = await post({ token }, emulator.urls.revoke);
  expect([second.status, second.json.error]).toEqual([400, "invalid_token"]);
});

test("a scenario makes the token endpoint fail", async () => {
  emulator.enqueue({ when: { rpc: "token" }, httpError: "503-plain", times: 1 });
  const token = emulator.account(EMAIL).refreshToken;
  const failed = await refresh(token);
  expect([failed.status, failed.text]).toEqual([503, "Service Unavailable"]);
  expect((await refresh(token)).status).toBe(200);
  emulator.enqueue({ when: { rpc: "token" }, fault: "reset-before-headers", times: 1 });
  expect((await refresh(token)).broken).toBeDefined();
  expect((await refresh(token)).status).toBe(200);
});
