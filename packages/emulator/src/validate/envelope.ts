import type { EmulatedAccount } from "../accounts/account.ts";
import { googleError, invalidArgument, strictRefusal } from "../errors/google-error.ts";
import type { Reply } from "../http/reply.ts";
import type { UncheckedEnvelope } from "./unchecked.ts";

const MAX_SESSION_ID_CHARS = 128;
const REQUEST_TYPES: ReadonlySet<string> = new Set(["agent", "web_search", "image_gen"]);

/** Required fields of the envelope. Source: cloud-code §3, §14.2–3. */
export function checkEnvelope(envelope: UncheckedEnvelope, isStrict: boolean): Reply | undefined {
  if (!envelope.project) return invalidArgument("* project: must not be empty.\n");
  if (!envelope.model) return invalidArgument("* model: must not be empty.\n");
  if (envelope.request === undefined) return invalidArgument("* request: must be set.\n");
  if ((envelope.request.sessionId ?? "").length > MAX_SESSION_ID_CHARS) {
    return invalidArgument(
      `* request.session_id: must not be longer than ${MAX_SESSION_ID_CHARS} characters.\n`,
    );
  }
  if (!isStrict) return undefined;
  const type = envelope.requestType;
  if (type !== undefined && !REQUEST_TYPES.has(type)) {
    return strictRefusal(`requestType ${JSON.stringify(type)} is unknown`);
  }
  return undefined;
}

/** The 403 of a project that is not the account's own. Source: cloud-code §3, fixture 51 "foreign project". */
export function checkProject(project: string, account: EmulatedAccount): Reply | undefined {
  if (project === account.project && account.onboarded) return undefined;
  return googleError(
    403,
    `Permission 'cloudaicompanion.companions.generateChat' denied on resource '//cloudaicompanion.googleapis.com/projects/${project}/locations/global' (or it may not exist).`,
  );
}

/** Ids that were used before: each HTTP attempt needs a new one. The oldest are forgotten. Source: cloud-code §3, §14.2. */
export class RequestIds {
  static readonly #LIMIT = 100_000;
  readonly #used = new Set<string>();

  /** Remembers the id; a strict refusal when it was used before. */
  use(id: string | undefined): Reply | undefined {
    if (id === undefined) return undefined;
    if (this.#used.has(id)) return strictRefusal(`requestId ${id} was used before`);
    this.#used.add(id);
    if (this.#used.size > RequestIds.#LIMIT) {
      const [oldest] = this.#used;
      if (oldest !== undefined) this.#used.delete(oldest);
    }
    return undefined;
  }

  clear(): void {
    this.#used.clear();
  }
}

/** A strict refusal when a body holds one of the secrets; says which by number, never the secret itself. Source: cloud-code §14.20. */
export function checkSecrets(body: Buffer, secrets: readonly string[]): Reply | undefined {
  const index = secrets.findIndex((secret) => body.includes(secret));
  return index < 0
    ? undefined
    : strictRefusal(`the body holds a secret of the client (number ${index + 1} of those known)`);
}
