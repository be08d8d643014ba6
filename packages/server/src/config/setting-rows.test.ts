import { parseArgs } from "node:util";

import { expect, test } from "vitest";

import { settingRows, settingsHelp, startFlags } from "./setting-rows.ts";
import { environmentName, flagName, valueOfText } from "./setting.ts";

test("names that outside scripts rely on", () => {
  const environment = settingRows().flatMap((row) => row.environment ?? []);
  expect(environment).toEqual([
    "PORT",
    "HOST",
    "DATA_DIR",
    "AUTH",
    "CLOUD_CODE_ENDPOINTS",
    "GEMINI_API_ENDPOINT",
    "MAX_WAIT",
    "MAX_IN_FLIGHT",
    "CONNECT_TIMEOUT",
    "FIRST_BYTE_TIMEOUT",
    "IDLE_TIMEOUT",
    "ALLOWED_HOSTS",
    "ALLOWED_ORIGINS",
    "DATA_KEY",
    "GOOGLE_OAUTH_AUTH_URL",
    "GOOGLE_OAUTH_TOKEN_URL",
    "GOOGLE_OAUTH_USERINFO_URL",
    "GOOGLE_OAUTH_CLIENT_ID",
    "GOOGLE_OAUTH_CLIENT_SECRET",
    "OAUTH_CALLBACK_PORT",
    "CALLBACK_HOST",
    "LOG_LEVEL",
    "HTTPS_PROXY",
    "HTTP_PROXY",
    "NO_PROXY",
  ]);
});

test("every one of them is a flag and a key, but secrets are no flags and the directory is no key", () => {
  const named = settingRows().filter((row) => row.environment !== undefined);
  const withoutFlag = named.filter((row) => row.flag === undefined).map((row) => row.environment);
  expect(withoutFlag).toEqual(["DATA_KEY", "GOOGLE_OAUTH_CLIENT_SECRET"]);
  const withoutKey = named.filter((row) => row.key === undefined).map((row) => row.environment);
  expect(withoutKey).toEqual(["DATA_DIR"]);
});

test("a row tells all that the documents need", () => {
  const rows = settingRows();
  expect(rows.find((row) => row.key === "maxWait")).toEqual({
    key: "maxWait",
    environment: "MAX_WAIT",
    flag: "--max-wait",
    default: "120",
    allowed: "a number of seconds from 0 to 3600",
    description: "longest that one request waits for limits, in sum, in seconds",
  });
  expect(rows.find((row) => row.key === "modelAliases")).not.toHaveProperty("environment");
  for (const row of rows) {
    expect(row.default).not.toBe("");
    expect(row.default).not.toContain("undefined");
    expect(row.default).not.toContain("[object");
  }
});

test("the flags of start are texts that parseArgs takes, and each has a line of help", () => {
  const { values } = parseArgs({ options: startFlags, args: ["--max-wait", "5", "--port=1"] });
  expect({ ...values }).toEqual({ "max-wait": "5", port: "1" });
  expect(settingsHelp.map(([flag]) => flag.split(" ")[0])).toEqual(
    Object.keys(startFlags).map((name) => `--${name}`),
  );
});

test("one name gives the others", () => {
  expect(environmentName("googleOauthAuthUrl")).toBe("GOOGLE_OAUTH_AUTH_URL");
  expect(flagName("googleOauthAuthUrl")).toBe("google-oauth-auth-url");
});

test("texts become values; what is no number stays a text", () => {
  expect(valueOfText(" 12.5 ", "number")).toBe(12.5);
  for (const text of ["", "0x10", "1e3", "12s", "Infinity"]) {
    expect(valueOfText(text, "number")).toBe(text);
  }
  expect(valueOfText("a, b,,c ", "list")).toEqual(["a", "b", "c"]);
  expect(valueOfText("a, b", "text")).toBe("a, b");
});
