import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readRpcStatus, type RpcStatus } from "./rpc-status.ts";

const quota = {
  error: {
    code: 429,
    message: "You have exhausted your capacity on this model.",
    status: "RESOURCE_EXHAUSTED",
    details: [
      {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        reason: "QUOTA_EXHAUSTED",
        domain: "cloudcode-pa.googleapis.com",
        metadata: { quotaResetDelay: "2h10m30.5s" },
      },
      { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "7830.5s" },
    ],
  },
};
const quotaStatus: RpcStatus = {
  code: 429,
  status: "RESOURCE_EXHAUSTED",
  message: "You have exhausted your capacity on this model.",
  reason: "QUOTA_EXHAUSTED",
  metadata: { quotaResetDelay: "2h10m30.5s" },
  retryDelay: "7830.5s",
  quotaViolations: [],
  fieldViolations: [],
  helpLinks: [],
};
const text = JSON.stringify(quota);

describe("the same error in every wrapping", () => {
  test.each([
    ["text", text],
    ["parsed", quota],
    ["the inner object alone", quota.error],
    ["in an array", `[${text}]`],
    ["as a string", JSON.stringify({ error: text })],
    ["as JSON text of JSON text", JSON.stringify(text)],
    ["in an error's message", { error: { message: text } }],
    ["white space around it", `\r\n ${text}\n`],
    ["double commas", text.replaceAll(',"', ',,"').replace(",,", ", ,,")],
    [
      "details in another order",
      { error: { ...quota.error, details: quota.error.details.toReversed() } },
    ],
    ["code as a string", { error: { ...quota.error, code: "429" } }],
    ["a gRPC code", { error: { ...quota.error, code: 8 } }],
    ["no code", { error: { ...quota.error, code: undefined } }],
  ])("%s", (_name, body) => {
    expect(readRpcStatus(body)).toEqual(quotaStatus);
  });
});

describe("rejections of Claude", () => {
  const inner = JSON.stringify({
    type: "error",
    error: { type: "invalid_request_error", message: "messages.1.content.0: no" },
    request_id: "req_vrtx_011CEXAMPLE",
  });

  test("inside a message: the inner sentence and id, the outer code", () => {
    const body = { error: { code: 400, message: inner, status: "INVALID_ARGUMENT" } };
    expect(readRpcStatus(body)).toMatchObject({
      code: 400,
      status: "INVALID_ARGUMENT",
      message: "messages.1.content.0: no",
      upstreamRequestId: "req_vrtx_011CEXAMPLE",
    });
  });

  test("bare: the code follows from the type", () => {
    expect(readRpcStatus(inner)).toMatchObject({ code: 400, message: "messages.1.content.0: no" });
  });

  test("a message that only begins like JSON stays", () => {
    expect(readRpcStatus({ error: { code: 400, message: "{oops" } }).message).toBe("{oops");
    expect(readRpcStatus({ error: { code: 400, message: '{"a":1}' } }).message).toBe('{"a":1}');
  });
});

describe("each detail type", () => {
  const read = (...details: readonly unknown[]) =>
    readRpcStatus({ error: { code: 400, message: "m", details } });
  const type = (name: string) => ({ "@type": `type.googleapis.com/google.rpc.${name}` });

  test("QuotaFailure", () => {
    const violations = [{ quotaId: "PerDay", description: "limit: 0", quotaValue: "0" }, 7, {}];
    expect(read({ ...type("QuotaFailure"), violations }).quotaViolations).toEqual([
      { quotaId: "PerDay", description: "limit: 0" },
      {},
    ]);
  });

  test("BadRequest", () => {
    const fieldViolations = [{ field: "a.b", description: "d" }, { field: 1 }, null];
    expect(read({ ...type("BadRequest"), fieldViolations }).fieldViolations).toEqual(["a.b"]);
  });

  test("Help", () => {
    const links = [{ url: "https://a.test/" }, { url: "https://b.test/" }];
    expect(read({ ...type("Help"), links }).helpLinks).toEqual([
      "https://a.test/",
      "https://b.test/",
    ]);
  });

  test("RetryInfo as an object", () => {
    expect(read({ ...type("RetryInfo"), retryDelay: { seconds: "3" } }).retryDelay).toEqual({
      seconds: "3",
    });
  });

  test("the first of two counts, unknown ones are passed over", () => {
    const status = read(
      type("LocalizedMessage"),
      type("hasOwnProperty"),
      { ...type("ErrorInfo"), reason: "FIRST" },
      { ...type("ErrorInfo"), reason: "SECOND" },
    );
    expect(status.reason).toBe("FIRST");
  });
});

describe("bodies that are no Status", () => {
  test.each([
    ["nothing", "", ""],
    ["white space", " \n", ""],
    ["HTML", "<!DOCTYPE html><title>Error 502</title>", ""],
    ["half a JSON text", '{"error":{"code":4', ""],
    ["plain text", "upstream connect\n error", "upstream connect error"],
    ["JSON null", "null", "null"],
    ["a number", 7, ""],
    ["undefined", undefined, ""],
    ["an empty array", "[]", ""],
    ["an empty object", "{}", ""],
    ["wrong types", { error: { code: {}, message: 1, status: [], details: "x" } }, ""],
    ["too many wrappers", `${"[".repeat(9)}${text}${"]".repeat(9)}`, ""],
    ["a body of 1 MB", `{"error":{"message":"${"a".repeat(1_000_000)}"}}`, ""],
    ["deep nesting", "[".repeat(200_000), ""],
  ])("%s", (_name, body, message) => {
    const status = readRpcStatus(body);
    expect(status.message).toBe(message);
    expect(status.code).toBeUndefined();
  });

  test("OAuth's form gives its code as the reason", () => {
    const body = { error: "invalid_grant", error_description: "Token has been revoked." };
    expect(readRpcStatus(body)).toMatchObject({
      reason: "invalid_grant",
      message: "Token has been revoked.",
    });
  });

  test("an error that is a sentence", () => {
    const status = readRpcStatus({ error: "Too  many requests", code: 429 });
    expect(status).toMatchObject({ code: 429, message: "Too many requests" });
    expect(status.reason).toBeUndefined();
  });

  test("the old style", () => {
    const body = { error: { code: 403, errors: [{ message: "No", reason: "forbidden" }] } };
    const status = readRpcStatus(body);
    expect(status).toMatchObject({ code: 403, message: "No" });
    expect(status.reason).toBeUndefined();
  });

  test("reads any JSON without throwing", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        expect(typeof readRpcStatus(value).message).toBe("string");
        expect(typeof readRpcStatus({ error: value }).message).toBe("string");
        expect(typeof readRpcStatus(JSON.stringify(value)).message).toBe("string");
      }),
    );
  });
});
