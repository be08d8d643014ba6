import { invalidRequest } from "../anthropic/errors.ts";
import type { AnthropicError } from "../anthropic/errors.ts";
import { shown } from "../anthropic/issue.ts";
import type { ListedModel } from "./list-models.ts";

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 1000;

/** Parameters of the URL as they came; null and absent are the same. */
export interface PageQuery {
  readonly limit?: string | number | null;
  readonly after_id?: string | null;
  readonly before_id?: string | null;
}

/** One page, names verbatim. Source: anthropic-messages §10. */
export interface ModelPage {
  readonly data: readonly ListedModel[];
  readonly has_more: boolean;
  readonly first_id: string | null;
  readonly last_id: string | null;
}

export type Pagination =
  | { readonly kind: "page"; readonly page: ModelPage }
  | { readonly kind: "refused"; readonly error: AnthropicError };

/**
 * Cuts a page out of the list: `limit` (1 to 1000, by default 20) models after `after_id`, or before `before_id`, both
 * exclusive; `has_more` tells of more in the same direction. A 400 for a limit out of range, an id that is not in the
 * list, and both ids at once.
 *
 * Source: anthropic-messages §10.
 */
export function paginateModels(list: readonly ListedModel[], query: PageQuery): Pagination {
  const limit = limitOf(query.limit);
  if (typeof limit === "string") return refused(limit);
  const after = query.after_id ?? undefined;
  const before = query.before_id ?? undefined;
  if (after !== undefined && before !== undefined) {
    return refused("after_id, before_id: only one of them may be given");
  }
  if (before !== undefined) return pageBefore(list, before, limit);
  const start = after === undefined ? 0 : indexAfter(list, after);
  if (start === 0 && after !== undefined) return refused(unknownId("after_id", after));
  return page(list.slice(start, start + limit), start + limit < list.length);
}

/** The listed model of this id, or undefined. */
export function modelById(list: readonly ListedModel[], id: string): ListedModel | undefined {
  return list.find((model) => model.id === id);
}

function pageBefore(list: readonly ListedModel[], before: string, limit: number): Pagination {
  const end = indexAfter(list, before) - 1;
  if (end < 0) return refused(unknownId("before_id", before));
  const start = Math.max(0, end - limit);
  return page(list.slice(start, end), start > 0);
}

/** Index behind the model of this id; 0 when it is not in the list. */
function indexAfter(list: readonly ListedModel[], id: string): number {
  return list.findIndex((model) => model.id === id) + 1;
}

/** The limit, or what is wrong with it. */
function limitOf(given: string | number | null | undefined): number | string {
  if (given === undefined || given === null) return DEFAULT_LIMIT;
  const text = String(given);
  if (!/^-?\d+$/.test(text)) return "limit: Input should be a valid integer";
  const limit = Number(text);
  if (limit < 1) return "limit: Input should be greater than or equal to 1";
  if (limit > MAX_LIMIT) return `limit: Input should be less than or equal to ${MAX_LIMIT}`;
  return limit;
}

function unknownId(name: string, id: string): string {
  return `${name}: '${shown(id)}' is not the id of a listed model`;
}

function refused(message: string): Pagination {
  return { kind: "refused", error: invalidRequest(message) };
}

function page(data: readonly ListedModel[], hasMore: boolean): Pagination {
  const first_id = data[0]?.id ?? null;
  const last_id = data.at(-1)?.id ?? null;
  return { kind: "page", page: { data, has_more: hasMore, first_id, last_id } };
}
