/** Named points at which streams wait until a test lets them go on. An open gate stays open. */
export class Gates {
  readonly #open = new Set<string>();
  #waiting: { readonly name: string; readonly resolve: () => void }[] = [];

  open(name: string): void {
    this.#open.add(name);
    const released = this.#waiting.filter((waiter) => waiter.name === name);
    this.#waiting = this.#waiting.filter((waiter) => waiter.name !== name);
    for (const waiter of released) waiter.resolve();
  }

  /** Resolves when the gate opens or the signal aborts. */
  pass(name: string, signal: AbortSignal): Promise<void> {
    if (this.#open.has(name) || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting.push({ name, resolve });
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
  }

  /** Closes all gates again; streams that wait go on. */
  clear(): void {
    for (const waiter of this.#waiting) waiter.resolve();
    this.#waiting = [];
    this.#open.clear();
  }
}
