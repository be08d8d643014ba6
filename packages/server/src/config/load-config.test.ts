import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { temporaryDirectory } from "../store/__fixtures__/temporary-directory.ts";
import { userErrorOf } from "../store/__fixtures__/user-error.ts";
import { loadConfig } from "./load-config.ts";

/** A data directory whose config.json holds this. */
function withFile(content: unknown): { readonly env: { DATA_DIR: string }; readonly path: string } {
  const directory = temporaryDirectory();
  const path = join(directory, "config.json");
  const text = typeof content === "string" ? content : JSON.stringify(content);
  if (content !== undefined) writeFileSync(path, text, { mode: 0o600 });
  return { env: { DATA_DIR: directory }, path };
}

describe("where a value comes from", () => {
  test("nobody says anything: the defaults", () => {
    const { env } = withFile(undefined);
    expect(loadConfig({ env })).toEqual({
      port: 8080,
      host: "127.0.0.1",
      dataDir: env.DATA_DIR,
      auth: "auto",
      cloudCodeEndpoints: [
        "https://daily-cloudcode-pa.googleapis.com",
        "https://cloudcode-pa.googleapis.com",
      ],
      geminiApiEndpoint: "https://generativelanguage.googleapis.com",
      maxWaitMs: 120_000,
      maxInFlight: 4,
      connectTimeoutMs: 10_000,
      firstByteTimeoutMs: 120_000,
      idleTimeoutMs: 120_000,
      allowedHosts: [],
      allowedOrigins: [],
      dataKey: undefined,
      googleOauthAuthUrl: "https://accounts.google.com/o/oauth2/v2/auth",
      googleOauthTokenUrl: "https://oauth2.googleapis.com/token",
      googleOauthUserinfoUrl: "https://www.googleapis.com/oauth2/v2/userinfo",
      googleOauthClientId: undefined,
      googleOauthClientSecret: undefined,
      oauthCallbackPort: 51_121,
      callbackHost: undefined,
      logLevel: "info",
      httpsProxy: undefined,
      httpProxy: undefined,
      noProxy: undefined,
      modelAliases: {},
      smallModel: undefined,
      effortBudgets: {
        claude: { low: 4096, medium: 10_000, high: 24_576, xhigh: 32_000, max: 32_000 },
        gemini: { low: 1000, medium: 4000, high: 10_000, xhigh: 10_000, max: 10_000 },
      },
      defaultClaudeBudget: 24_576,
      thinkingLevelModels: [],
      placeholderForEmptyObjects: true,
      webSearchBesideTools: "refuse",
      userAgent: undefined,
      extraHeaders: {},
      ideType: "ANTIGRAVITY",
      warnings: [],
    });
  });

  test("flags win over the environment, the environment over the file", () => {
    const { env } = withFile({ port: 1, maxInFlight: 1, maxWait: 1 });
    const config = loadConfig({
      env: { ...env, PORT: "2", MAX_IN_FLIGHT: "2" },
      flags: { port: "3" },
    });
    expect([config.port, config.maxInFlight, config.maxWaitMs]).toEqual([3, 2, 1000]);
  });

  test("the data directory: the caller, then the flag, then the environment", () => {
    const [called, flagged, environment] = [
      withFile({ port: 1 }),
      withFile({ port: 2 }),
      withFile({ port: 3 }),
    ];
    const flags = { "data-dir": flagged.env.DATA_DIR };
    const { env } = environment;
    expect(loadConfig({ env, flags, dataDir: called.env.DATA_DIR }).port).toBe(1);
    expect(loadConfig({ env, flags }).port).toBe(2);
    expect(loadConfig({ env })).toMatchObject({ port: 3, dataDir: env.DATA_DIR });
    expect(loadConfig({ env: {} }).dataDir).toBe("./data");
  });

  test("a variable that is set to nothing is not set", () => {
    const { env } = withFile(undefined);
    expect(loadConfig({ env: { ...env, PORT: "", HOST: " ", NO_PROXY: "" } })).toMatchObject({
      port: 8080,
      host: "127.0.0.1",
      noProxy: undefined,
    });
  });

  test("proxies are also known by their lower-case names", () => {
    const { env } = withFile(undefined);
    const config = loadConfig({
      env: {
        ...env,
        https_proxy: "http://a:1",
        HTTP_PROXY: "http://b:1",
        http_proxy: "http://c:1",
      },
    });
    expect([config.httpsProxy, config.httpProxy]).toEqual(["http://a:1", "http://b:1"]);
  });

  test("secrets are read from environment and file, and never from a flag", () => {
    const { env } = withFile({ dataKey: "of the file" });
    const flags = { "data-key": "of a flag", "google-oauth-client-secret": "of a flag" };
    const config = loadConfig({ env: { ...env, GOOGLE_OAUTH_CLIENT_SECRET: "s" }, flags });
    expect([config.dataKey, config.googleOauthClientSecret]).toEqual(["of the file", "s"]);
  });

  test("lists come with commas, or as lists in the file", () => {
    const { env } = withFile({ allowedOrigins: ["https://a.example"] });
    const config = loadConfig({
      env: { ...env, CLOUD_CODE_ENDPOINTS: "http://localhost:1/, http://localhost:2 ," },
      flags: { "allowed-hosts": "Proxy.Example,[::1]:8080,fd00::1,box:99" },
    });
    expect(config.cloudCodeEndpoints).toEqual(["http://localhost:1", "http://localhost:2"]);
    expect(config.allowedHosts).toEqual(["proxy.example", "::1", "fd00::1", "box"]);
    expect(config.allowedOrigins).toEqual(["https://a.example"]);
  });

  test("what the file says of the budgets changes only that", () => {
    const { env } = withFile({ effortBudgets: { claude: { low: 2048 } } });
    const { effortBudgets } = loadConfig({ env });
    expect(effortBudgets.claude).toMatchObject({ low: 2048, medium: 10_000 });
    expect(effortBudgets.gemini.low).toBe(1000);
  });

  test("times may have fractions", () => {
    const { env } = withFile({ idleTimeout: 0.25 });
    expect(loadConfig({ env, flags: { "max-wait": "1.5" } })).toMatchObject({
      idleTimeoutMs: 250,
      maxWaitMs: 1500,
    });
  });
});

