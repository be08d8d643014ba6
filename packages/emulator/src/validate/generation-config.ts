import { claudeError } from "../errors/claude-error.ts";
import { invalidArgument, strictRefusal } from "../errors/google-error.ts";
import type { Reply } from "../http/reply.ts";
import type { Check, CheckContext } from "./check.ts";
import { schemaProblem } from "./schema.ts";
import { declarationsOf } from "./tools.ts";

const MAX_GEMINI_STOPS = 5;

/** Limits of the sampling and output parameters. Source: cloud-code §5, §5.2, §14.16. */
export const generationConfigChecks: readonly Check[] = [
  checkMaxOutputTokens,
  checkRanges,
  checkStopSequences,
  checkCandidateCount,
  checkResponseFormat,
];

function checkMaxOutputTokens({ request, model }: CheckContext): Reply | undefined {
  const tokens = request.generationConfig?.maxOutputTokens;
  if (tokens === undefined) return undefined;
  if (tokens >= 1 && tokens <= model.maxOutputTokens) return undefined;
  if (model.family !== "claude") {
    return outOfRange("maxOutputTokens", tokens, 1, model.maxOutputTokens + 1);
  }
  return tokens < 1
    ? claudeError("max_tokens: Input should be greater than or equal to 1")
    : claudeError(
        `max_tokens: ${tokens} > ${model.maxOutputTokens}, which is the maximum allowed number of output tokens for ${model.id}`,
      );
}

function checkRanges({ request, model }: CheckContext): Reply | undefined {
  const isClaude = model.family === "claude";
  const { temperature, topP, topK } = request.generationConfig ?? {};
  const maxTemperature = isClaude ? 1 : 2;
  if (temperature !== undefined && (temperature < 0 || temperature > maxTemperature)) {
    return isClaude
      ? claudeError("temperature: range: 0..1")
      : outOfRange("temperature", temperature, 0, "2.0001");
  }
  if (topP !== undefined && (topP < 0 || topP > 1)) {
    return isClaude ? claudeError("top_p: range: 0..1") : outOfRange("topP", topP, 0, "1.0001");
  }
  const maxTopK = isClaude ? 500 : 64;
  if (topK !== undefined && (topK < 1 || topK > maxTopK)) {
    return isClaude
      ? claudeError("top_k: range: 1..500")
      : outOfRange("topK", topK, 1, maxTopK + 1);
  }
  return undefined;
}

function checkStopSequences({ request, model }: CheckContext): Reply | undefined {
  const stops = request.generationConfig?.stopSequences ?? [];
  if (model.family === "claude" && stops.some((stop) => stop.trim() === "")) {
    return claudeError("stop_sequences: each stop sequence must contain non-whitespace");
  }
  if (stops.includes("")) {
    return invalidArgument(
      "* GenerateContentRequest.generation_config.stop_sequences: must not be empty.\n",
    );
  }
  if (model.family === "claude" || stops.length <= MAX_GEMINI_STOPS) return undefined;
  return outOfRange("stopSequences", stops.length, 0, MAX_GEMINI_STOPS + 1);
}

function checkCandidateCount({ request, rules }: CheckContext): Reply | undefined {
  const count = request.generationConfig?.candidateCount;
  if (count === undefined || count === 1 || !rules.strict) return undefined;
  return strictRefusal(`generationConfig.candidateCount is ${count}: should be omitted`);
}

function checkResponseFormat({ request, model }: CheckContext): Reply | undefined {
  const { responseSchema, responseMimeType } = request.generationConfig ?? {};
  const isJson = responseMimeType === "application/json";
  const hasFunctions = declarationsOf(request.tools).length > 0;
  if (isJson && hasFunctions && model.family === "gemini" && model.generation < 3) {
    return invalidArgument(
      "Function calling with a response mime type: 'application/json' is unsupported",
    );
  }
  if (responseSchema === undefined) return undefined;
  const path = "GenerateContentRequest.generation_config.response_schema";
  if (!isJson) {
    return invalidArgument(
      `* ${path}: only allowed when response_mime_type is application/json.\n`,
    );
  }
  const problem = schemaProblem(responseSchema, path, 1);
  return problem === undefined ? undefined : invalidArgument(`* ${problem}\n`);
}

function outOfRange(name: string, value: number, from: number, to: number | string): Reply {
  return invalidArgument(
    `Unable to submit request because it has a ${name} value of ${value} but the supported range is from ${from} (inclusive) to ${to} (exclusive). Update the value and try again.`,
  );
}
