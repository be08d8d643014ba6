import type { ModelFamily } from "./catalogue.ts";

/** The generation of a Gemini whose id has no number (`gemini-pro-agent`): such names came with the third. */
const UNNUMBERED_GENERATION = 3;

/**
 * The family of a backend's id, by substring. An id of none of the three counts as `gpt`, whose rules ask nothing special
 * of a model: plain text and tools, no thinking configuration, no signatures.
 *
 * Source: cloud-code, introduction ("Families").
 */
export function familyOf(id: string): ModelFamily {
  const name = id.toLowerCase();
  if (name.includes("claude")) return "claude";
  return name.includes("gemini") ? "gemini" : "gpt";
}

/** First number after `gemini-` (`gemini-2.5-pro` → 2); 0 for other families. Source: cloud-code, introduction. */
export function generationOf(id: string): number {
  if (familyOf(id) !== "gemini") return 0;
  const digits = /gemini-(\d{1,3})(?!\d)/i.exec(id)?.[1];
  return digits === undefined ? UNNUMBERED_GENERATION : Number(digits);
}
