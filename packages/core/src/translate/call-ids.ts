const VALID_ID = /^[a-zA-Z0-9_-]+$/;

/**
 * Gives each tool call an id that Claude accepts and that is new in the conversation: `call.1/x` → `call_1_x`, a second
 * call with that id → `call_1_x_2`.
 *
 * Ids depend only on the calls before them, so that a longer conversation begins with the same bytes.
 * Source: cloud-code §4.2 (6).
 */
export class CallIds {
  /** Id → number of calls that wanted it. */
  readonly #uses = new Map<string, number>();

  upstream(clientId: string): string {
    const wanted = VALID_ID.test(clientId) ? clientId : repaired(clientId);
    const uses = this.#uses.get(wanted) ?? 0;
    this.#uses.set(wanted, uses + 1);
    return uses === 0 ? wanted : this.upstream(`${wanted}_${uses + 1}`);
  }
}

function repaired(clientId: string): string {
  return clientId.replace(/[^a-zA-Z0-9_-]/g, "_") || "_";
}
