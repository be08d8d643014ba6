import {
  BUILT_IN_CATALOGUE,
  type Catalogue,
  catalogueFrom,
  type FetchAvailableModelsResponse,
  type ModelQuota,
  readModelQuotas,
} from "@agp/core";

import type { Clock } from "../time/clock.ts";
import type { CloudCode } from "../upstream/cloud-code.ts";
import { readRpc } from "./rpc.ts";

/** What `fetchAvailableModels` tells of one account. */
export interface AccountModels {
  readonly answer: FetchAvailableModelsResponse;
  readonly quotas: ReadonlyMap<string, ModelQuota>;
}

/** Asks the backend which models an account has, and what is left of each; costs no quota. Source: cloud-code §1.6. */
export async function fetchModels(
  cloudCode: CloudCode,
  clock: Clock,
  account: { readonly accessToken: string; readonly projectId: string },
  signal: AbortSignal,
): Promise<AccountModels | undefined> {
  const body = JSON.stringify({ project: account.projectId });
  for (const endpoint of cloudCode.endpoints) {
    const { accessToken } = account;
    const call = { endpoint, accessToken, body, signal };
    const result = await readRpc(await cloudCode.call("fetchAvailableModels", call));
    if (result.kind === "answer") {
      // The wire's own type: every field is optional, and its readers trust none.
      const answer = result.body as FetchAvailableModelsResponse;
      return { answer, quotas: readModelQuotas(answer, clock.now()) };
    }
  }
  return undefined;
}

/** The catalogue of all accounts together; the built-in one until the first answer. */
export class CatalogueHolder {
  readonly #answers = new Map<string, FetchAvailableModelsResponse>();
  #catalogue: Catalogue = BUILT_IN_CATALOGUE;

  get current(): Catalogue {
    return this.#catalogue;
  }

  set(accountId: string, answer: FetchAvailableModelsResponse): void {
    this.#answers.set(accountId, answer);
    this.#catalogue = catalogueFrom([...this.#answers.values()]);
  }
}
