import { environmentName, flagName, valueOfText } from "./setting.ts";
import type { Setting } from "./setting.ts";
import { settings } from "./settings.ts";

/** A value that somebody gave, and where: `Flag --max-wait`. */
export interface GivenValue {
  readonly value: unknown;
  readonly source: string;
  /** The source has many settings, so a message must name the key too. */
  readonly isInFile?: true;
}

export interface ValueSources {
  /** By flag name, without the dashes. */
  readonly flags: Readonly<Record<string, string | boolean | undefined>>;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Looks up one setting: the flag wins over the environment, the environment over the file. */
export function givenText(
  key: string,
  setting: Setting,
  { flags, env }: ValueSources,
): GivenValue | undefined {
  if (setting.sources === "file") return undefined;
  const flag = setting.sources === "secret" ? undefined : flags[flagName(key)];
  if (typeof flag === "string") {
    return { value: valueOfText(flag, setting.text), source: `Flag --${flagName(key)}` };
  }
  for (const name of environmentNames(key)) {
    const text = env[name];
    // Set to nothing counts as not set: compose files and shells pass such variables on.
    if (text === undefined || text.trim() === "") continue;
    return { value: valueOfText(text, setting.text), source: `Environment variable ${name}` };
  }
  return undefined;
}

/** What flags, environment and file say, by key. Unknown keys of the file are not looked at here. */
export function collectValues(
  sources: ValueSources,
  file: Readonly<Record<string, unknown>>,
  filePath: string,
): ReadonlyMap<string, GivenValue> {
  const given = new Map<string, GivenValue>();
  for (const [key, setting] of Object.entries<Setting>(settings)) {
    const text = givenText(key, setting, sources);
    if (text !== undefined) given.set(key, text);
    else if (Object.hasOwn(file, key))
      given.set(key, { value: file[key], source: filePath, isInFile: true });
  }
  return given;
}

/** The proxies have lower-case names too, by which other programs know them. */
function environmentNames(key: string): readonly string[] {
  const name = environmentName(key);
  return name.endsWith("_PROXY") ? [name, name.toLowerCase()] : [name];
}
