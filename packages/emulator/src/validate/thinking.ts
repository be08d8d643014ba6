import { claudeError } from "../errors/claude-error.ts";
import { invalidArgument, strictRefusal } from "../errors/google-error.ts";
import type { Reply } from "../http/reply.ts";
import type { Check, CheckContext } from "./check.ts";

const DOCS = "https://docs.claude.com/en/docs/build-with-claude/extended-thinking";
const IMPORTANT = `Please consult our documentation at ${DOCS}#important-considerations-when-using-extended-thinking`;

/** `thinkingConfig` and what it forbids beside itself. Source: cloud-code §5, §5.1, §14.17–18. */
export const thinkingChecks: readonly Check[] = [
  checkSupport,
  checkClaudeBudget,
  checkClaudeSampling,
  checkGeminiBudget,
  checkLevel,
];

function checkSupport({ request, model }: CheckContext): Reply | undefined {
  const thinking = request.generationConfig?.thinkingConfig;
  if (thinking === undefined) return undefined;
  if (model.budget === undefined) {
    return invalidArgument(`Thinking is not supported by model ${model.id}.`);
  }
  return thinking.thinkingBudget === undefined || thinking.thinkingLevel === undefined
    ? undefined
    : invalidArgument("You can only set only one of thinking budget and thinking level.");
}

function checkClaudeBudget({ request, model, rules }: CheckContext): Reply | undefined {
  const config = request.generationConfig;
  if (model.family !== "claude" || config?.thinkingConfig === undefined) return undefined;
  const { thinkingBudget, includeThoughts, thinkingLevel } = config.thinkingConfig;
  if (thinkingBudget === undefined) {
    if (!rules.strict || (includeThoughts === undefined && thinkingLevel === undefined)) {
      return undefined;
    }
    return strictRefusal(
      "thinkingConfig without thinkingBudget: Claude does not think and may write <thinking> tags into its text",
    );
  }
  if (thinkingBudget < 1024) {
    return claudeError(
      "thinking.enabled.budget_tokens: Input should be greater than or equal to 1024",
    );
  }
  if (thinkingBudget < (config.maxOutputTokens ?? model.maxOutputTokens)) return undefined;
  return claudeError(
    `\`max_tokens\` must be greater than \`thinking.budget_tokens\`. Please consult our documentation at ${DOCS}#max-tokens-and-context-window-size`,
  );
}

function checkClaudeSampling({ request, model }: CheckContext): Reply | undefined {
  const config = request.generationConfig;
  if (model.family !== "claude" || config === undefined) return undefined;
  const { temperature, topP, topK, thinkingConfig } = config;
  if (temperature !== undefined && topP !== undefined) {
    return claudeError(
      "`temperature` and `top_p` cannot both be specified for this model. Please use only one.",
    );
  }
  if (thinkingConfig?.thinkingBudget === undefined) return undefined;
  if (temperature !== undefined && temperature !== 1) {
    return claudeError(
      `\`temperature\` may only be set to 1 when thinking is enabled. ${IMPORTANT}`,
    );
  }
  if (topP !== undefined && topP < 0.95) {
    return claudeError(
      `\`top_p\` must be greater than or equal to 0.95 or unset when thinking is enabled. ${IMPORTANT}`,
    );
  }
  return topK === undefined
    ? undefined
    : claudeError(`\`top_k\` must be unset when thinking is enabled. ${IMPORTANT}`);
}

function checkGeminiBudget({ request, model }: CheckContext): Reply | undefined {
  const budget = request.generationConfig?.thinkingConfig?.thinkingBudget;
  if (model.family !== "gemini" || budget === undefined || model.budget === undefined) {
    return undefined;
  }
  const { min, max, zero } = model.budget;
  if (budget === 0 && zero) return undefined;
  if (budget === 0) {
    return invalidArgument("Budget 0 is invalid. This model only works in thinking mode.");
  }
  return budget >= min && budget <= max
    ? undefined
    : invalidArgument(
        `The thinking budget ${budget} is invalid. Please choose a value between ${min} and ${max}.`,
      );
}

function checkLevel({ request, model, rules }: CheckContext): Reply | undefined {
  const level = request.generationConfig?.thinkingConfig?.thinkingLevel?.toLowerCase();
  if (level === undefined || model.family !== "gemini") return undefined;
  if (!rules.acceptThinkingLevel || model.levels === undefined) {
    return invalidArgument("Thinking level is not supported for this model.");
  }
  return model.levels.includes(level)
    ? undefined
    : invalidArgument(`Thinking level ${level.toUpperCase()} is not supported for this model.`);
}
