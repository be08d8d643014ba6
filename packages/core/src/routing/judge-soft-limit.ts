import type { ModelQuota } from "../pool/state.ts";
import type { Failure } from "./failure.ts";

/**
 * A 429 without a reason counts as used-up quota when the last known figure says so: 0 left, and the reset still ahead. Any
 * other failure comes back as it is. Goes before `nextStep` and `applyFailure`, so that both judge alike.
 *
 * Source: cloud-code §9.3, row "429 no details".
 */
export function judgeSoftLimit(
  failure: Failure,
  quota: ModelQuota | undefined,
  now: number,
): Failure {
  if (failure.class !== "soft" || quota?.remainingFraction !== 0) return failure;
  if (quota.resetAt === undefined || quota.resetAt <= now) return failure;
  return { ...failure, class: "quota", waitMs: quota.resetAt - now };
}
