import { UserError } from "@agp/core";
import type * as z from "zod";

import type { GivenValue } from "./collect-values.ts";
import { nearestKey } from "./nearest-key.ts";
import type { Setting } from "./setting.ts";
import { settings } from "./settings.ts";
import type { SettingKey } from "./settings.ts";

/** The value of every setting; those without a default may be undefined. */
export type SettingValues = {
  readonly [K in SettingKey]: (typeof settings)[K] extends { readonly default: unknown }
    ? z.output<(typeof settings)[K]["schema"]>
    : z.output<(typeof settings)[K]["schema"]> | undefined;
};

const MAX_SHOWN_LENGTH = 60;

/** Every given value checked, and defaults for the rest. Throws CONFIG_INVALID, which names all that is wrong. */
export function checkValues(given: ReadonlyMap<string, GivenValue>): SettingValues {
  const values: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const [key, setting] of Object.entries<Setting>(settings)) {
    const found = given.get(key);
    if (found === undefined) {
      values[key] = setting.default;
      continue;
    }
    const result = setting.schema.safeParse(found.value);
    if (result.success) values[key] = result.data;
    else problems.push(problemOf(key, setting, found, result.error.issues[0]));
  }
  if (problems.length > 0) throw invalid(problems);
  // The table gives the type; the loop has filled every key by it.
  return values as unknown as SettingValues;
}

/** Throws CONFIG_KEY_UNKNOWN for keys that are no settings, with the nearest one that is. */
export function checkKeys(file: Readonly<Record<string, unknown>>, filePath: string): void {
  const known = Object.entries<Setting>(settings)
    .filter(([, setting]) => setting.sources !== "place")
    .map(([key]) => key);
  const unknown = Object.keys(file).filter((key) => !known.includes(key));
  const [first] = unknown;
  if (first === undefined) return;
  const nearest = nearestKey(first, known);
  const advice =
    first === "dataDir"
      ? "The file cannot say where it lies: use --data-dir or DATA_DIR."
      : nearest === undefined
        ? `Settings are: ${known.join(", ")}.`
        : `Did you mean ${JSON.stringify(nearest)}?`;
  const names = unknown.map((key) => JSON.stringify(key.slice(0, MAX_SHOWN_LENGTH))).join(", ");
  throw new UserError("CONFIG_KEY_UNKNOWN", `${filePath}: ${names} is no setting.`, {
    nextSteps: [advice],
  });
}

function problemOf(
  key: string,
  setting: Setting,
  { value, source, isInFile }: GivenValue,
  issue: z.core.$ZodIssue | undefined,
): string {
  const path = issue?.path ?? [];
  const unknown = issue?.code === "unrecognized_keys" ? issue.keys.slice(0, 1) : [];
  const name = isInFile === true ? `${source}: ${[key, ...path, ...unknown].join(".")}` : source;
  const verb = isInFile !== true && path.length > 0 ? "holds" : "is";
  const shown = setting.isSecret === true ? "wrong" : show(valueAt(value, path));
  const problem = unknown.length > 0 ? "is no setting" : `${verb} ${shown}`;
  return `${name} ${problem}; allowed is ${setting.allowed}.`;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let at = value;
  for (const step of path) {
    if (typeof at !== "object" || at === null) return at;
    at = Reflect.get(at, step);
  }
  return at;
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > MAX_SHOWN_LENGTH ? `${text.slice(0, MAX_SHOWN_LENGTH)}…` : text;
}

function invalid(problems: readonly string[]): UserError {
  return new UserError("CONFIG_INVALID", problems.join("\n"), {
    nextSteps: ["Correct the value, or take it away to get the default."],
  });
}
