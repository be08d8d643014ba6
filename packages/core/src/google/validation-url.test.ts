import { describe, expect, test } from "vitest";
import { readRpcStatus } from "./rpc-status.ts";
import { safeValidationUrl, validationUrlOf } from "./validation-url.ts";

const good = "https://accounts.google.com/signin/continue?sarp=1&plt=EXAMPLE";

describe("safeValidationUrl", () => {
  test.each([
    good,
    "https://accounts.google.com",
    "https://accounts.google.com/",
    "https://accounts.google.com:443/x",
    "https://ACCOUNTS.google.com/x?y#z",
  ])("accepts %s", (url) => {
    expect(safeValidationUrl(url)).toBe(url);
  });

  test.each([
    "http://accounts.google.com/x",
    "https://accounts.google.com.evil.test/x",
    "https://accounts.google.com@evil.test/x",
    "https://accounts.google.com:8443/x",
    "https://evil.test/https://accounts.google.com/",
    "https://evil.test\\@accounts.google.com/",
    "https://accounts.google.com\\.evil.test/",
    "https://accounts.google.com/\u001b[31m",
    "https://accounts.google.com/a b",
    'https://accounts.google.com/"><script>',
    "javascript:alert(1)//https://accounts.google.com/",
    `${good}${"a".repeat(3000)}`,
    "",
    7,
    undefined,
  ])("refuses %s", (url) => {
    expect(safeValidationUrl(url)).toBeUndefined();
  });
});

describe("validationUrlOf", () => {
  const at = (path: string) => `https://accounts.google.com/${path}`;
  const status = (metadata: object, links: readonly string[], message: string) =>
    readRpcStatus({
      error: {
        message,
        details: [
          { "@type": "t/google.rpc.ErrorInfo", reason: "VALIDATION_REQUIRED", metadata },
          { "@type": "t/google.rpc.Help", links: links.map((url) => ({ url })) },
        ],
      },
    });

  test.each([
    [
      "validation_url first",
      status({ validation_url: at("1"), validation_link: at("2") }, [at("3")], `See ${at("4")}.`),
      at("1"),
    ],
    ["then validation_link", status({ validation_link: at("2") }, [at("3")], at("4")), at("2")],
    ["then the first Help link", status({}, [at("3"), at("9")], at("4")), at("3")],
    ["then the text", status({}, [], `Verify your account at ${at("4?a=b")}.`), at("4?a=b")],
    [
      "a hostile one is passed over",
      status({ validation_url: "https://x.test/" }, [at("3")], ""),
      at("3"),
    ],
    [
      "a second Help link never",
      status({}, ["https://support.google.com/", at("3")], ""),
      undefined,
    ],
    ["none", status({}, [], "Verify your account."), undefined],
  ])("%s", (_name, read, expected) => {
    expect(validationUrlOf(read)).toBe(expected);
  });

  test("bounded work on a text that is one long link", () => {
    const message = `https://accounts.google.com/${".".repeat(250_000)}a`;
    expect(validationUrlOf(readRpcStatus({ error: { message } }))).toBeUndefined();
  });
});
