import type { Exchange } from "./app.ts";

/** The requests that are being answered. */
export class RunningRequests {
  readonly #running = new Set<Exchange>();

  get size(): number {
    return this.#running.size;
  }

  add(exchange: Exchange): void {
    this.#running.add(exchange);
    exchange.response.once("close", () => this.#running.delete(exchange));
  }

  /** Resolves when none runs any more, or after `ms`. */
  untilIdle(ms: number): Promise<void> {
    if (this.#running.size === 0 || ms <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      for (const { response } of this.#running) {
        response.once("close", () => {
          if (this.#running.size > 0) return;
          clearTimeout(timer);
          resolve();
        });
      }
    });
  }

  /** Breaks off what still runs. */
  destroy(): void {
    for (const { response } of this.#running) response.destroy();
  }
}
