import type { SearchResultBlockParam } from "../../anthropic/messages.ts";
import type { PartSink } from "../part-sink.ts";
import { openingTag } from "./tagged-text.ts";

/** Adds a search result as text, with its title and source. Source: cloud-code §4.3 (`search_result`). */
export function translateSearchResult(block: SearchResultBlockParam, sink: PartSink): void {
  const tag = openingTag("search_result", [
    ["title", block.title],
    ["source", block.source],
  ]);
  const texts = block.content.map(({ text }) => text).join("\n");
  sink.text(`${tag}\n${texts}\n</search_result>`);
}
