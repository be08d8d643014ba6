import type { AnthropicError } from "../anthropic/errors.ts";
import { shown } from "../anthropic/issue.ts";
import type { Effort } from "../anthropic/messages.ts";
import type { Catalogue, ModelInfo } from "../models/catalogue.ts";
import { aliasTarget } from "./alias-table.ts";
import { defaultModelFor, isHaikuName } from "./default-model.ts";
import { normalName, plainName } from "./model-name.ts";
import { nearestNames } from "./nearest-names.ts";

const SUGGESTIONS = 3;
/** Longest chain of replacements that is followed: a table of the backend's may lead in a circle. */
const MAX_REPLACEMENTS = 10;

export interface ResolveOptions {
  readonly catalogue: Catalogue;
  /** `config.json`: name or pattern with `*` → model. */
  readonly aliases: Readonly<Record<string, string>>;
  /** `output_config.effort`; chooses the tier where a name leaves it open. */
  readonly effort?: Effort | undefined;
  /** The client switched thinking on: a model that cannot gives way to its `-thinking` sibling. */
  readonly wantsThinking?: boolean | undefined;
  /** Who serves a Haiku; by default the cheapest Gemini Flash. */
  readonly smallModel?: string | undefined;
}

export type Resolution =
  | { readonly kind: "model"; readonly model: ModelInfo }
  | { readonly kind: "unknown"; readonly error: AnthropicError };

/**
 * What shall serve a request: the name that the client sent, and the models to try, in order and at least one. A plain
 * name has one candidate; a model group will have more.
 */
export interface RoutePlan {
  readonly requested: string;
  readonly candidates: readonly [ModelInfo, ...ModelInfo[]];
}

export type Routing =
  | { readonly kind: "plan"; readonly plan: RoutePlan }
  | { readonly kind: "unknown"; readonly error: AnthropicError };

/** Makes the plan of a request for the model `requested`; a 404 for a name that nothing is known by. */
export function planRoute(requested: string, options: ResolveOptions): Routing {
  const resolution = resolveModel(requested, options);
  if (resolution.kind === "unknown") return resolution;
  return { kind: "plan", plan: { requested, candidates: [resolution.model] } };
}

/**
 * Finds the model that a client's name means: the catalogue's own id, what the backend says replaces it, the user's table,
 * then the defaults for Claude's lines and Gemini's tiers. Otherwise a 404 that names the nearest known ids.
 *
 * Source: cloud-code §11 ("Ids that clients send").
 */
export function resolveModel(requested: string, options: ResolveOptions): Resolution {
  const { catalogue, aliases } = options;
  const plain = plainName(requested);
  const name = normalName(plain);
  const listed = listedModel(plain, catalogue) ?? listedModel(name, catalogue);
  if (listed !== undefined) return found(listed, options);
  const target = aliasTarget([plain, name], aliases);
  // An alias names a model: it is not looked up in the table again.
  if (target !== undefined) return resolveTarget(requested, target, options);
  if (isHaikuName(name) && options.smallModel !== undefined) {
    return resolveTarget(requested, options.smallModel, options);
  }
  const model = defaultModelFor(name, catalogue, options.effort);
  return model === undefined ? unknown(requested, "", name, options) : found(model, options);
}

function resolveTarget(requested: string, target: string, options: ResolveOptions): Resolution {
  const { catalogue, effort } = options;
  const plain = plainName(target);
  const name = normalName(plain);
  const model =
    listedModel(plain, catalogue) ??
    listedModel(name, catalogue) ??
    defaultModelFor(name, catalogue, effort);
  if (model !== undefined) return found(model, options);
  return unknown(requested, ` (configured to mean "${shown(target)}")`, name, options);
}

/** The catalogue's entry of this id, or of the id that replaces it. */
function listedModel(id: string, catalogue: Catalogue): ModelInfo | undefined {
  let current: string | undefined = id;
  for (let step = 0; step <= MAX_REPLACEMENTS && current !== undefined; step++) {
    const model = catalogue.models.get(current);
    if (model !== undefined) return model;
    current = catalogue.deprecated.get(current);
  }
  return undefined;
}

function found(model: ModelInfo, options: ResolveOptions): Resolution {
  const sibling =
    options.wantsThinking === true && model.thinking === "none"
      ? options.catalogue.models.get(`${model.id}-thinking`)
      : undefined;
  return { kind: "model", model: sibling ?? model };
}

function unknown(
  requested: string,
  remark: string,
  name: string,
  { catalogue, aliases }: ResolveOptions,
): Resolution {
  const known = [
    ...catalogue.models.keys(),
    ...Object.keys(aliases).filter((alias) => !alias.includes("*")),
  ];
  const nearest = nearestNames(name, known, SUGGESTIONS).join(", ");
  return {
    kind: "unknown",
    error: {
      status: 404,
      type: "not_found_error",
      message:
        `model: ${shown(requested)}${remark} is not known to this server. ` +
        `Nearest: ${nearest}. GET /v1/models lists them all.`,
      shouldRetry: false,
    },
  };
}
