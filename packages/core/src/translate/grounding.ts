import type { WebSearchCitation, WebSearchResultBlock } from "../anthropic/messages.ts";
import type { GroundingMetadata } from "../google/generate-content.ts";
import { utf8Position } from "./utf8-position.ts";
import { listOf } from "./wire-value.ts";

/** What a search brought, in the client's terms. */
export interface GroundedAnswer {
  readonly query: string;
  readonly results: WebSearchResultBlock["content"];
  /** The whole text, cut where citations begin and end. */
  readonly pieces: readonly CitedText[];
}

export interface CitedText {
  readonly text: string;
  readonly citations: readonly WebSearchCitation[];
}

/** Adds what a later event of the same answer knows; of a field that both have, the later one counts. */
export function mergeGrounding(
  earlier: GroundingMetadata | undefined,
  later: GroundingMetadata,
): GroundingMetadata {
  return { ...earlier, ...later };
}

/**
 * Cuts an answer's text by the segments that its sources support. Undefined when nothing was searched. Parts of the metadata
 * that are not in the known shape are skipped.
 *
 * Source: cloud-code §7.6 (segment indices count UTF-8 bytes).
 */
export function groundAnswer(
  text: string,
  metadata: GroundingMetadata | undefined,
): GroundedAnswer | undefined {
  const queries = listOf(metadata?.webSearchQueries).filter((query) => typeof query === "string");
  const sources = listOf(metadata?.groundingChunks).map(sourceOf);
  if (queries.length === 0 && sources.length === 0) return undefined;
  return {
    query: queries.join("; "),
    results: sources.filter((source) => source !== undefined).map(resultOf),
    pieces: cutText(text, supportsOf(text, metadata, sources)),
  };
}

interface Source {
  readonly url: string;
  readonly title: string;
}

/** Indices of the string, `from` < `to`. */
interface Support {
  readonly from: number;
  readonly to: number;
  readonly sources: readonly Source[];
}

type GroundingChunk = NonNullable<GroundingMetadata["groundingChunks"]>[number];

function sourceOf(chunk: GroundingChunk | null): Source | undefined {
  const url = chunk?.web?.uri;
  const title = chunk?.web?.title;
  if (typeof url !== "string" || url === "") return undefined;
  return { url, title: typeof title === "string" ? title : url };
}

function resultOf({ url, title }: Source): WebSearchResultBlock["content"][number] {
  return { type: "web_search_result", url, title, encrypted_content: "", page_age: null };
}

function supportsOf(
  text: string,
  metadata: GroundingMetadata | undefined,
  sources: readonly (Source | undefined)[],
): Support[] {
  const position = utf8Position(text);
  const supports: Support[] = [];
  for (const support of listOf(metadata?.groundingSupports)) {
    // Proto-JSON leaves a start of 0 out.
    const { startIndex: start = 0, endIndex: end } = support?.segment ?? {};
    if (typeof start !== "number" || typeof end !== "number") continue;
    const cited = listOf(support.groundingChunkIndices)
      .map((index) => (typeof index === "number" ? sources[index] : undefined))
      .filter((source) => source !== undefined);
    const from = position(start);
    const to = position(end);
    if (from < to && cited.length > 0) supports.push({ from, to, sources: cited });
  }
  return supports.toSorted((a, b) => a.from - b.from || a.to - b.to);
}

/** Segments may overlap, blocks may not: a later one begins where the earlier ends, or adds its sources to it. */
function cutText(text: string, supports: readonly Support[]): CitedText[] {
  const pieces: { text: string; citations: WebSearchCitation[] }[] = [];
  let cursor = 0;
  for (const { from, to, sources } of supports) {
    const citations = sources.map((source) => citationOf(source, text.slice(from, to)));
    if (to <= cursor) {
      pieces.at(-1)?.citations.push(...citations);
      continue;
    }
    if (from > cursor) pieces.push({ text: text.slice(cursor, from), citations: [] });
    pieces.push({ text: text.slice(Math.max(from, cursor), to), citations });
    cursor = to;
  }
  if (cursor < text.length) pieces.push({ text: text.slice(cursor), citations: [] });
  return pieces;
}

function citationOf({ url, title }: Source, citedText: string): WebSearchCitation {
  return {
    type: "web_search_result_location",
    url,
    title,
    encrypted_index: "",
    cited_text: citedText,
  };
}
