import type { Clock } from "../time/clock.ts";
import type { StoreLogger } from "./store-logger.ts";

/** How late an idle server notices an edit by another process; a request looks by itself (`refresh`). */
const POLL_MS = 250;

export interface ChangeWatcherOptions {
  /** A number that changes when another connection has committed (`PRAGMA data_version`); costs microseconds. */
  readonly readVersion: () => unknown;
  readonly clock: Clock;
  readonly logger: StoreLogger;
}

/** Tells listeners when another process has changed the database. */
export class ChangeWatcher {
  readonly #options: ChangeWatcherOptions;
  readonly #listeners = new Set<() => void | Promise<void>>();
  #version: unknown;
  #reloading: Promise<void> | undefined;
  #cancelTimer: (() => void) | undefined;
  #isClosed = false;

  constructor(options: ChangeWatcherOptions) {
    this.#options = options;
    this.#version = options.readVersion();
  }

  add(listener: () => void | Promise<void>): () => void {
    this.#listeners.add(listener);
    this.#poll();
    return () => void this.#listeners.delete(listener);
  }

  /** Resolves when the listeners have dealt with every change that was committed before the call. */
  async refresh(): Promise<void> {
    while (this.#hasChanged()) this.#reload();
    await this.#reloading;
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelTimer?.();
  }

  #poll(): void {
    if (this.#cancelTimer !== undefined || this.#isClosed) return;
    this.#cancelTimer = this.#options.clock.after(POLL_MS, () => {
      this.#cancelTimer = undefined;
      void this.refresh();
      this.#poll();
    });
  }

  #hasChanged(): boolean {
    if (this.#isClosed) return false;
    try {
      const version = this.#options.readVersion();
      if (version === this.#version) return false;
      this.#version = version;
      return true;
    } catch (error) {
      this.#options.logger.warn({ err: error }, "cannot see whether the database changed");
      return false;
    }
  }

  /** Behind a reload that runs already: that one may have read before this change. */
  #reload(): void {
    this.#reloading = (this.#reloading ?? Promise.resolve()).then(() => this.#callListeners());
  }

  async #callListeners(): Promise<void> {
    for (const listener of this.#listeners) {
      try {
        await listener();
      } catch (error) {
        this.#options.logger.error({ err: error }, "cannot take over a change of the database");
      }
    }
  }
}
