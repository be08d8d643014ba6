import { webSearchModelOf } from "./catalogue-from.ts";
import type { Catalogue, ModelFamily, ModelInfo } from "./catalogue.ts";
import { geminiTierOf } from "./gemini-tier.ts";

export interface Support {
  readonly supported: boolean;
}

export interface ModelCapabilities {
  readonly batch: Support;
  readonly citations: Support;
  readonly code_execution: Support;
  readonly image_input: Support;
  readonly pdf_input: Support;
  readonly structured_outputs: Support;
  readonly context_management: Support & {
    readonly clear_thinking_20251015: Support;
    readonly clear_tool_uses_20250919: Support;
    readonly compact_20260112: Support;
  };
  readonly effort: Support & Record<"low" | "medium" | "high" | "xhigh" | "max", Support>;
  readonly thinking: Support & {
    readonly types: Record<"adaptive" | "enabled" | "disabled" | "between_tools", Support>;
  };
  readonly server_tools: Support & {
    readonly web_search: Support;
    readonly code_execution: Support;
  };
}

/** A model as `GET /v1/models` shows it, names verbatim. Source: anthropic-messages §10. */
export interface ListedModel {
  readonly type: "model";
  readonly id: string;
  readonly display_name: string;
  readonly created_at: string;
  readonly lifecycle: "active";
  readonly deprecated_at: null;
  readonly retires_at: null;
  readonly line: "opus" | "sonnet" | "haiku" | null;
  readonly max_input_tokens: number | null;
  readonly max_tokens: number | null;
  readonly capabilities: ModelCapabilities | null;
}

/** A name beside the catalogue's ids: a model group or an alias. */
export interface ExtraName {
  readonly id: string;
  /** Says what it is, as `think-high (group: 3 models)`. */
  readonly displayName: string;
  /** The model that stands for its abilities; absent where several differ. */
  readonly model?: ModelInfo;
}

/** The API's answer for an unknown date of release. */
const UNKNOWN_DATE = "1970-01-01T00:00:00Z";

const NO: Support = { supported: false };

const FAMILY_ORDER = { claude: 0, gemini: 1, gpt: 2 } as const satisfies Record<
  ModelFamily,
  number
>;

/**
 * Lists all names that a request may use: extra names first, as given, then the catalogue's ids by family, newest version
 * first. Claude Code's picker shows only ids that begin with `claude` or `anthropic`, so each other one is followed by its
 * twin `claude-via-<id>`. The order depends on nothing but the names.
 *
 * Source: anthropic-messages §10; cloud-code §11.
 */
export function listModels(catalogue: Catalogue, extra: readonly ExtraName[] = []): ListedModel[] {
  const searches = webSearchModelOf(catalogue) !== undefined;
  const list: ListedModel[] = [];
  for (const { id, displayName, model } of extra) {
    list.push(...withTwin(id, displayName, model, searches));
  }
  const models = [...catalogue.models.values()].toSorted(byFamilyAndVersion);
  for (const model of models) list.push(...withTwin(model.id, model.displayName, model, searches));
  return list;
}

function withTwin(
  id: string,
  displayName: string,
  model: ModelInfo | undefined,
  searches: boolean,
): ListedModel[] {
  const own = listed(id, displayName, model, searches);
  if (/^(?:claude|anthropic)/i.test(id)) return [own];
  return [own, { ...own, id: `claude-via-${id}`, display_name: `${displayName} (${id})` }];
}

function listed(
  id: string,
  displayName: string,
  model: ModelInfo | undefined,
  searches: boolean,
): ListedModel {
  return {
    type: "model",
    id,
    display_name: displayName,
    created_at: UNKNOWN_DATE,
    lifecycle: "active",
    deprecated_at: null,
    retires_at: null,
    line: lineOf(model),
    max_input_tokens: model?.contextTokens ?? null,
    max_tokens: model?.maxOutputTokens ?? null,
    capabilities: model === undefined ? null : capabilitiesOf(model, searches),
  };
}

function lineOf(model: ModelInfo | undefined): ListedModel["line"] {
  if (model?.family !== "claude") return null;
  const line = /^claude-(opus|sonnet|haiku)-/.exec(model.id)?.[1];
  // The expression matches no other word.
  return (line ?? null) as ListedModel["line"];
}

function capabilitiesOf(model: ModelInfo, searches: boolean): ModelCapabilities {
  const thinks = support(model.thinking !== "none");
  // What an effort is worth on GPT-OSS is decided by its id alone, and models that make images take no schema.
  const structured = support(model.family !== "gpt" && !model.makesImages);
  return {
    batch: NO,
    citations: NO,
    code_execution: NO,
    image_input: support(model.supportsImages),
    pdf_input: support(model.family !== "gpt"),
    structured_outputs: structured,
    context_management: {
      ...NO,
      clear_thinking_20251015: NO,
      clear_tool_uses_20250919: NO,
      compact_20260112: NO,
    },
    effort: { ...thinks, low: thinks, medium: thinks, high: thinks, xhigh: thinks, max: thinks },
    thinking: {
      ...thinks,
      types: {
        adaptive: thinks,
        enabled: thinks,
        disabled: support(model.thinking !== "always"),
        between_tools: NO,
      },
    },
    server_tools: { ...support(searches), web_search: support(searches), code_execution: NO },
  };
}

function support(supported: boolean): Support {
  return { supported };
}

function byFamilyAndVersion(a: ModelInfo, b: ModelInfo): number {
  return (
    FAMILY_ORDER[a.family] - FAMILY_ORDER[b.family] ||
    versionOf(b) - versionOf(a) ||
    (a.id < b.id ? -1 : 1)
  );
}

/** `claude-sonnet-4-6` and `gemini-4.6-…` → 406; a Gemini without a number in its id by what it is. */
function versionOf(model: ModelInfo): number {
  const tier = geminiTierOf(model.id);
  const text = tier === undefined ? model.id : `-${tier.version}`;
  const match = /-(\d{1,2})(?:[.-](\d{1,2})(?!\d))?(?![\db])/.exec(text);
  return match === null ? 0 : Number(match[1]) * 100 + Number(match[2] ?? 0);
}
