import type { JsonObject } from "@agp/core";
import type { EmulatedAccount } from "../accounts/account.ts";
import { invalidArgument } from "../errors/google-error.ts";
import { ok, type Reply } from "../http/reply.ts";
import { isObject } from "../json.ts";

const FREE_TIER = {
  id: "free-tier",
  name: "Antigravity",
  description: "Gemini-powered code suggestions and chat",
  isDefault: true,
  privacyNotice: { showNotice: false },
};
const STANDARD_TIER = {
  id: "standard-tier",
  name: "Gemini Code Assist",
  userDefinedCloudaicompanionProject: true,
};
const PAID_NAMES: Readonly<Record<string, string>> = {
  "g1-pro-tier": "Google AI Pro",
  "g1-ultra-tier": "Google AI Ultra",
};

/** `loadCodeAssist`: project and tier of the account. Source: cloud-code §1.4, fixture 70. */
export function loadCodeAssist(account: EmulatedAccount, body: JsonObject): Reply {
  if (!isObject(body.metadata)) return invalidArgument("metadata is required");
  const ineligible = ineligibleTier(account);
  if (ineligible) return ok({ allowedTiers: [FREE_TIER], ineligibleTiers: [ineligible] });
  if (!account.onboarded) return ok({ allowedTiers: [FREE_TIER] });
  const isAntigravity = body.metadata.ideType === "ANTIGRAVITY" || body.metadata.ideType === 9;
  return ok({
    currentTier: FREE_TIER,
    allowedTiers: [FREE_TIER, STANDARD_TIER],
    ...paidTier(account),
    ...projectFields(account, isAntigravity ? account.project : gcaProject(account)),
    gcpManaged: false,
    manageSubscriptionUri: "https://accounts.google.com/AccountChooser",
  });
}

/** The project that an account is given when it is asked for as Gemini Code Assist: it has no licence (cloud-code §12.11). */
export function gcaProject(account: EmulatedAccount): string {
  return `${account.project}-gca`;
}

function projectFields(account: EmulatedAccount, project: string): object {
  switch (account.projectForm) {
    case "string":
      return { cloudaicompanionProject: project };
    case "object":
      return { cloudaicompanionProject: { id: project, name: project } };
    case "projectId":
      return { projectId: project };
    case "project":
      return { project };
  }
}

function paidTier(account: EmulatedAccount): object {
  if (account.tier === "free-tier") return {};
  const credit = {
    creditType: "GOOGLE_ONE_AI",
    creditAmount: "250",
    minimumCreditAmountForUsage: "1",
  };
  const name = PAID_NAMES[account.tier];
  return { paidTier: { id: account.tier, name, availableCredits: [credit] } };
}

function ineligibleTier(account: EmulatedAccount): object | undefined {
  switch (account.condition) {
    case "validation":
      return {
        reasonCode: "VALIDATION_REQUIRED",
        reasonMessage: "Verify your account to continue.",
        tierId: "free-tier",
        validationUrl: "https://accounts.google.com/signin/continue?sarp=1&scc=1&plt=EMULATED",
      };
    case "location":
      return {
        reasonCode: "UNSUPPORTED_LOCATION",
        reasonMessage: "Your location is not supported.",
        tierId: "free-tier",
      };
    case "ok":
    case "banned":
    case "license":
    case "denied":
      return undefined;
  }
}
