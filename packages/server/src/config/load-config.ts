import { statSync } from "node:fs";
import { join } from "node:path";

import { checkKeys, checkValues } from "./check-values.ts";
import type { Config } from "./config.ts";
import { collectValues, givenText } from "./collect-values.ts";
import type { ValueSources } from "./collect-values.ts";
import { readConfigFile } from "./read-config-file.ts";
import type { Setting } from "./setting.ts";
import { settings } from "./settings.ts";

export interface LoadConfigOptions extends Partial<ValueSources> {
  /** Wins over flag and environment: for a caller that has chosen one. */
  readonly dataDir?: string;
}

/**
 * Reads the settings once: flags win over the environment, the environment over `config.json` of the data directory, the
 * file over defaults. Throws CONFIG_INVALID, CONFIG_KEY_UNKNOWN or CONFIG_FILE_BROKEN, which name source and key.
 */
export function loadConfig(options: LoadConfigOptions = {}): Config {
  const { flags = {}, env = process.env } = options;
  const dataDir = options.dataDir ?? findDataDir({ flags, env });
  const filePath = join(dataDir, "config.json");
  const file = readConfigFile(filePath) ?? {};
  checkKeys(file, filePath);
  const values = checkValues(collectValues({ flags, env }, file, filePath));
  const { maxWait, connectTimeout, firstByteTimeout, idleTimeout, ...rest } = values;
  return {
    ...rest,
    dataDir,
    maxWaitMs: toMs(maxWait),
    connectTimeoutMs: toMs(connectTimeout),
    firstByteTimeoutMs: toMs(firstByteTimeout),
    idleTimeoutMs: toMs(idleTimeout),
    warnings: warningsAbout(file, filePath),
  };
}

function findDataDir(sources: ValueSources): string {
  const given = givenText("dataDir", settings.dataDir, sources);
  return checkValues(new Map(given && [["dataDir", given]])).dataDir;
}

function toMs(seconds: number): number {
  return Math.round(seconds * 1000);
}

function warningsAbout(file: Readonly<Record<string, unknown>>, filePath: string): string[] {
  const secrets = Object.entries<Setting>(settings)
    .filter(([key, setting]) => setting.sources === "secret" && Object.hasOwn(file, key))
    .map(([key]) => key);
  if (secrets.length === 0 || process.platform === "win32") return [];
  if ((statSync(filePath).mode & 0o077) === 0) return [];
  return [
    `${filePath} holds ${secrets.join(" and ")}, and others may read it: chmod 600 ${filePath}`,
  ];
}
