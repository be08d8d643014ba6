import type { ParseArgsOptionsConfig } from "node:util";

import { environmentName, flagName } from "./setting.ts";
import type { Setting } from "./setting.ts";
import { settings } from "./settings.ts";

/** A setting as people read about it. */
export interface SettingRow {
  /** Of `config.json`; absent for `DATA_DIR`. */
  readonly key?: string;
  readonly environment?: string;
  /** With its dashes. */
  readonly flag?: string;
  /** In words. */
  readonly default: string;
  readonly allowed: string;
  readonly description: string;
}

/** The table of settings for the documents, in its order. */
export function settingRows(): readonly SettingRow[] {
  return Object.entries<Setting>(settings).map(([key, setting]) => ({
    ...(setting.sources === "place" ? {} : { key }),
    ...(setting.sources === "file" ? {} : { environment: environmentName(key) }),
    ...(hasFlag(setting) ? { flag: `--${flagName(key)}` } : {}),
    default: setting.defaultText ?? defaultText(setting.default),
    allowed: setting.allowed,
    description: setting.description,
  }));
}

function makeStartFlags(): ParseArgsOptionsConfig {
  const flags = Object.entries<Setting>(settings).filter(([, setting]) => hasFlag(setting));
  return Object.fromEntries(flags.map(([key]) => [flagName(key), { type: "string" }]));
}

function makeSettingsHelp(): readonly (readonly [flag: string, meaning: string])[] {
  return settingRows().flatMap((row) =>
    row.flag === undefined
      ? []
      : [[`${row.flag} X`, `${row.description} (default ${row.default})`] as const],
  );
}

function hasFlag({ sources }: Setting): boolean {
  return sources === "anywhere" || sources === "place";
}

function defaultText(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.join(",");
  if (typeof value === "object" && value !== null) return "none";
  return String(value);
}

/** The flags of `start` for `util.parseArgs`: each takes a text. */
export const startFlags: ParseArgsOptionsConfig = makeStartFlags();

/** Flag and meaning of each setting, for `start --help`. */
export const settingsHelp: readonly (readonly [flag: string, meaning: string])[] =
  makeSettingsHelp();
