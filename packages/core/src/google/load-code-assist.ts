/**
 * What the answers about an account's project say about the account.
 *
 * Source: cloud-code §1.4 and §1.5.
 */
import type { ClientMetadata } from "./cloud-code.ts";
import { asRecord, asRecords, asText, type JsonRecord } from "./read-json.ts";
import { safeValidationUrl } from "./validation-url.ts";

export type Subscription = "free" | "pro" | "ultra" | "unknown";

export type AccountSetup =
  | { readonly kind: "ready"; readonly projectId: string; readonly subscription: Subscription }
  /** No project yet: call onboardUser with this tier. */
  | {
      readonly kind: "onboard";
      readonly tierId: string;
      readonly subscription: Subscription;
    }
  /** Google wants the owner to verify the account first. The link is for the owner and admins only. */
  | { readonly kind: "validation"; readonly message: string; readonly validationUrl?: string }
  | { readonly kind: "ineligible"; readonly reasonCode: string; readonly message: string };

export type Onboarding =
  /** Wait 2–5 s, then GET `/v1internal/{operationName}`; without a name POST the same body again. */
  | { readonly kind: "pending"; readonly operationName?: string }
  /** Without an id: ask loadCodeAssist again. */
  | { readonly kind: "done"; readonly projectId?: string }
  | { readonly kind: "failed"; readonly message: string };

const DEFAULT_TIER_ID = "free-tier";

/** The order matters: `g1-ultra-tier` before anything that also contains a shorter word. Source: cloud-code §1.4. */
const SUBSCRIPTIONS = [
  ["ultra", "ultra"],
  ["pro", "pro"],
  ["premium", "pro"],
  ["standard-tier", "pro"],
  ["free", "free"],
] as const satisfies readonly (readonly [string, Subscription])[];

/** Body of loadCodeAssist; `projectId` repeats a project that the user chose. Source: cloud-code §1.4. */
export function loadCodeAssistBody(metadata: ClientMetadata, projectId?: string): JsonRecord {
  if (projectId === undefined) return { metadata };
  return {
    cloudaicompanionProject: projectId,
    metadata: { ...metadata, duetProject: projectId },
  };
}

/** Body of onboardUser, without a project: managed tiers refuse one. Source: cloud-code §1.5. */
export function onboardUserBody(metadata: ClientMetadata, tierId: string): JsonRecord {
  return { tierId, metadata };
}

/**
 * Decides from an answer of loadCodeAssist what to do with the account; an answer of any shape is taken.
 *
 * Source: cloud-code §1.4; fixture 70.
 */
export function readLoadCodeAssist(answer: unknown): AccountSetup {
  const record = asRecord(answer) ?? {};
  const subscription = subscriptionOf(record);
  const currentTier = asRecord(record["currentTier"]);
  const ineligible = asRecords(record["ineligibleTiers"]);

  // Without a current tier these say why there is none; beside one they are about tiers that nobody asked for.
  const validation =
    currentTier === undefined
      ? ineligible.find((tier) => tier["reasonCode"] === "VALIDATION_REQUIRED")
      : undefined;
  if (validation !== undefined) return needsValidation(validation);

  const projectId =
    projectIdOf(record["cloudaicompanionProject"]) ??
    projectIdOf(record["projectId"]) ??
    projectIdOf(record["project"]);
  if (projectId !== undefined) return { kind: "ready", projectId, subscription };

  const tierId = asText(defaultTier(record)?.["id"]);
  const refused = ineligible.find((tier) => tierId === undefined || tier["tierId"] === tierId);
  if (currentTier === undefined && refused !== undefined) return isIneligible(refused);
  return { kind: "onboard", tierId: tierId ?? DEFAULT_TIER_ID, subscription };
}

/**
 * Reads an answer of onboardUser, or of its operation's poll.
 *
 * Source: cloud-code §1.5; fixture 71.
 */
export function readOnboarding(answer: unknown): Onboarding {
  const operation = asRecord(answer) ?? {};
  const error = asRecord(operation["error"]);
  if (error !== undefined) {
    return { kind: "failed", message: asText(error["message"]) ?? "onboarding failed" };
  }
  if (operation["done"] !== true) {
    const operationName = asText(operation["name"]);
    return operationName === undefined ? { kind: "pending" } : { kind: "pending", operationName };
  }
  const projectId = projectIdOf(asRecord(operation["response"])?.["cloudaicompanionProject"]);
  return projectId === undefined ? { kind: "done" } : { kind: "done", projectId };
}

/** A project comes as its id or as `{id}`; undefined for anything else. */
function projectIdOf(value: unknown): string | undefined {
  return asText(value) ?? asText(asRecord(value)?.["id"]);
}

function needsValidation(tier: JsonRecord): AccountSetup {
  const validationUrl = safeValidationUrl(tier["validationUrl"]);
  const message = asText(tier["reasonMessage"]) ?? "Verify your account to continue.";
  return { kind: "validation", message, ...(validationUrl === undefined ? {} : { validationUrl }) };
}

function isIneligible(tier: JsonRecord): AccountSetup {
  const reasonCode = asText(tier["reasonCode"]) ?? "UNKNOWN";
  const message = asText(tier["reasonMessage"]) ?? `The account is not eligible (${reasonCode}).`;
  return { kind: "ineligible", reasonCode, message };
}

/** `paidTier` tells the subscription, never the tier to onboard with. */
function subscriptionOf(record: JsonRecord): Subscription {
  const id =
    asText(asRecord(record["paidTier"])?.["id"]) ??
    asText(asRecord(record["currentTier"])?.["id"]) ??
    asText(defaultTier(record)?.["id"]) ??
    "";
  return SUBSCRIPTIONS.find(([part]) => id.includes(part))?.[1] ?? "unknown";
}

function defaultTier(record: JsonRecord): JsonRecord | undefined {
  const tiers = asRecords(record["allowedTiers"]);
  return tiers.find((tier) => tier["isDefault"] === true) ?? tiers[0];
}
