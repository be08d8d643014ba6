import { fieldTable } from "./dropped-fields.ts";
import type { DroppedFields } from "./dropped-fields.ts";
import { FIELD_REQUIRED, isRecord, NOT_A_DICTIONARY, requireRecord, within } from "./issue.ts";
import type { Issue, JsonRecord } from "./issue.ts";

const EFFORTS: ReadonlySet<unknown> = new Set(["low", "medium", "high", "xhigh", "max"]);

const CONFIG_FIELDS = fieldTable(["effort", "format"], ["task_budget"]);
const FORMAT_FIELDS = fieldTable(["type", "schema"]);

/**
 * Checks `output_config` of a request or of a system message, and the older `output_format` beside it. `reported` is the
 * path before the field in the report of dropped ones: empty, or `messages[].`.
 *
 * Source: anthropic-messages §3.1, §3.3, §3.9.
 */
export function outputConfigIssue(
  owner: JsonRecord,
  reported: string,
  dropped: DroppedFields,
): Issue | undefined {
  const config = owner["output_config"];
  if (config === undefined) return undefined;
  if (!isRecord(config)) return { path: "output_config", message: NOT_A_DICTIONARY };
  const effort = config["effort"] ?? null;
  if (effort !== null && !EFFORTS.has(effort)) {
    const message = "Input should be 'low', 'medium', 'high', 'xhigh' or 'max'";
    return { path: "output_config.effort", message };
  }
  const path = `${reported}output_config`;
  const found = outputFormatIssue(config, "format", `${path}.format`, dropped);
  if (found !== undefined) return within("output_config", found);
  dropped.scan(config, CONFIG_FIELDS, path);
  return undefined;
}

/** Checks the format of a structured output at `owner[key]`, null or absent being none. Source: anthropic-messages §3.9. */
export function outputFormatIssue(
  owner: JsonRecord,
  key: string,
  reported: string,
  dropped: DroppedFields,
): Issue | undefined {
  const format = owner[key] ?? null;
  if (format === null) return undefined;
  if (!isRecord(format)) return { path: key, message: NOT_A_DICTIONARY };
  const type = format["type"];
  if (type !== "json_schema") {
    const message = type === undefined ? FIELD_REQUIRED : "Input should be 'json_schema'";
    return { path: `${key}.type`, message };
  }
  const found = requireRecord(format, "schema");
  if (found !== undefined) return within(key, found);
  dropped.scan(format, FORMAT_FIELDS, reported);
  return undefined;
}
