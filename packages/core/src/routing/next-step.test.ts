import { describe, expect, test } from "vitest";
import { failure, playSteps } from "./__fixtures__/play-steps.ts";
import type { Failure } from "./failure.ts";

const other = "other_account";
const end = "give_up: no_cure";

describe("every row of the table, failing again and again", () => {
  test.each<readonly [string, Failure, readonly string[]]>([
    [
      "429 QUOTA_EXHAUSTED, hours away",
      failure("quota", { waitMs: 7_830_500 }),
      [other, other, "(no account)"],
    ],
    ["429 QUOTA_EXHAUSTED, no delay told", failure("quota"), [other, other, "(no account)"]],
    [
      "429 QUOTA_EXHAUSTED, 10 s or less: wait in place",
      failure("quota", { waitMs: 10_000 }),
      ["same after 10000", other, "same after 10000", other, "(no account)"],
    ],
    [
      "429 QUOTA_EXHAUSTED, just over 10 s",
      failure("quota", { waitMs: 10_001 }),
      [other, other, "(no account)"],
    ],
    [
      "429 RATE_LIMIT_EXCEEDED, under 3 s: wait, twice",
      failure("rate", { waitMs: 755 }),
      [
        "same after 755",
        "same after 755",
        other,
        "same after 755",
        "same after 755",
        other,
        "(no account)",
      ],
    ],
    [
      "429 RATE_LIMIT_EXCEEDED, 3 s",
      failure("rate", { waitMs: 3000 }),
      [other, other, "(no account)"],
    ],
    [
      "429 RATE_LIMIT_EXCEEDED, 5 min and more",
      failure("rate", { waitMs: 300_000 }),
      [other, other, "(no account)"],
    ],
    [
      "429 RATE_LIMIT_EXCEEDED without delay: 1 s, once",
      failure("rate"),
      ["same after 500", other, "same after 500", other, "(no account)"],
    ],
    [
      "429, 503 MODEL_CAPACITY_EXHAUSTED: 1, 2, 4 s, one other account, never another host",
      failure("capacity", { status: 503 }),
      ["same after 500", "same after 1000", "same after 2000", other, end],
    ],
    [
      "MODEL_CAPACITY_EXHAUSTED with a delay: it is kept",
      failure("capacity", { waitMs: 7000 }),
      ["same after 7000", "same after 7000", "same after 7000", other, end],
    ],
    [
      "MODEL_CAPACITY_EXHAUSTED with a long delay",
      failure("capacity", { waitMs: 31_000 }),
      [other, end],
    ],
    [
      "429 no details: 1 s, 2 s, one other account",
      failure("soft"),
      ["same after 500", "same after 1000", other, end],
    ],
    [
      "429 INSUFFICIENT_G1_CREDITS_BALANCE: as quota",
      failure("credits"),
      [other, other, "(no account)"],
    ],
    [
      "429 QuotaFailure …PerMinute",
      failure("rate", { waitMs: 60_000 }),
      [other, other, "(no account)"],
    ],
    [
      "401: refresh once, then the next account",
      failure("auth", { status: 401 }),
      ["refresh_token", other, "refresh_token", other, "(no account)"],
    ],
    [
      "invalid_grant: no refresh",
      failure("auth", { reason: "invalid_grant" }),
      [other, other, "(no account)"],
    ],
    [
      "400 API_KEY_INVALID: no refresh",
      failure("auth", { reason: "API_KEY_INVALID" }),
      [other, other, "(no account)"],
    ],
    ["invalid_client", failure("oauth_client"), [end]],
    ["403 VALIDATION_REQUIRED", failure("validation"), [other, other, "(no account)"]],
    ["403 TOS_VIOLATION: no retries of any kind", failure("banned"), [end]],
    [
      "403 SUBSCRIPTION_REQUIRED, SERVICE_DISABLED, IAM_PERMISSION_DENIED: rediscover once",
      failure("project"),
      ["rediscover_project", other, "rediscover_project", other, "(no account)"],
    ],
    [
      "403 SECURITY_POLICY_VIOLATED",
      failure("denied", { reason: "SECURITY_POLICY_VIOLATED" }),
      [other, other, "(no account)"],
    ],
    [
      "403 none: next host once",
      failure("denied"),
      ["other_endpoint after 0", other, "other_endpoint after 0", other, "(no account)"],
    ],
    ["400 signature class: repaired once", failure("signature"), ["repair_signatures", end]],
    ["400 too long", failure("too_long"), [end]],
    ["400 bad request", failure("bad_request"), [end]],
    ["400 FAILED_PRECONDITION, location", failure("location"), [other, other, "(no account)"]],
    ["404: next host once", failure("not_found"), ["other_endpoint after 0", end]],
    [
      "408, 499, 504: once, other host",
      failure("timeout", { status: 504 }),
      ["other_endpoint after 0", end],
    ],
    ["413", failure("too_large"), [end]],
    [
      "500: 1 s, other host, one other account",
      failure("server", { status: 500 }),
      ["other_endpoint after 500", other, end],
    ],
    ["501", failure("unimplemented"), [end]],
    [
      "502, 503: 1, 2, 4 s, one other account",
      failure("server", { status: 503 }),
      [
        "other_endpoint after 500",
        "other_endpoint after 1000",
        "other_endpoint after 2000",
        other,
        end,
      ],
    ],
    [
      "503 with a delay: it is kept",
      failure("server", { status: 503, waitMs: 4000 }),
      [
        "other_endpoint after 4000",
        "other_endpoint after 4000",
        "other_endpoint after 4000",
        other,
        end,
      ],
    ],
    [
      "529: as capacity",
      failure("overloaded", { status: 529 }),
      ["same after 500", "same after 1000", "same after 2000", other, end],
    ],
    ["200 client gate: no other account", failure("client_gate"), [end]],
    [
      "network: other host, then 1 s, at most twice",
      failure("network"),
      ["other_endpoint after 0", "other_endpoint after 500", "other_endpoint after 500", end],
    ],
    [
      "empty answer: 0.5 s, 1 s, another account once",
      failure("empty"),
      ["same after 250", "same after 500", other, end],
    ],
    ["cut answer, nothing sent", failure("cut"), ["same after 250", "same after 500", other, end]],
    [
      "malformed answer: twice, same account",
      failure("malformed"),
      ["same after 0", "same after 0", end],
    ],
  ])("%s", (_name, latest, expected) => {
    expect(playSteps({ failures: [latest] })).toEqual(expected);
  });
});
