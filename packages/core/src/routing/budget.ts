/** Attempts of one client request, of any kind. A seat belt: each class of failure has its own, tighter bound. */
export const MAX_ATTEMPTS = 50;

/** Attempts and waits of one client request together; clients give up at 600 s. */
export const MAX_TOTAL_MS = 300_000;

/** What one client request may still use. */
export interface Budget {
  /** Epoch ms. */
  readonly now: number;
  /** When the request came in, epoch ms. */
  readonly startedAt: number;
  /** Attempts made so far. */
  readonly attemptsMade: number;
  /** All waits so far together: back-off, waits in place, waits for a reset. */
  readonly waitedMs: number;
  /** `MAX_WAIT`, in ms. */
  readonly maxWaitMs: number;
}

export type SpentReason = "attempts" | "time";

/** What is used up, or undefined while another attempt may be made. Source: cloud-code §9.3, last paragraph. */
export function spentReason(budget: Budget): SpentReason | undefined {
  if (budget.attemptsMade >= MAX_ATTEMPTS) return "attempts";
  return elapsedMs(budget) >= MAX_TOTAL_MS ? "time" : undefined;
}

/** Whether a wait of `ms` fits into `MAX_WAIT` and leaves time for an attempt. Source: cloud-code §9.3, last paragraph. */
export function fitsBudget(budget: Budget, ms: number): boolean {
  return budget.waitedMs + ms <= budget.maxWaitMs && elapsedMs(budget) + ms < MAX_TOTAL_MS;
}

/** A clock that was set back must not make a request immortal, nor one that was set forward shorter than nothing. */
function elapsedMs({ now, startedAt, waitedMs }: Budget): number {
  return Math.max(now - startedAt, waitedMs);
}
