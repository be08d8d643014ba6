import type { JsonObject } from "@agp/core";
import type { EmulatedAccount } from "../accounts/account.ts";
import { googleError, invalidArgument } from "../errors/google-error.ts";
import { ok, type Reply } from "../http/reply.ts";
import type { IdSource } from "../ids.ts";
import { isObject } from "../json.ts";

interface Operation {
  readonly name: string;
  readonly account: EmulatedAccount;
  /** How often it was asked for. */
  asked: number;
}

/** Onboarding as a long-running operation, one for each account. Source: cloud-code §1.5, fixture 71. */
export class Onboarding {
  readonly #ids: IdSource;
  readonly #pollsNeeded: number;
  readonly #operations = new Map<string, Operation>();

  constructor(ids: IdSource, pollsNeeded: number) {
    this.#ids = ids;
    this.#pollsNeeded = pollsNeeded;
  }

  /** `onboardUser`: starts the account's operation or resumes it. */
  start(account: EmulatedAccount, body: JsonObject): Reply {
    const refusal = checkBody(body);
    if (refusal !== undefined) return refusal;
    const running = [...this.#operations.values()].find((other) => other.account === account);
    const operation = running ?? {
      name: `operations/${this.#ids.hex(16)}`,
      account,
      asked: 0,
    };
    this.#operations.set(operation.name, operation);
    return this.#progress(operation);
  }

  /** `GET /v1internal/operations/…`; 404 for an operation of somebody else. */
  poll(account: EmulatedAccount, name: string): Reply {
    const operation = this.#operations.get(name);
    return operation?.account === account
      ? this.#progress(operation)
      : googleError(404, "Requested entity was not found.");
  }

  clear(): void {
    this.#operations.clear();
  }

  #progress(operation: Operation): Reply {
    const { name, account } = operation;
    operation.asked += 1;
    if (operation.asked <= this.#pollsNeeded) {
      // proto-JSON leaves out a false `done`, but some answers carry it.
      return ok(operation.asked === 1 ? { name, done: false } : { name });
    }
    account.onboarded = true;
    return ok({
      name,
      done: true,
      response: {
        "@type": "type.googleapis.com/google.internal.cloud.code.v1internal.OnboardUserResponse",
        cloudaicompanionProject: {
          id: account.project,
          name: account.project,
          projectNumber: account.projectNumber,
        },
      },
    });
  }
}

function checkBody(body: JsonObject): Reply | undefined {
  if (!isObject(body.metadata)) return invalidArgument("metadata is required");
  switch (body.tierId) {
    case undefined:
    case "":
      return invalidArgument("tier_id is required");
    case "free-tier":
      return body.cloudaicompanionProject === undefined
        ? undefined
        : googleError(400, "Precondition check failed.", { status: "FAILED_PRECONDITION" });
    case "standard-tier":
      return undefined;
    default:
      return invalidArgument(`Invalid tier: ${JSON.stringify(body.tierId)}`);
  }
}
