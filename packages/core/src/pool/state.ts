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
  /** Where Google wants the owner to verify the account. For the owner's and the admin's view alone (cloud-code §9.4). */
  readonly validationUrl?: string;
  /** By backend model id. Entries in the past do not count. */
  readonly limits: ReadonlyMap<string, ModelLimit>;
  /** The whole account rests until then (epoch ms): no fault of one model, as after a 403 without a reason. */
  readonly restsUntil?: number;
  /**
   * After three 5xx in a row: the account comes last in the order until then (epoch ms), and still serves when nothing else
   * can. One success ends it (cloud-code §9.3).
   */
  readonly avoidedUntil?: number;
  /** 5xx answers in a row. */
  readonly serverErrorsInRow?: number;
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
  /** When the limit was learnt, epoch ms: parallel refusals count once, and an older request's success proves nothing. */
  readonly learntAt?: number;
}

export interface ModelQuota {
  /** 0..1; absent where the backend told none. */
  readonly remainingFraction?: number;
  /** Epoch ms. */
  readonly resetAt?: number;
  /** Epoch ms of the reading. */
  readonly readAt: number;
}
