import { describe, expect, test } from "vitest";
import type { Failure, FailureClass } from "../routing/failure.ts";
import { downgrade } from "./downgrade.ts";
import type { AccountState } from "./state.ts";

const fresh: AccountState = {
  id: "a",
  email: "someone@example.test",
  status: "active",
  limits: new Map(),
  quotas: new Map(),
  inFlight: 0,
};
const failure = (failureClass: FailureClass, more: Partial<Failure> = {}): Failure => ({
  class: failureClass,
  message: "Why.",
  ...more,
});

describe("status and next step", () => {
  test.each<readonly [FailureClass, AccountState["status"], RegExp]>([
    ["auth", "invalid", /Sign in again with `agp accounts add`/],
    ["validation", "invalid", /owner to verify it.*`agp accounts verify`/],
    ["project", "invalid", /Why\. .*`agp accounts verify`/],
    ["denied", "invalid", /administrator.*`agp accounts verify`/],
    ["location", "invalid", /Why\. .*`agp accounts verify`/],
    ["banned", "frozen", /suspended the account: Why\. .*appeal/],
  ])("%s → %s", (failureClass, status, reason) => {
    const account = downgrade(fresh, failure(failureClass));
    expect(account.status).toBe(status);
    expect(account.statusReason).toMatch(reason);
    expect(account.statusReason).not.toContain("example.test");
  });

  test("a class that is no reason changes nothing", () => {
    expect(downgrade(fresh, failure("server"))).toBe(fresh);
  });
});

describe("the worse status wins", () => {
  test.each<readonly [AccountState["status"], FailureClass, AccountState["status"]]>([
    ["disabled", "auth", "disabled"],
    ["frozen", "auth", "frozen"],
    ["invalid", "banned", "frozen"],
    ["disabled", "banned", "frozen"],
    ["invalid", "validation", "invalid"],
  ])("%s, then %s: %s", (status, failureClass, expected) => {
    expect(downgrade({ ...fresh, status }, failure(failureClass)).status).toBe(expected);
  });
});

describe("the link to verify", () => {
  const validationUrl = "https://accounts.google.com/x?EXAMPLE";

  test("is kept beside the reason, not in it", () => {
    const account = downgrade(fresh, failure("validation", { validationUrl }));
    expect(account.validationUrl).toBe(validationUrl);
    expect(account.statusReason).not.toContain("https:");
  });

  test("goes when another reason takes its place", () => {
    const account = downgrade(fresh, failure("validation", { validationUrl }));
    expect(downgrade(account, failure("auth")).validationUrl).toBeUndefined();
  });

  test("the same failure again is no change; a new link is one", () => {
    const account = downgrade(fresh, failure("validation", { validationUrl }));
    expect(downgrade(account, failure("validation", { validationUrl }))).toBe(account);
    const renewed = downgrade(
      account,
      failure("validation", { validationUrl: `${validationUrl}2` }),
    );
    expect(renewed.validationUrl).toBe(`${validationUrl}2`);
  });
});