describe("a value that is not allowed", () => {
  test.each([
    [{ PORT: "80a" }, 'Environment variable PORT is "80a"; allowed is a port from 0 to 65535'],
    [{ PORT: "65536" }, "Environment variable PORT is 65536;"],
    [{ PORT: "80.5" }, "Environment variable PORT is 80.5;"],
    [{ MAX_WAIT: "-1" }, "MAX_WAIT is -1; allowed is a number of seconds from 0 to 3600."],
    [{ MAX_WAIT: "2m" }, 'MAX_WAIT is "2m";'],
    [{ MAX_IN_FLIGHT: "0" }, "MAX_IN_FLIGHT is 0; allowed is a whole number from 1 to 1000."],
    [{ IDLE_TIMEOUT: "0" }, "IDLE_TIMEOUT is 0; allowed is a number of seconds above 0"],
    [{ AUTH: "none" }, 'AUTH is "none"; allowed is auto, required or open.'],
    [{ LOG_LEVEL: "verbose" }, "allowed is trace, debug, info, warn, error, fatal or silent."],
    [{ CLOUD_CODE_ENDPOINTS: "localhost:1" }, 'CLOUD_CODE_ENDPOINTS holds "localhost:1";'],
    [{ CLOUD_CODE_ENDPOINTS: "," }, "CLOUD_CODE_ENDPOINTS is [];"],
    [{ ALLOWED_ORIGINS: "https://a.example/x" }, 'ALLOWED_ORIGINS holds "https://a.example/x";'],
    [{ ALLOWED_HOSTS: "http://x" }, 'ALLOWED_HOSTS holds "http://x";'],
    [{ HOST: "a b" }, 'HOST is "a b";'],
  ])("%j", async (variables, message) => {
    const { env } = withFile(undefined);
    const error = await userErrorOf(() => loadConfig({ env: { ...env, ...variables } }));
    expect(error.code).toBe("CONFIG_INVALID");
    expect(error.message).toContain(message);
    expect(error.nextSteps.length).toBeGreaterThan(0);
  });

  test.each<[object, string]>([
    [{ maxWait: "120" }, 'maxWait is "120"; allowed is a number of seconds from 0 to 3600.'],
    [{ port: null }, "port is null;"],
    [{ allowedHosts: "a" }, 'allowedHosts is "a"; allowed is host names'],
    [{ modelAliases: { "claude-*": 5 } }, "modelAliases.claude-* is 5;"],
    [{ modelAliases: ["a"] }, 'modelAliases is ["a"]; allowed is an object as'],
    [{ effortBudgets: { claude: { low: 1.5 } } }, "effortBudgets.claude.low is 1.5;"],
    [{ effortBudgets: { claude: { lo: 1 } } }, "effortBudgets.claude.lo is no setting;"],
    [{ effortBudgets: { gpt: {} } }, "effortBudgets.gpt is no setting;"],
    [{ extraHeaders: { "x y": "1" } }, "extraHeaders.x y is wrong;"],
    [{ extraHeaders: { Authorization: "Bearer secret" } }, "extraHeaders.Authorization is wrong;"],
    [{ extraHeaders: { "x-a": "1\r\nx-b: 2" } }, "extraHeaders.x-a is wrong;"],
    [{ userAgent: "a\nb" }, 'userAgent is "a\\nb";'],
    [{ webSearchBesideTools: true }, "webSearchBesideTools is true; allowed is refuse or drop."],
  ])("%j in the file", async (content, message) => {
    const { env, path } = withFile(content);
    const error = await userErrorOf(() => loadConfig({ env }));
    expect(error.code).toBe("CONFIG_INVALID");
    expect(error.message).toContain(`${path}: ${message}`);
  });

  test("the flag is named, and a value of the file that it hides does not matter", async () => {
    const { env } = withFile({ port: "broken" });
    expect(loadConfig({ env, flags: { port: "1" } }).port).toBe(1);
    const error = await userErrorOf(() => loadConfig({ env, flags: { port: "x" } }));
    expect(error.message).toBe(
      'Flag --port is "x"; allowed is a port from 0 to 65535 (0: any free one).',
    );
  });

  test("all that is wrong is told at once, a line each", async () => {
    const { env } = withFile({ auth: "x" });
    const error = await userErrorOf(() =>
      loadConfig({ env: { ...env, PORT: "x" }, flags: { host: "" } }),
    );
    expect(error.message.split("\n")).toHaveLength(3);
  });

  test.each<[Record<string, string>, object]>([
    [{ HTTPS_PROXY: "user:s3cret@proxy" }, {}],
    [{ GOOGLE_OAUTH_CLIENT_SECRET: "s3cr\net" }, {}],
    [{}, { dataKey: ["s3cret"] }],
    [{}, { extraHeaders: { "x-token": "s3cret\n" } }],
  ])("a secret is not shown: %j %j", async (variables, content) => {
    const { env } = withFile(content);
    const error = await userErrorOf(() => loadConfig({ env: { ...env, ...variables } }));
    expect(error.code).toBe("CONFIG_INVALID");
    expect(error.message).not.toContain("s3cr");
  });

  test("a long value is shown shortened", async () => {
    const { env } = withFile({ auth: "x".repeat(1000) });
    expect((await userErrorOf(() => loadConfig({ env }))).message.length).toBeLessThan(300);
  });
});

