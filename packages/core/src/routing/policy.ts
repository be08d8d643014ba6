/**
 * What is tried after a failure of each class, as data. The columns are the parts of the "decision" cells of cloud-code
 * §9.3 and of the table of §1.1.
 */
import type { Failure, FailureClass } from "./failure.ts";

export interface Policy {
  readonly source: string;
  /** Comes before everything else, once per account or per client request. */
  readonly repair?: Repair;
  /** Base delays of retries on the same account in ms, each with full jitter; as many retries as there are delays. */
  readonly backoffMs: readonly number[];
  readonly on: "same" | "other_endpoint";
  /** A delay that the backend tells is kept as it is, and waited out on the account up to this long. */
  readonly longestToldMs: number;
  /** How often a told delay is waited out; absent: as often as there are base delays. */
  readonly toldRetries?: number;
  /** A prompt cache may be worth a longer wait than `longestToldMs`. */
  readonly keepsCache?: true;
  /** "Next host once": with one host alone there is no second try. "Other host" is the same one once more then. */
  readonly needsSecondEndpoint?: true;
  /** How many accounts besides the first one; with none of them the retries count over all accounts together. */
  readonly otherAccounts: 0 | 1 | "all";
  readonly nextModel: boolean;
}

export type Repair =
  | { readonly step: "refresh_token" | "rediscover_project"; readonly once: "account" }
  | { readonly step: "repair_signatures"; readonly once: "request" };

/** No try of any kind: the answer would be the same. */
const FINAL = {
  backoffMs: [],
  on: "same",
  longestToldMs: 0,
  otherAccounts: 0,
  nextModel: false,
} as const;

/** The account cannot serve: straight to the next one. */
const LEAVE_ACCOUNT = { ...FINAL, otherAccounts: "all", nextModel: true } as const;

const CAPACITY = {
  backoffMs: [1000, 2000, 4000],
  on: "same",
  longestToldMs: 30_000,
  otherAccounts: 1,
  nextModel: true,
} as const;

const NO_ANSWER = {
  backoffMs: [500, 1000],
  on: "same",
  longestToldMs: 0,
  otherAccounts: 1,
  nextModel: true,
} as const;

const QUOTA = {
  ...LEAVE_ACCOUNT,
  longestToldMs: 10_000,
  toldRetries: 1,
  keepsCache: true,
} as const;

const POLICIES = {
  quota: { ...QUOTA, source: "§9.3 429 QUOTA_EXHAUSTED" },
  credits: { ...QUOTA, source: "§9.3 429 INSUFFICIENT_G1_CREDITS_BALANCE: as quota" },
  rate: {
    ...LEAVE_ACCOUNT,
    source: "§9.3 429 RATE_LIMIT_EXCEEDED: under 3 s wait, once or twice; without delay 1 s, once",
    backoffMs: [1000],
    longestToldMs: 2999,
    toldRetries: 2,
    keepsCache: true,
  },
  capacity: { ...CAPACITY, source: "§9.3 MODEL_CAPACITY_EXHAUSTED; §1.1: no other endpoint" },
  overloaded: { ...CAPACITY, source: "§9.3 529: as capacity" },
  soft: {
    ...LEAVE_ACCOUNT,
    source: "§9.3 429 no details: 1 s, 2 s, then one other account; never the whole pool",
    backoffMs: [1000, 2000],
    otherAccounts: 1,
  },
  auth: {
    ...LEAVE_ACCOUNT,
    source: "§9.3 401",
    repair: { step: "refresh_token", once: "account" },
  },
  oauth_client: { ...FINAL, source: "§2 invalid_client: the same for every account" },
  validation: { ...LEAVE_ACCOUNT, source: "§9.3 403 VALIDATION_REQUIRED" },
  banned: { ...FINAL, source: "§9.3 403 TOS_VIOLATION: no retries of any kind" },
  project: {
    ...LEAVE_ACCOUNT,
    source: "§9.3 403 SUBSCRIPTION_REQUIRED, SERVICE_DISABLED, IAM_PERMISSION_DENIED",
    repair: { step: "rediscover_project", once: "account" },
  },
  denied: {
    ...LEAVE_ACCOUNT,
    source: "§9.3 403 none; §1.1: next host once",
    backoffMs: [0],
    on: "other_endpoint",
    needsSecondEndpoint: true,
  },
  location: { ...LEAVE_ACCOUNT, source: "§9.3 400 FAILED_PRECONDITION" },
  signature: {
    ...FINAL,
    source: "§8.4 Recovery",
    repair: { step: "repair_signatures", once: "request" },
  },
  too_long: { ...FINAL, source: "§9.3 400 too long: never retry" },
  bad_request: { ...FINAL, source: "§9.3 400: no retry, no other account" },
  too_large: { ...FINAL, source: "§9.3 413" },
  unimplemented: { ...FINAL, source: "§9.3 501" },
  client_gate: {
    ...FINAL,
    source:
      "§9.3 200 client gate: no other account; another model of the user's own group may be served",
    nextModel: true,
  },
  not_found: {
    ...FINAL,
    source: "§9.3 404; §1.1: next host once, then next model",
    backoffMs: [0],
    on: "other_endpoint",
    needsSecondEndpoint: true,
    nextModel: true,
  },
  timeout: {
    ...FINAL,
    source: "§9.3 408, 499, 504: once, other host",
    backoffMs: [0],
    on: "other_endpoint",
    longestToldMs: 10_000,
    nextModel: true,
  },
  server: {
    source: "§9.3 500: 1 s, other host, then one other account",
    backoffMs: [1000],
    on: "other_endpoint",
    longestToldMs: 10_000,
    otherAccounts: 1,
    nextModel: true,
  },
  network: {
    ...FINAL,
    source: "§9.3 network: other host, then 1 s, at most twice",
    backoffMs: [0, 1000, 1000],
    on: "other_endpoint",
  },
  empty: { ...NO_ANSWER, source: "§7.5 empty: 0.5 s and 1 s, then another account once" },
  cut: { ...NO_ANSWER, source: "§7.5, §7.7: retried like an empty answer while nothing was sent" },
  malformed: {
    ...NO_ANSWER,
    source: "§7.4: at most twice, same account",
    backoffMs: [0, 0],
    otherAccounts: 0,
  },
} as const satisfies Record<FailureClass, Policy>;

/** 502 and 503 pass with a moment's patience; a 500 seldom does. Source: cloud-code §9.3, row 502, 503. */
const UNAVAILABLE: Policy = {
  ...POLICIES.server,
  source: "§9.3 502, 503: 1, 2, 4 s",
  backoffMs: [1000, 2000, 4000],
};

/** A login or key that is refused for good: a fresh token would not help. */
const UNREPAIRABLE_REASONS: readonly string[] = ["invalid_grant", "API_KEY_INVALID"];

/** What to try after this failure. Source: cloud-code §9.3 and §1.1. */
export function policyOf(failure: Failure): Policy {
  const { class: failureClass, reason, status } = failure;
  if (failureClass === "server") {
    return status === 502 || status === 503 ? UNAVAILABLE : POLICIES.server;
  }
  if (failureClass === "auth" && UNREPAIRABLE_REASONS.includes(reason ?? "")) {
    return { ...LEAVE_ACCOUNT, source: POLICIES.auth.source };
  }
  // A 403 with a reason is about the account, on every host alike (§1.1).
  if (failureClass === "denied" && reason !== undefined) {
    return { ...LEAVE_ACCOUNT, source: POLICIES.denied.source };
  }
  return POLICIES[failureClass];
}
