/** Base64 read in place: a document of 20 MB is checked and measured without a decoded copy. */

/** Search for the first foreign character: one pass without backtracking, 1 ms a megabyte. */
const FOREIGN = /[^A-Za-z0-9+/_-]/;

/**
 * True for plain base64 as the backend accepts it: standard or URL-safe alphabet, padding complete or absent, no line
 * breaks, no `data:` prefix, not empty.
 *
 * Source: anthropic-messages §3.4; cloud-code §4.1.
 */
export function isBase64(text: string): boolean {
  const digits = digitCount(text);
  if (digits === 0 || digits % 4 === 1) return false;
  if (digits !== text.length && text.length % 4 !== 0) return false;
  const foreign = text.search(FOREIGN);
  return foreign === -1 || foreign === digits;
}

/** Size in bytes of what valid base64 decodes to. */
export function decodedSize(base64: string): number {
  return Math.floor((digitCount(base64) * 3) / 4);
}

/** The byte at `offset` of the decoded data; NaN behind its end, so that every comparison with it is false. */
export function byteAt(base64: string, offset: number): number {
  const group = Math.floor(offset / 3) * 4;
  const place = offset % 3;
  const high = sextet(base64, group + place);
  const low = sextet(base64, group + place + 1);
  if (Number.isNaN(high) || Number.isNaN(low)) return Number.NaN;
  if (place === 0) return (high << 2) | (low >> 4);
  if (place === 1) return ((high & 0xf) << 4) | (low >> 2);
  return ((high & 0x3) << 6) | low;
}

/** Length without padding of at most two characters. */
function digitCount(text: string): number {
  if (text.endsWith("==")) return text.length - 2;
  return text.endsWith("=") ? text.length - 1 : text.length;
}

function sextet(base64: string, index: number): number {
  const code = base64.charCodeAt(index);
  if (code >= 0x41 && code <= 0x5a) return code - 0x41;
  if (code >= 0x61 && code <= 0x7a) return code - 0x61 + 26;
  if (code >= 0x30 && code <= 0x39) return code - 0x30 + 52;
  if (code === 0x2b || code === 0x2d) return 62;
  if (code === 0x2f || code === 0x5f) return 63;
  return Number.NaN;
}
