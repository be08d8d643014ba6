/**
 * How an account leaves the pool, and the words that its owner reads in `agp accounts list`.
 *
 * Source: cloud-code §9.3, rows 401, 403 and FAILED_PRECONDITION; §12.31.
 */
import type { Failure, FailureClass } from "../routing/failure.ts";
import type { AccountState } from "./state.ts";

type Status = AccountState["status"];

interface Downgrade {
  readonly status: Status;
  readonly reason: (failure: Failure) => string;
}

/** A worse status is never replaced by a milder one: what an admin switched off stays off, a frozen account stays frozen. */
const SEVERITY = { active: 0, invalid: 1, disabled: 2, frozen: 3 } as const satisfies Record<
  Status,
  number
>;

const VERIFY = "then run `agp accounts verify`";

const DOWNGRADES = {
  auth: {
    status: "invalid",
    reason: () =>
      `Google refused the account's login (revoked or expired). Sign in again with \`agp accounts add\`, ${VERIFY}.`,
  },
  validation: {
    status: "invalid",
    reason: ({ validationUrl }) =>
      validationUrl === undefined
        ? `Google wants the account's owner to verify it. Sign in at accounts.google.com, ${VERIFY}.`
        : `Google wants the account's owner to verify it. Open the verification link, ${VERIFY}.`,
  },
  banned: {
    status: "frozen",
    reason: ({ message }) =>
      `Google suspended the account: ${message} Nothing is sent by it any more; appeal to Google as its owner, or remove it with \`agp accounts remove\`.`,
  },
  project: {
    status: "invalid",
    reason: ({ message }) =>
      `The account's Cloud Code project does not serve, also after it was looked up anew: ${message} Check the account's licence or project, ${VERIFY}.`,
  },
  denied: {
    status: "invalid",
    reason: ({ message }) =>
      `A security policy of the account's organisation refuses requests from here: ${message} Ask its administrator, ${VERIFY}.`,
  },
  location: {
    status: "invalid",
    reason: ({ message }) =>
      `The account is not served at this location: ${message} When that has changed, run \`agp accounts verify\`.`,
  },
} as const satisfies Partial<Record<FailureClass, Downgrade>>;

/**
 * The account marked as unusable, with what its owner has to do; as it is when the failure is no reason for that, or the
 * account's status is as bad already.
 *
 * Source: cloud-code §9.3.
 */
export function downgrade(account: AccountState, failure: Failure): AccountState {
  const rule = ruleOf(failure.class);
  if (rule === undefined || SEVERITY[rule.status] < SEVERITY[account.status]) return account;
  const statusReason = rule.reason(failure);
  const { validationUrl } = failure;
  if (account.status === rule.status && account.statusReason === statusReason) {
    if (validationUrl === undefined || account.validationUrl === validationUrl) return account;
  }
  const { validationUrl: _old, ...rest } = account;
  return {
    ...rest,
    status: rule.status,
    statusReason,
    ...(validationUrl === undefined ? {} : { validationUrl }),
  };
}

function ruleOf(failureClass: FailureClass): Downgrade | undefined {
  const rules: Partial<Record<FailureClass, Downgrade>> = DOWNGRADES;
  return rules[failureClass];
}
