/** What Google thinks of an account; everything but `ok` makes its calls fail (cloud-code §9.3, rows 403 and 400). */
export type AccountCondition = "ok" | "validation" | "banned" | "location" | "license" | "denied";

export type SubscriptionTier = "free-tier" | "g1-pro-tier" | "g1-ultra-tier";

export interface AccountOptions {
  readonly email?: string;
  readonly name?: string;
  /** The account's own Cloud Code project. */
  readonly project?: string;
  readonly tier?: SubscriptionTier;
  /** False: `loadCodeAssist` knows no project until `onboardUser` made it. Default true. */
  readonly onboarded?: boolean;
  /** In which form `loadCodeAssist` tells the project. Default `string`. */
  readonly projectForm?: "string" | "object" | "projectId" | "project";
  readonly condition?: AccountCondition;
  readonly hiddenModels?: readonly string[];
  /** A fixed refresh token instead of a made one. */
  readonly refreshToken?: string;
}

/** One emulated Google account; tests may change its mutable fields while requests run. */
export interface EmulatedAccount {
  readonly email: string;
  /** Google's numeric user id. */
  readonly id: string;
  readonly name: string;
  readonly project: string;
  readonly projectNumber: string;
  readonly tier: SubscriptionTier;
  readonly projectForm: NonNullable<AccountOptions["projectForm"]>;
  /** The newest refresh token; the one that a user would have been given. */
  refreshToken: string;
  onboarded: boolean;
  condition: AccountCondition;
  hiddenModels: readonly string[];
  /** Whether consent was given before: without `prompt=consent` a second login brings no refresh token. */
  hasConsented: boolean;
}
