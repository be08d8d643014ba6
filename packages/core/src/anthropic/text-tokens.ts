import type { JsonValue } from "./messages.ts";

/**
 * Token counts are summed in twentieths, so that they stay integers and rounding happens once for each text.
 *
 * The weights were fitted to Claude's public tokenizer (English prose, Markdown, TypeScript, JSON, Japanese, Chinese: 0.9
 * to 1.2 of its counts; Russian and German 0.85). They err upwards on code and tool schemas, which is the safe side: a
 * count that is too low lets a conversation outgrow its window.
 */
export const UNITS_PER_TOKEN = 20;

const LETTER_OR_SPACE = 5;
const DIGIT = 10;
const OTHER_ASCII = 9;
/** Latin with accents, Greek, Cyrillic, Hebrew, Arabic. */
const BELOW_0800 = 12;
/** Ideographs, kana, Hangul; half of an emoji. */
const ABOVE_0800 = 24;

const ASCII_WEIGHTS = Uint8Array.from({ length: 128 }, (_, code) => {
  if (code === 0x20 || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a)) {
    return LETTER_OR_SPACE;
  }
  return code >= 0x30 && code <= 0x39 ? DIGIT : OTHER_ASCII;
});

/** Weight of a text in twentieths of a token: every character counts by itself, so that weights of parts add up. */
export function textUnits(text: string): number {
  let units = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    units += ASCII_WEIGHTS[code] ?? (code < 0x800 ? BELOW_0800 : ABOVE_0800);
  }
  return units;
}

/** The smallest number of whole tokens that holds `units`. */
export function unitsToTokens(units: number): number {
  return Math.ceil(units / UNITS_PER_TOKEN);
}

/** Weight of a JSON value as it would be written, in twentieths of a token; `skip` names keys that do not count. */
export function jsonUnits(value: JsonValue | undefined, skip?: ReadonlySet<string>): number {
  if (typeof value === "string") return textUnits(value) + OTHER_ASCII;
  if (typeof value === "number") return String(value).length * DIGIT;
  if (typeof value !== "object" || value === null) return UNITS_PER_TOKEN;
  let units = OTHER_ASCII;
  if (isList(value)) {
    for (const item of value) units += jsonUnits(item, skip) + OTHER_ASCII;
    return units;
  }
  for (const key in value) {
    if (skip?.has(key) === true) continue;
    units += textUnits(key) + jsonUnits(value[key], skip) + 2 * OTHER_ASCII;
  }
  return units;
}

/** `Array.isArray` alone does not narrow a readonly list away from an object. */
function isList(value: object): value is readonly JsonValue[] {
  return Array.isArray(value);
}
