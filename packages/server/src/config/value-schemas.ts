import * as z from "zod";

/** The kinds of values that settings have. What is allowed in words stands beside each use, in the table of settings. */

export const portNumber = z.int().min(0).max(65_535);

/** A name or an address without a port. */
export const hostName = z.string().regex(/^[A-Za-z0-9._:-]{1,255}$/);

/** Names as a `Host` header has them; ports and the brackets of IPv6 addresses are taken away. */
export const hostNames = z.array(
  z
    .string()
    .regex(
      /^(\[[0-9A-Fa-f:.]+\](:\d{1,5})?|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*|[A-Za-z0-9._-]+(:\d{1,5})?)$/,
    )
    .transform((name) => bareHostName(name.toLowerCase())),
);

export const baseUrl = z
  .string()
  .refine((text) => isHttpUrl(text))
  .transform((text) => text.replace(/\/+$/, ""));

export const baseUrls = z.array(baseUrl).min(1);

export const origins = z.array(
  z.string().refine((text) => isHttpUrl(text) && new URL(text).origin === text),
);

export const proxyUrl = z.string().refine((text) => isHttpUrl(text));

/** A number of seconds. */
export function seconds(range: { readonly min: number; readonly max: number }) {
  return z.number().min(range.min).max(range.max);
}

export const tokens = z.int().min(0).max(1_000_000);

export const modelId = z.string().regex(/^[!-~]{1,200}$/);

/** One line of printable ASCII: what may stand in a header. */
const headerText = /^[ -~]*$/;

export const headerValue = z.string().min(1).regex(headerText);

/** Set by the client itself; overriding one breaks every request or sends the token elsewhere. */
const RESERVED_HEADERS = new Set([
  "authorization",
  "connection",
  "content-length",
  "content-type",
  "host",
  "transfer-encoding",
]);

/** Names as RFC 9110 §5.1 has them, lower-case afterwards. */
export const headers = z.record(
  z
    .string()
    .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/)
    .refine((name) => !RESERVED_HEADERS.has(name.toLowerCase()))
    .toLowerCase(),
  z.string().regex(headerText),
);

function isHttpUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, search, hash } = new URL(text);
  return (protocol === "https:" || protocol === "http:") && search === "" && hash === "";
}

function bareHostName(name: string): string {
  const bracketed = /^\[(.*)\]/.exec(name)?.[1];
  if (bracketed !== undefined) return bracketed;
  return name.split(":").length === 2 ? name.replace(/:\d+$/, "") : name;
}
