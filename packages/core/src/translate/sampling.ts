import type { MessagesRequest } from "../anthropic/messages.ts";
import type { GenerationConfig } from "../google/generate-content.ts";
import type { ModelInfo } from "../models/catalogue.ts";
import type { TranslationDrops } from "./dropped.ts";

/** `topK` beyond these is a 400. GPT takes what Gemini takes. Source: cloud-code §5. */
const MAX_TOP_K = { claude: 500, gemini: 64, gpt: 64 } as const;

type Sampling = Pick<MessagesRequest, "temperature" | "top_p" | "top_k">;

/**
 * Adds `temperature`, `topP` and `topK` to `config`. What Claude would refuse is left out: `validateForModel` has seen to
 * it that this is only what changes nothing. Source: cloud-code §5.
 */
export function addSampling(
  config: GenerationConfig,
  request: Sampling,
  model: ModelInfo,
  claudeThinks: boolean,
  drops: TranslationDrops,
): void {
  const keptOut = model.family === "claude" ? keptFromClaude(request, claudeThinks) : undefined;
  if (keptOut !== undefined) drops.add("neutral_sampling", keptOut);
  const { temperature, top_p: topP } = request;
  if (temperature !== undefined && keptOut !== "temperature") config.temperature = temperature;
  if (topP !== undefined && keptOut !== "top_p") config.topP = topP;
  addTopK(config, request.top_k, model, drops);
}

/** With thinking there is no temperature but 1, which is sent as none; without, there is only one of the two. */
function keptFromClaude(
  { temperature, top_p: topP }: Sampling,
  claudeThinks: boolean,
): "temperature" | "top_p" | undefined {
  if (temperature === undefined) return undefined;
  if (claudeThinks) return "temperature";
  if (topP === undefined) return undefined;
  return temperature === 1 ? "temperature" : "top_p";
}

function addTopK(
  config: GenerationConfig,
  topK: number | undefined,
  model: ModelInfo,
  drops: TranslationDrops,
): void {
  if (topK === undefined) return;
  if (topK === 0) return drops.add("top_k_zero", "top_k");
  config.topK = Math.min(topK, MAX_TOP_K[model.family]);
  if (config.topK !== topK) drops.add("clamped", "top_k");
}
