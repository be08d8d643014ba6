import type { Effort, MessagesRequest } from "../anthropic/messages.ts";
import type { ModelInfo } from "../models/catalogue.ts";
import { lastEffort } from "./effort.ts";

/** What a client asks for by `thinking`, `output_config.effort` and `display`. */
export type ThinkingRequest =
  | { readonly kind: "off" }
  | { readonly kind: "budget"; readonly tokens: number; readonly isShown: boolean }
  | {
      readonly kind: "adaptive";
      readonly effort: Effort | undefined;
      readonly isShown: boolean;
    };

/** Reads the request's thinking; `between_tools` is off. Source: cloud-code §5.1; anthropic-messages §3.8. */
export function thinkingRequest(request: MessagesRequest): ThinkingRequest {
  const { thinking } = request;
  switch (thinking?.type) {
    case "enabled":
      return {
        kind: "budget",
        tokens: thinking.budget_tokens,
        isShown: thinking.display !== "omitted",
      };
    case "adaptive":
      return {
        kind: "adaptive",
        effort: lastEffort(request),
        isShown: thinking.display !== "omitted",
      };
    case "disabled":
    case "between_tools":
    default:
      return { kind: "off" };
  }
}

/** True where Claude's rules for thinking apply to the rest of the request. */
export function claudeThinks(asked: ThinkingRequest, model: ModelInfo): boolean {
  return asked.kind !== "off" && model.family === "claude" && model.thinking !== "none";
}
