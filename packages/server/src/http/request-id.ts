import { customAlphabet } from "nanoid";

const ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** 24 random alphanumerics, as Anthropic's ids have them behind their prefix. */
export const randomId: () => string = customAlphabet(ALPHANUMERIC, 24);

/** The id in `request-id`, in error bodies and in the log. */
export function newRequestId(): string {
  return `req_${randomId()}`;
}
