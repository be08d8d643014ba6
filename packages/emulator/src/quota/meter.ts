import { MODELS, type EmulatedModel, type Pool } from "../models/catalogue.ts";

export type QuotaWindow = "5h" | "weekly";

/** How much of a window is left. `resetAt`: epoch ms. */
export interface QuotaFigure {
  readonly remainingFraction: number;
  readonly resetAt: number;
}

export interface QuotaChange {
  readonly remainingFraction: number;
  /** Epoch ms; default: a whole window from now. */
  readonly resetAt?: number;
  readonly window?: QuotaWindow;
}

export type QuotaVerdict =
  | { readonly kind: "spent" }
  | { readonly kind: "exhausted"; readonly window: QuotaWindow; readonly resetAt: number };

const WINDOW_MS: Readonly<Record<QuotaWindow, number>> = {
  "5h": 5 * 3600 * 1000,
  weekly: 7 * 24 * 3600 * 1000,
};
const WINDOWS: readonly QuotaWindow[] = ["weekly", "5h"];
/** A week holds this many full 5-hour windows. */
const WINDOWS_IN_A_WEEK = 10;

interface Used {
  used: number;
  resetAt: number;
}

/** Meters requests by account and pool over the two windows of the backend. Source: cloud-code §10. */
export class QuotaMeter {
  readonly #now: () => number;
  /** How many requests a full 5-hour window allows. */
  readonly #windowRequests: number;
  readonly #used = new Map<string, Used>();

  constructor(now: () => number, windowRequests: number) {
    this.#now = now;
    this.#windowRequests = windowRequests;
  }

  /** A full window's reset moves with the clock; an unknown one is full. */
  figure(account: string, pool: Pool, window: QuotaWindow): QuotaFigure {
    const used = this.#current(account, pool, window);
    return {
      remainingFraction: Math.max(0, Number((1 - (used?.used ?? 0)).toFixed(4))),
      resetAt: used?.resetAt ?? this.#now() + WINDOW_MS[window],
    };
  }

  /** Takes one request from both windows, or says which is used up and until when. */
  spend(account: string, model: EmulatedModel): QuotaVerdict {
    for (const window of WINDOWS) {
      const used = this.#current(account, model.pool, window);
      // Half a request of tolerance: the shares of many requests do not sum up exactly.
      if (used !== undefined && used.used > 1 - 0.5 * this.#share(window)) {
        return { kind: "exhausted", window, resetAt: used.resetAt };
      }
    }
    for (const window of WINDOWS) this.#add(account, model.pool, window);
    return { kind: "spent" };
  }

  /** Sets what is left of a pool, given by its name or by one of its models. */
  set(account: string, poolOrModel: string, change: QuotaChange): void {
    const pool = poolOf(poolOrModel);
    const window = change.window ?? "5h";
    this.#used.set(keyOf(account, pool, window), {
      used: 1 - change.remainingFraction,
      resetAt: change.resetAt ?? this.#now() + WINDOW_MS[window],
    });
  }

  clear(): void {
    this.#used.clear();
  }

  #current(account: string, pool: Pool, window: QuotaWindow): Used | undefined {
    const key = keyOf(account, pool, window);
    const used = this.#used.get(key);
    if (used === undefined || used.resetAt > this.#now()) return used;
    this.#used.delete(key);
    return undefined;
  }

  #add(account: string, pool: Pool, window: QuotaWindow): void {
    const used = this.#current(account, pool, window);
    if (used !== undefined) {
      used.used += this.#share(window);
      return;
    }
    const resetAt = this.#now() + WINDOW_MS[window];
    this.#used.set(keyOf(account, pool, window), { used: this.#share(window), resetAt });
  }

  #share(window: QuotaWindow): number {
    const share = 1 / this.#windowRequests;
    return window === "5h" ? share : share / WINDOWS_IN_A_WEEK;
  }
}

function keyOf(account: string, pool: Pool, window: QuotaWindow): string {
  return `${account} ${pool} ${window}`;
}

/** The pool of a name that is a pool or a model; throws for neither: a test that names it is wrong. */
function poolOf(name: string): Pool {
  if (name === "gemini" || name === "3p") return name;
  const model = MODELS.get(name);
  if (model === undefined) throw new Error(`emulator: no pool or model is called ${name}`);
  return model.pool;
}