describe("a key that is no setting", () => {
  test.each([
    ["maxWiat", 'Did you mean "maxWait"?'],
    ["MAX_WAIT", 'Did you mean "maxWait"?'],
    ["max-wait", 'Did you mean "maxWait"?'],
    ["loglevel", 'Did you mean "logLevel"?'],
    ["dataDir", "The file cannot say where it lies: use --data-dir or DATA_DIR."],
    ["somethingElse", "Settings are: port, host, auth,"],
  ])("%s", async (key, advice) => {
    const { env, path } = withFile({ [key]: 1 });
    const error = await userErrorOf(() => loadConfig({ env }));
    expect(error.code).toBe("CONFIG_KEY_UNKNOWN");
    expect(error.message).toBe(`${path}: "${key}" is no setting.`);
    expect(error.nextSteps[0]).toContain(advice);
  });
});

describe("a file that cannot be read", () => {
  test.each([
    ['{"port": 1,}', "line 1, column 12"],
    ['{\n  "port": 1\n  "host": "x"\n}', "line 3, column 3"],
    ['{\n  // port\n  "port": 1\n}', "line 2, column 3"],
    ['{"port": 1,\n', "line 2, column 1"],
    ["", "line 1, column 1"],
  ])("%j is no JSON, and the place is told", async (text, place) => {
    const { env, path } = withFile(text);
    const error = await userErrorOf(() => loadConfig({ env }));
    expect(error.code).toBe("CONFIG_FILE_BROKEN");
    expect(error.message).toBe(`${path} is no JSON: ${place}.`);
  });

  test.each(["[]", "null", "8080"])("%s is no object", async (text) => {
    const { env } = withFile(text);
    const error = await userErrorOf(() => loadConfig({ env }));
    expect(error.message).toContain("holds no JSON object");
  });

  test("a directory of that name", async () => {
    const { env, path } = withFile(undefined);
    mkdirSync(path);
    const error = await userErrorOf(() => loadConfig({ env }));
    expect(error.message).toBe(`${path} cannot be read (EISDIR).`);
  });

  test("a byte order mark is no fault", () => {
    const { env } = withFile('\uFEFF{"port": 5}');
    expect(loadConfig({ env }).port).toBe(5);
  });
});

test("a file with a secret that others may read is worth a warning", () => {
  const { env, path } = withFile({ dataKey: "secret" });
  expect(loadConfig({ env }).warnings).toEqual([]);
  chmodSync(path, 0o644);
  const { warnings } = loadConfig({ env });
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain(`chmod 600 ${path}`);
  expect(warnings[0]).toContain("dataKey");
});
