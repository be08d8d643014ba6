import { describe, expect, test } from "vitest";
import { redactSecrets } from "./redact-secrets.ts";

describe("redactSecrets", () => {
  test.each([
    ["an access token", "token ya29.a0AfH6SMBx-_y.z is bad", "token (token left out) is bad"],
    ["a refresh token", "1//0gEXAMPLE-abc expired", "(token left out) expired"],
    ["a header", "Authorization: Bearer abc.def-123456", "Authorization: Bearer (token left out)"],
    ["an id token", "got eyJhbGciOiJub25lIn0.e30.sig now", "got (token left out) now"],
    ["a client secret", "secret GOCSPX-abcdefgh123", "secret (key left out)"],
    ["an API key", "key AIzaSyEXAMPLE12345", "key (key left out)"],
    ["a proxy key", "sk-proxy-0123456789", "(key left out)"],
    ["an address", "account some.one+x@example.test is", "account (address left out) is"],
    [
      "a validation link",
      "verify at https://accounts.google.com/signin/continue?sarp=1&plt=X now",
      "verify at (link left out) now",
    ],
  ])("%s", (_name, text, expected) => {
    expect(redactSecrets(text)).toBe(expected);
  });

  test.each([
    "messages.1.content.0: Invalid `signature` in `thinking` block",
    "prompt is too long: 202007 tokens > 200000 maximum",
    "Please refer to https://ai.google.dev/gemini-api/docs/thought-signatures for more details.",
    "Unknown name \"const\" at 'request.tools[0].function_declarations[3].parameters'",
    "No capacity available for model gemini-3.1-pro-high on the server",
    "Invalid value at 'x@y' (bearer of news)",
  ])("leaves %s", (text) => {
    expect(redactSecrets(text)).toBe(text);
  });

  test("cuts what is long, and a secret at the cut is gone too", () => {
    const redacted = redactSecrets(`${"a ".repeat(990)}ya29.${"x".repeat(5000)}`);
    expect(redacted.length).toBeLessThanOrEqual(2000);
    expect(redacted).not.toContain("ya29");
  });

  test.each(["a.".repeat(500_000), "a@".repeat(500_000), "1//".repeat(500_000)])(
    "bounded work on %#",
    (text) => {
      expect(redactSecrets(text).length).toBeLessThanOrEqual(2000);
    },
  );
});
