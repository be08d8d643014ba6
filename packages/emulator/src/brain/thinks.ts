import type { GenerateContentRequest } from "@agp/core";
import type { EmulatedModel } from "../models/catalogue.ts";

/** Whether the model thinks for this request, and whether it shows its thoughts. Source: cloud-code §5.1. */
export interface ThinkingMode {
  readonly thinks: boolean;
  readonly shows: boolean;
}

/** Claude thinks with a budget only; Gemini ≥ 3 always; 2.5 unless its budget is 0. */
export function thinkingMode(request: GenerateContentRequest, model: EmulatedModel): ThinkingMode {
  const config = request.generationConfig?.thinkingConfig;
  const asksToSee = config?.includeThoughts ?? false;
  if (model.budget === undefined) return { thinks: false, shows: false };
  const thinks =
    model.family === "claude"
      ? config?.thinkingBudget !== undefined
      : model.generation >= 3 || config?.thinkingBudget !== 0;
  return { thinks, shows: thinks && asksToSee };
}
