import type { DroppedField } from "../dropped-field.ts";
import type { IgnoreRule } from "./ignored-fields.ts";
import type { JsonRecord } from "./issue.ts";

/** Field name → name of the rule that drops it, or `KEPT`. Names that are absent fall under `unknown_field`. */
export type FieldTable = ReadonlyMap<string, IgnoreRule | typeof KEPT>;

const KEPT = "";
/** Most paths that one request's report tells apart: field names are the client's, the log line is ours. */
const MAX_PATHS = 100;
const MAX_NAME_LENGTH = 64;

/** Makes a table; an ignored field is dropped by the rule of its own name. */
export function fieldTable(
  kept: readonly string[],
  ignored: readonly IgnoreRule[] = [],
): FieldTable {
  return new Map<string, IgnoreRule | typeof KEPT>([
    ...kept.map((name) => [name, KEPT] as const),
    ...ignored.map((name) => [name, name] as const),
  ]);
}

/** Counts the fields of one request that are accepted and not passed on. Source: anthropic-messages §3.1 ("anything else"). */
export class DroppedFields {
  readonly #found = new Map<string, { path: string; rule: string; count: number }>();

  /** Reports what `fields` does not keep of `record`; null is nothing and is not reported. */
  scan(record: JsonRecord, fields: FieldTable, prefix: string): void {
    for (const name in record) {
      const rule = fields.get(name);
      if (rule === KEPT || record[name] === null) continue;
      this.add(prefix, name, rule ?? "unknown_field");
    }
  }

  /** Counts one field; `prefix` is a path with `[]` for indices, or empty at the top. */
  add(prefix: string, name: string, rule: IgnoreRule): void {
    const path = joined(prefix, name.slice(0, MAX_NAME_LENGTH));
    const known = this.#found.get(path);
    if (known !== undefined) {
      known.count++;
      return;
    }
    if (this.#found.size >= MAX_PATHS && name !== "*") {
      this.add(prefix, "*", rule);
      return;
    }
    this.#found.set(path, { path, rule, count: 1 });
  }

  /** All that was found, in the order of its first appearance. */
  list(): DroppedField[] {
    return [...this.#found.values()];
  }
}

function joined(prefix: string, name: string): string {
  return prefix === "" ? name : `${prefix}.${name}`;
}
