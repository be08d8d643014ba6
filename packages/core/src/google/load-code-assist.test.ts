import fc from "fast-check";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  loadCodeAssistBody,
  onboardUserBody,
  readLoadCodeAssist,
  readOnboarding,
  type AccountSetup,
} from "./load-code-assist.ts";

interface LoadCase {
  readonly name: string;
  readonly request?: { readonly metadata: typeof metadata };
  readonly response: unknown;
  readonly expect: {
    readonly project?: string | null;
    readonly tier?: string;
    readonly onboardTier?: string;
    readonly validationUrl?: string;
    readonly error?: string;
  };
}

const metadata = {
  ideType: "ANTIGRAVITY",
  platform: "PLATFORM_UNSPECIFIED",
  pluginType: "GEMINI",
};
const read = (file: string) =>
  JSON.parse(readFileSync(new URL(`__fixtures__/${file}`, import.meta.url), "utf8"));
const loads: readonly LoadCase[] = read("70-load-code-assist.json");
const onboarding: {
  readonly request: unknown;
  readonly responses: readonly unknown[];
  readonly poll: string;
  readonly expect: { readonly project: string };
} = read("71-onboard-user.json");

/** The decision in the words of the fixture. */
function inFixtureWords(setup: AccountSetup): LoadCase["expect"] {
  switch (setup.kind) {
    case "ready":
      return { project: setup.projectId, tier: setup.subscription };
    case "onboard":
      return { project: null, onboardTier: setup.tierId };
    case "validation":
      return setup.validationUrl === undefined ? {} : { validationUrl: setup.validationUrl };
    case "ineligible":
      return { error: setup.message };
  }
}

describe("answers of the fixture", () => {
  test.each(loads)("$name", ({ response, expect: expected }) => {
    expect(inFixtureWords(readLoadCodeAssist(response))).toEqual(expected);
  });

  test("the request is the fixture's", () => {
    expect(loadCodeAssistBody(metadata)).toEqual(loads[0]?.request);
    expect(onboardUserBody(metadata, "free-tier")).toEqual(onboarding.request);
  });
});

describe("readLoadCodeAssist", () => {
  const free = { id: "free-tier", isDefault: true };

  test.each([
    ["project under projectId", { projectId: "p" }, { kind: "ready", projectId: "p" }],
    ["project under project", { project: { id: "p" } }, { kind: "ready", projectId: "p" }],
    ["ultra", { project: "p", paidTier: { id: "g1-ultra-tier" } }, { subscription: "ultra" }],
    ["standard", { project: "p", currentTier: { id: "standard-tier" } }, { subscription: "pro" }],
    ["another tier", { project: "p", currentTier: { id: "x" } }, { subscription: "unknown" }],
    [
      "the first tier when none is default",
      { allowedTiers: [{ id: "a" }, { id: "b" }] },
      { tierId: "a" },
    ],
    ["the default tier", { allowedTiers: [{ id: "a" }, free] }, { tierId: "free-tier" }],
    ["nothing at all", {}, { kind: "onboard", tierId: "free-tier" }],
    ["no answer", undefined, { kind: "onboard", tierId: "free-tier" }],
    ["wrong types", { allowedTiers: 1, currentTier: [], project: 7 }, { kind: "onboard" }],
    [
      "a paid tier is no tier to onboard with",
      { allowedTiers: [free], paidTier: { id: "g1-pro-tier" } },
      { kind: "onboard", tierId: "free-tier", subscription: "pro" },
    ],
    [
      "validation of another tier does not matter beside a current one",
      { project: "p", currentTier: free, ineligibleTiers: [{ reasonCode: "VALIDATION_REQUIRED" }] },
      { kind: "ready", projectId: "p" },
    ],
    [
      "another tier is refused, this one is not",
      { allowedTiers: [free], ineligibleTiers: [{ reasonCode: "DASHER_USER", tierId: "other" }] },
      { kind: "onboard", tierId: "free-tier" },
    ],
    [
      "refusals do not matter beside a current tier, also without a project",
      { currentTier: free, allowedTiers: [free], ineligibleTiers: [{ tierId: free.id }] },
      { kind: "onboard", tierId: "free-tier" },
    ],
    [
      "the tier itself is refused",
      {
        allowedTiers: [free],
        ineligibleTiers: [{ reasonCode: "RESTRICTED_AGE", tierId: free.id }],
      },
      { kind: "ineligible", reasonCode: "RESTRICTED_AGE" },
    ],
  ])("%s", (_name, answer, expected) => {
    expect(readLoadCodeAssist(answer)).toMatchObject(expected);
  });

  test("a link to another host is not passed on", () => {
    const tier = { reasonCode: "VALIDATION_REQUIRED", validationUrl: "https://evil.test/" };
    expect(readLoadCodeAssist({ ineligibleTiers: [tier] })).toEqual({
      kind: "validation",
      message: "Verify your account to continue.",
    });
  });

  test("takes any JSON", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        expect(readLoadCodeAssist(value).kind).toBeTypeOf("string");
        expect(readOnboarding(value).kind).toBeTypeOf("string");
      }),
    );
  });

  test("a chosen project stands in both places", () => {
    expect(loadCodeAssistBody(metadata, "p")).toEqual({
      cloudaicompanionProject: "p",
      metadata: { ...metadata, duetProject: "p" },
    });
  });
});

describe("readOnboarding", () => {
  test("plays the fixture's operation", () => {
    const operationName = onboarding.poll.replace("GET /v1internal/", "");
    expect(onboarding.responses.map(readOnboarding)).toEqual([
      { kind: "pending", operationName },
      { kind: "pending", operationName },
      { kind: "done", projectId: onboarding.expect.project },
    ]);
  });

  test.each([
    ["pending without a name", {}, { kind: "pending" }],
    ["done without a project", { done: true, response: {} }, { kind: "done" }],
    [
      "done with the id alone",
      { done: true, response: { cloudaicompanionProject: "p" } },
      { kind: "done", projectId: "p" },
    ],
    [
      "failed",
      { done: true, error: { code: 9, message: "no" } },
      { kind: "failed", message: "no" },
    ],
    ["failed without a word", { error: {} }, { kind: "failed", message: "onboarding failed" }],
  ])("%s", (_name, answer, expected) => {
    expect(readOnboarding(answer)).toEqual(expected);
  });
});
