import type { FailureClass } from "../routing/failure.ts";

/** State of the accounts as decisions see it: plain data, one value per account. */
export interface AccountState {
  readonly id: string;
  readonly email: string;
  /** Absent: belongs to everybody. */
  readonly ownerId?: string;
  readonly status: "active" | "disabled" | "invalid" | "frozen";
  /** Why the account is `invalid` or `frozen`, and what its owner has to do. */
  readonly statusReason?: string;
  /** By backend model id. Entries in the past do not count. */
  readonly limits: ReadonlyMap<string, ModelLimit>;
  /** The whole account rests until then (epoch ms): no fault of one model, as after a 403 without a reason. */
  readonly restsUntil?: number;
  /** Share of the 5-hour window that is left, by model id: a hint for ordering, never a proof (cloud-code §10). */
  readonly quotas: ReadonlyMap<string, ModelQuota>;
  readonly inFlight: number;
  readonly lastUsedAt?: number;
}

export interface ModelLimit {
  /** Epoch ms. */
  readonly until: number;
  readonly class: FailureClass;
  /** How often in a row this limit came without a delay of its own: chooses 60 s, 5 m, 30 m, 2 h. */
  readonly repetition: number;
}

export interface ModelQuota {
  /** 0..1; absent where the backend told none. */
  readonly remainingFraction?: number;
  /** Epoch ms. */
  readonly resetAt?: number;
  /** Epoch ms of the reading. */
  readonly readAt: number;
}
