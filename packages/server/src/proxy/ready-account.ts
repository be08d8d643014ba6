import { classifyFailure, type Failure } from "@agp/core";

import type { ProjectResult } from "../accounts/project-source.ts";
import type { TokenResult } from "../accounts/tokens.ts";
import type { ServeServices } from "./serve-types.ts";

/** What an attempt needs of an account. */
export interface Credentials {
  readonly accountId: string;
  readonly accessToken: string;
  readonly projectId: string;
}

export type ReadyAccount =
  | ({ readonly kind: "ready" } & Credentials)
  | { readonly kind: "failure"; readonly failure: Failure }
  | { readonly kind: "aborted" };

/** Gets an access token and the project of an account; a project found for the first time is stored. */
export async function readyAccount(
  services: Pick<ServeServices, "tokens" | "projects" | "pool" | "clock">,
  accountId: string,
  refusedToken: string | undefined,
  signal: AbortSignal,
): Promise<ReadyAccount> {
  const { tokens, projects, pool, clock } = services;
  const token = await tokens.accessToken(accountId, signal, refusedToken);
  if (signal.aborted) return { kind: "aborted" };
  const now = clock.now();
  if (token.kind !== "token") return { kind: "failure", failure: tokenFailure(token, now) };
  const known = pool.projectOf(accountId);
  const credentials = { accountId, accessToken: token.token };
  if (known !== undefined) return { kind: "ready", ...credentials, projectId: known };
  const found = await projects.discover(token.token, signal);
  if (signal.aborted) return { kind: "aborted" };
  if (found.kind !== "ready") return { kind: "failure", failure: projectFailure(found, now) };
  await pool.setProject(accountId, found.projectId, found.tier);
  return { kind: "ready", ...credentials, projectId: found.projectId };
}

function tokenFailure(token: Exclude<TokenResult, { kind: "token" }>, now: number): Failure {
  switch (token.kind) {
    case "invalid_grant":
      return {
        class: "auth",
        reason: "invalid_grant",
        message: "The account's login has expired or was revoked.",
      };
    case "client_error":
      return { class: "oauth_client", message: token.message };
    case "unreachable":
      return classifyFailure(token.failure, now);
  }
}

function projectFailure(found: Exclude<ProjectResult, { kind: "ready" }>, now: number): Failure {
  switch (found.kind) {
    case "validation":
      return {
        class: "validation",
        message: found.message,
        ...(found.validationUrl === undefined ? {} : { validationUrl: found.validationUrl }),
      };
    case "ineligible":
      return { class: "project", reason: found.reasonCode, message: found.message };
    case "unreachable":
      return classifyFailure(found.failure, now);
  }
}
