import { afterEach, beforeEach, expect, test } from "vitest";
import { startEmulator, type Emulator } from "./emulator.ts";

let emulator: Emulator;

beforeEach(async () => {
  emulator = await startEmulator();
});

afterEach(async () => {
  await emulator.close();
});

async function accessToken(): Promise<string> {
  const [account] = emulator.accounts;
  const response = await fetch(emulator.urls.token, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "refresh_token",
      refresh_token: account?.refreshToken ?? "",
      client_id: emulator.oauthClient.clientId,
      client_secret: emulator.oauthClient.clientSecret,
    }),
  });
  const body = (await response.json()) as { access_token: string };
  return body.access_token;
}

test("a fresh account answers a request from refresh token to stream", async () => {
  const token = await accessToken();
  const post = (method: string, body: object): Promise<Response> =>
    fetch(`${emulator.url}/v1internal:${method}`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });

  const loaded = await post("loadCodeAssist", { metadata: { ideType: "ANTIGRAVITY" } });
  const { cloudaicompanionProject: project } = (await loaded.json()) as {
    cloudaicompanionProject: string;
  };
  expect(project).toBe(emulator.accounts[0]?.project);

  const listed = await post("fetchAvailableModels", { project });
  const { models } = (await listed.json()) as { models: Record<string, object> };
  expect(models["claude-sonnet-4-6"]).toBeDefined();

  const answered = await post("streamGenerateContent?alt=sse", {
    project,
    model: "claude-sonnet-4-6",
    requestType: "agent",
    requestId: "agent-1",
    request: { contents: [{ role: "user", parts: [{ text: "Hello" }] }] },
  });
  const text = await answered.text();
  expect(text).toMatch(/^data: \{"response".*\r\n\r\n$/s);
  expect(text).toContain('"finishReason":"STOP"');
  expect(emulator.requests.at(-1)).toMatchObject({
    rpc: "streamGenerateContent",
    model: "claude-sonnet-4-6",
    email: "account1@example.test",
  });
});
