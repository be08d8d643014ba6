import { fieldTable } from "./dropped-fields.ts";
import type { DroppedFields } from "./dropped-fields.ts";
import {
  FIELD_REQUIRED,
  isRecord,
  NOT_A_DICTIONARY,
  requireString,
  unknownTag,
  within,
} from "./issue.ts";
import type { Issue, JsonRecord } from "./issue.ts";

const MIN_BUDGET = 1024;

/** With it a budget may exceed `max_tokens`. Source: anthropic-messages §3.8. */
export const INTERLEAVED_THINKING_BETA = "interleaved-thinking-2025-05-14";

const FIELDS = fieldTable(["type", "budget_tokens", "display"], ["block_binding"]);
const DISPLAYS: ReadonlySet<unknown> = new Set(["summarized", "omitted", "updates"]);
/** As Anthropic lists them; `between_tools` is accepted too. */
const LISTED_TYPES = ["adaptive", "disabled", "enabled"];

/**
 * Checks `thinking`; a budget is compared with `max_tokens` where there is one, and `max_tokens` is valid then.
 *
 * Source: anthropic-messages §3.8.
 */
export function thinkingIssue(
  body: JsonRecord,
  betas: ReadonlySet<string>,
  dropped: DroppedFields,
): Issue | undefined {
  const thinking = body["thinking"];
  if (thinking === undefined) return undefined;
  if (!isRecord(thinking)) return { path: "thinking", message: NOT_A_DICTIONARY };
  const found = shapeIssue(thinking);
  if (found !== undefined) return within("thinking", found);
  dropped.scan(thinking, FIELDS, "thinking");
  return thinking["type"] === "enabled" ? budgetAboveMaxIssue(body, thinking, betas) : undefined;
}

function shapeIssue(thinking: JsonRecord): Issue | undefined {
  const type = thinking["type"];
  switch (type) {
    case "enabled":
      return under(type, budgetIssue(thinking["budget_tokens"]) ?? displayIssue(thinking));
    case "adaptive":
      return under(type, displayIssue(thinking));
    case "disabled":
    case "between_tools":
      return undefined;
    default:
      if (typeof type !== "string") return requireString(thinking, "type");
      return { path: "type", message: unknownTag(type, LISTED_TYPES) };
  }
}

function budgetIssue(budget: unknown): Issue | undefined {
  const path = "budget_tokens";
  if (budget === undefined) return { path, message: FIELD_REQUIRED };
  if (!Number.isInteger(budget)) return { path, message: "Input should be a valid integer" };
  if (Number(budget) >= MIN_BUDGET) return undefined;
  return { path, message: `Input should be greater than or equal to ${MIN_BUDGET}` };
}

function displayIssue(thinking: JsonRecord): Issue | undefined {
  const display = thinking["display"] ?? null;
  if (display === null || DISPLAYS.has(display)) return undefined;
  return { path: "display", message: "Input should be 'summarized', 'omitted' or 'updates'" };
}

function budgetAboveMaxIssue(
  body: JsonRecord,
  thinking: JsonRecord,
  betas: ReadonlySet<string>,
): Issue | undefined {
  const limit = body["max_tokens"];
  if (limit === undefined || betas.has(INTERLEAVED_THINKING_BETA)) return undefined;
  if (Number(limit) > Number(thinking["budget_tokens"])) return undefined;
  return {
    path: "",
    message:
      "`max_tokens` must be greater than `thinking.budget_tokens`. Please consult our documentation at " +
      "https://docs.claude.com/en/docs/build-with-claude/extended-thinking#max-tokens-and-context-window-size",
  };
}

function under(tag: string, found: Issue | undefined): Issue | undefined {
  return found === undefined ? undefined : within(tag, found);
}
