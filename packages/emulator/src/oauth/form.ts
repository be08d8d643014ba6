import type { IncomingHttpHeaders } from "node:http";
import type { Reply } from "../http/reply.ts";

/** An OAuth error answer. Source: cloud-code §2, RFC 6749 §5.2. */
export function oauthError(status: number, error: string, description?: string): Reply {
  return { status, body: { error, ...(description && { error_description: description }) } };
}

/** Parses a form body, or gives the refusal of a body that is none or repeats a parameter. */
export function parseForm(headers: IncomingHttpHeaders, body: Buffer): URLSearchParams | Reply {
  const type = headers["content-type"] ?? "";
  if (!type.toLowerCase().startsWith("application/x-www-form-urlencoded")) {
    return oauthError(400, "invalid_request", "The request must be form encoded.");
  }
  const form = new URLSearchParams(body.toString("utf8"));
  for (const name of form.keys()) {
    if (form.getAll(name).length > 1) {
      return oauthError(400, "invalid_request", `Parameter not allowed to repeat: ${name}`);
    }
  }
  return form;
}
