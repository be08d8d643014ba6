import {
  type AccountSetup,
  type ClientMetadata,
  loadCodeAssistBody,
  onboardUserBody,
  readLoadCodeAssist,
  readOnboarding,
  type UpstreamFailure,
} from "@agp/core";

import { type Clock, sleep } from "../time/clock.ts";
import type { CloudCode } from "../upstream/cloud-code.ts";
import type { ExchangeResult } from "../upstream/exchange.ts";
import { readRpc, type RpcResult } from "./rpc.ts";

/** Finds the Cloud Code project of an account, and makes one where there is none. Source: cloud-code §1.4 and §1.5. */
export interface ProjectSource {
  discover(accessToken: string, signal: AbortSignal): Promise<ProjectResult>;
}

export type ProjectResult =
  | { readonly kind: "ready"; readonly projectId: string; readonly tier: string }
  | Exclude<AccountSetup, { kind: "ready" | "onboard" }>
  /** Nobody's fault but the backend's: the account stays as it is. */
  | { readonly kind: "unreachable"; readonly failure: UpstreamFailure };

export interface ProjectSourceOptions {
  readonly cloudCode: CloudCode;
  readonly clock: Clock;
  readonly metadata: ClientMetadata;
}

const POLL_EVERY_MS = 2_000;
const MAX_POLLS = 30;

/** Makes the source; it remembers nothing, the caller stores what it finds. */
export function createProjectSource(options: ProjectSourceOptions): ProjectSource {
  const { cloudCode, clock, metadata } = options;
  // This RPC knows new accounts better on prod: the list is walked from its end (cloud-code §1.1).
  const loadOrder = cloudCode.endpoints.toReversed();

  async function onboard(
    accessToken: string,
    tierId: string,
    signal: AbortSignal,
  ): Promise<
    { projectId?: string } | Extract<ProjectResult, { kind: "ineligible" | "unreachable" }>
  > {
    const body = JSON.stringify(onboardUserBody(metadata, tierId));
    let operation: string | undefined;
    for (let poll = 0; poll < MAX_POLLS && !signal.aborted; poll += 1) {
      const answer = await firstAnswer(cloudCode.endpoints, (endpoint) =>
        operation === undefined
          ? cloudCode.call("onboardUser", { endpoint, accessToken, body, signal })
          : cloudCode.operation(operation, { endpoint, accessToken, signal }),
      );
      if (answer.kind === "failure") return { kind: "unreachable", failure: answer.failure };
      const state = readOnboarding(answer.body);
      if (state.kind === "failed") {
        return { kind: "ineligible", reasonCode: "ONBOARDING_FAILED", message: state.message };
      }
      if (state.kind === "done") return state.projectId === undefined ? {} : state;
      operation = state.operationName;
      await sleep(clock, POLL_EVERY_MS, signal);
    }
    return {
      kind: "ineligible",
      reasonCode: "ONBOARDING_TIMEOUT",
      message: "Onboarding did not end in time.",
    };
  }

  async function load(
    accessToken: string,
    signal: AbortSignal,
  ): Promise<AccountSetup | UnreachableResult> {
    const body = JSON.stringify(loadCodeAssistBody(metadata));
    const answer = await firstAnswer(loadOrder, (endpoint) =>
      cloudCode.call("loadCodeAssist", { endpoint, accessToken, body, signal }),
    );
    if (answer.kind === "failure") return { kind: "unreachable", failure: answer.failure };
    return readLoadCodeAssist(answer.body);
  }

  return {
    async discover(accessToken, signal) {
      const setup = await load(accessToken, signal);
      if (setup.kind === "ready") return ready(setup);
      if (setup.kind !== "onboard") return setup;
      const onboarded = await onboard(accessToken, setup.tierId, signal);
      if ("kind" in onboarded) return onboarded;
      if (onboarded.projectId !== undefined) {
        return { kind: "ready", projectId: onboarded.projectId, tier: setup.subscription };
      }
      const again = await load(accessToken, signal);
      if (again.kind === "ready") return ready(again);
      if (again.kind !== "onboard") return again;
      const message = "The backend gave this account no Cloud Code project.";
      return { kind: "ineligible", reasonCode: "NO_PROJECT", message };
    },
  };
}

type UnreachableResult = Extract<ProjectResult, { kind: "unreachable" }>;

function ready(setup: Extract<AccountSetup, { kind: "ready" }>): ProjectResult {
  return { kind: "ready", projectId: setup.projectId, tier: setup.subscription };
}

/** Asks one endpoint after the other until one answers; a 4xx is an answer that another endpoint would not change. */
async function firstAnswer(
  endpoints: readonly string[],
  ask: (endpoint: string) => Promise<ExchangeResult>,
): Promise<RpcResult> {
  let last: RpcResult | undefined;
  for (const endpoint of endpoints) {
    last = await readRpc(await ask(endpoint));
    if (last.kind === "answer") return last;
    const { failure } = last;
    if (failure.kind === "http" && failure.status >= 400 && failure.status < 500) return last;
  }
  return (
    last ?? {
      kind: "failure",
      failure: { kind: "network", code: "NO_ENDPOINT", message: "no endpoint is configured" },
    }
  );
}
