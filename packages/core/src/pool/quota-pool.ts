import type { ModelQuota } from "./state.ts";

/**
 * The models that share a quota pool with `model` on one account, itself included, as far as the figures tell: equal
 * fraction below 1 and equal reset of one reading. Alone while nothing tells them apart.
 *
 * Source: cloud-code §10.
 */
export function quotaPoolOf(
  quotas: ReadonlyMap<string, ModelQuota>,
  model: string,
): readonly string[] {
  const own = quotas.get(model);
  const fraction = own?.remainingFraction;
  // A full pool's reset is simply now + 5 h, the same for every pool.
  if (own?.resetAt === undefined || fraction === undefined || fraction >= 1) return [model];
  const pool = [model];
  for (const [other, quota] of quotas) {
    const isSame =
      quota.remainingFraction === fraction &&
      quota.resetAt === own.resetAt &&
      quota.readAt === own.readAt;
    if (isSame && other !== model) pool.push(other);
  }
  return pool;
}
