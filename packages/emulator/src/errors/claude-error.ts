import type { Reply } from "../http/reply.ts";
import { googleError } from "./google-error.ts";

/** A rejection by Anthropic's rules: the Anthropic error is JSON inside `error.message`. Source: cloud-code §9.1. */
export function claudeError(message: string, type = "invalid_request_error"): Reply {
  const inner = { type: "error", error: { type, message }, request_id: "req_vrtx_011CEMULATED" };
  return googleError(400, JSON.stringify(inner));
}
