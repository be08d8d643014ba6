import type { SettingValues } from "./check-values.ts";

type SecondsKey = "maxWait" | "connectTimeout" | "firstByteTimeout" | "idleTimeout";

/** All settings, checked, under the keys of `config.json`; times are in milliseconds here. */
export interface Config extends Omit<SettingValues, SecondsKey> {
  readonly maxWaitMs: number;
  readonly connectTimeoutMs: number;
  readonly firstByteTimeoutMs: number;
  readonly idleTimeoutMs: number;
  /** Sentences for the log: what is allowed and yet unwise. */
  readonly warnings: readonly string[];
}
