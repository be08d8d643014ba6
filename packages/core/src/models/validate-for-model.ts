import { isStrictVersion } from "../anthropic/api-version.ts";
import { invalidRequest } from "../anthropic/errors.ts";
import type { AnthropicError } from "../anthropic/errors.ts";
import type { MessagesRequest } from "../anthropic/messages.ts";
import type { ModelInfo } from "./catalogue.ts";
import { imagesError } from "./check-images.ts";

/** Source: cloud-code §5. */
const MAX_GEMINI_STOP_SEQUENCES = 5;
const MIN_TOP_P_WITH_THINKING = 0.95;

const CONSULT =
  "Please consult our documentation at https://docs.claude.com/en/docs/build-with-claude/extended-thinking" +
  "#important-considerations-when-using-extended-thinking";

/**
 * Checks what a valid request asks of the model that shall serve it; a 400 in Anthropic's words, or undefined.
 *
 * Refused is only what would be refused by the backend or change its meaning silently: `max_tokens` and `top_k` are
 * clamped by the translation. Source: cloud-code §5, §5.1, §5.3; anthropic-messages §3.1, §3.4.
 */
export function validateForModel(
  request: MessagesRequest,
  model: ModelInfo,
  options: { readonly apiVersion: string },
): AnthropicError | undefined {
  switch (model.family) {
    case "claude":
      return (
        (isStrictVersion(options.apiVersion) ? undefined : samplingError(request, model)) ??
        forcedToolError(request, model) ??
        imagesError(request.messages, model)
      );
    case "gemini":
      return stopSequencesError(request) ?? imagesError(request.messages, model);
    default:
      return imagesError(request.messages, model);
  }
}

/** A value of 1 is the same as none, so that it conflicts with nothing. */
function samplingError(request: MessagesRequest, model: ModelInfo): AnthropicError | undefined {
  const { temperature = 1, top_p: topP = 1, top_k: topK } = request;
  if (temperature !== 1 && topP !== 1) {
    return invalidRequest(
      "`temperature` and `top_p` cannot both be specified for this model. Please use only one.",
    );
  }
  if (!asksForThinking(request, model)) return undefined;
  if (temperature !== 1) {
    return invalidRequest(
      `\`temperature\` may only be set to 1 when thinking is enabled. ${CONSULT}`,
    );
  }
  if (topP < MIN_TOP_P_WITH_THINKING) {
    return invalidRequest(
      `\`top_p\` must be greater than or equal to ${MIN_TOP_P_WITH_THINKING} or unset when thinking is enabled. ${CONSULT}`,
    );
  }
  if (topK === undefined) return undefined;
  return invalidRequest(`\`top_k\` must be unset when thinking is enabled. ${CONSULT}`);
}

function asksForThinking(request: MessagesRequest, model: ModelInfo): boolean {
  if (model.thinking === "none") return false;
  return request.thinking?.type === "enabled" || request.thinking?.type === "adaptive";
}

/** Adaptive thinking gives way to a forced tool; thinking that the client switched on cannot. */
function forcedToolError(request: MessagesRequest, model: ModelInfo): AnthropicError | undefined {
  const choice = request.tool_choice?.type;
  if (choice !== "any" && choice !== "tool") return undefined;
  if (request.thinking?.type !== "enabled" || model.thinking === "none") return undefined;
  return invalidRequest("Thinking may not be enabled when tool_choice forces tool use.");
}

function stopSequencesError(request: MessagesRequest): AnthropicError | undefined {
  const count = request.stop_sequences?.length ?? 0;
  if (count <= MAX_GEMINI_STOP_SEQUENCES) return undefined;
  return invalidRequest(
    `stop_sequences: this model takes at most ${MAX_GEMINI_STOP_SEQUENCES} stop sequences, not ${count}`,
  );
}
