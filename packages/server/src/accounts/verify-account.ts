import type { Account, AccountChanges, Store } from "../store/store.ts";
import type { Clock } from "../time/clock.ts";
import type { CloudCode } from "../upstream/cloud-code.ts";
import { type AccountModels, fetchModels } from "./catalogue-source.ts";
import type { ProjectResult, ProjectSource } from "./project-source.ts";
import type { TokenResult, TokenSource } from "./tokens.ts";

export interface VerifyServices {
  readonly store: Store;
  readonly clock: Clock;
  readonly tokens: TokenSource;
  readonly projects: ProjectSource;
  readonly cloudCode: CloudCode;
}

export type Verification =
  | { readonly kind: "ok"; readonly projectId: string; readonly models: AccountModels | undefined }
  /** The account cannot be used, and says what its owner has to do. */
  | { readonly kind: "unusable"; readonly reason: string }
  /** Nothing was learnt about the account: a network fault never marks it. */
  | { readonly kind: "unknown"; readonly reason: string };

export const LOGIN_AGAIN =
  "The refresh token was revoked or has expired. Add the account again with a new one (agp accounts add --help).";

/** Checks token, project and model list of an account, and stores what it finds. */
export async function verifyAccount(
  services: VerifyServices,
  account: Account,
  signal: AbortSignal,
): Promise<Verification> {
  const { store, tokens, projects, clock, cloudCode } = services;
  const token = await tokens.accessToken(account.id, signal);
  if (token.kind !== "token") return tokenProblem(store, account, token);
  let projectId = account.projectId;
  if (projectId === undefined) {
    const found = await projects.discover(token.token, signal);
    if (found.kind !== "ready") return projectProblem(store, account, found);
    projectId = found.projectId;
    await store.accounts.update(account.id, { projectId, tier: found.tier });
  }
  if (account.status === "invalid") await store.accounts.update(account.id, MADE_VALID);
  const models = await fetchModels(
    cloudCode,
    clock,
    { accessToken: token.token, projectId },
    signal,
  );
  return { kind: "ok", projectId, models };
}

const MADE_VALID: AccountChanges = {
  status: "active",
  statusReason: undefined,
  validationUrl: undefined,
  restsUntil: undefined,
};

async function tokenProblem(
  store: Store,
  account: Account,
  problem: Exclude<TokenResult, { kind: "token" }>,
): Promise<Verification> {
  switch (problem.kind) {
    case "invalid_grant":
      await store.accounts.update(account.id, { status: "invalid", statusReason: LOGIN_AGAIN });
      return { kind: "unusable", reason: LOGIN_AGAIN };
    case "client_error":
      return { kind: "unknown", reason: problem.message };
    case "unreachable":
      return { kind: "unknown", reason: "Google's token endpoint cannot be reached just now." };
  }
}

async function projectProblem(
  store: Store,
  account: Account,
  problem: Exclude<ProjectResult, { kind: "ready" }>,
): Promise<Verification> {
  switch (problem.kind) {
    case "validation": {
      const reason = `${problem.message} The owner has to verify the account with Google (agp accounts list shows the link).`;
      await store.accounts.update(account.id, {
        status: "invalid",
        statusReason: reason,
        validationUrl: problem.validationUrl,
      });
      return { kind: "unusable", reason };
    }
    case "ineligible":
      await store.accounts.update(account.id, { status: "invalid", statusReason: problem.message });
      return { kind: "unusable", reason: problem.message };
    case "unreachable":
      return { kind: "unknown", reason: "Cloud Code cannot be reached just now." };
  }
}
