/**
 * What a sentence of the backend may hold and a client must not see. Each pattern is linear, and the text is cut before.
 *
 * Source: cloud-code §9.4; anthropic-messages §7.2.
 */
const SECRETS = [
  // Links by which an account is verified or appealed for, with their one-time parameters.
  [/https?:\/\/(?:accounts\.google\.com|forms\.gle)\S*/gi, "(link left out)"],
  [/\bya29\.[\w.-]+/g, "(token left out)"],
  [/\b1\/\/[\w-]{6,}/g, "(token left out)"],
  [/\bBearer\s+[\w.~+/=-]{8,}/gi, "Bearer (token left out)"],
  [/\beyJ[\w-]{8,}(?:\.[\w-]*){0,2}/g, "(token left out)"],
  [/\b(?:GOCSPX-|AIza|sk-)[\w-]{8,}/g, "(key left out)"],
  [/[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}/g, "(address left out)"],
] as const satisfies readonly (readonly [RegExp, string])[];

const MAX_MESSAGE_LENGTH = 2000;

/**
 * Takes tokens, keys, e-mail addresses and links to Google's account pages out of a sentence, and cuts it at 2,000
 * characters.
 *
 * Source: cloud-code §9.4.
 */
export function redactSecrets(text: string): string {
  let redacted = text.slice(0, MAX_MESSAGE_LENGTH * 2);
  for (const [pattern, replacement] of SECRETS) {
    redacted = redacted.replaceAll(pattern, replacement);
  }
  return redacted.length <= MAX_MESSAGE_LENGTH
    ? redacted
    : `${redacted.slice(0, MAX_MESSAGE_LENGTH - 1)}…`;
}
