/** What the backend's models are called and what each can do. Source: cloud-code §1.6 and §11. */

/** By substring of the backend's id, never of the name that the client sent. */
export type ModelFamily = "claude" | "gemini" | "gpt";

export interface ModelInfo {
  /** The id for the envelope. */
  readonly id: string;
  readonly displayName: string;
  readonly family: ModelFamily;
  /** First number after `gemini-` (2, 3 …); 0 for other families. */
  readonly generation: number;
  /** `always`: thinking cannot be switched off, only made small. */
  readonly thinking: "none" | "budget" | "always";
  /** Range that `thinkingBudget` may have, in tokens; 0 where the model does not think. */
  readonly minThinkingBudget: number;
  readonly maxThinkingBudget: number;
  readonly contextTokens: number;
  readonly maxOutputTokens: number;
  readonly supportsImages: boolean;
  /** Answers with images: no tools, no system instruction, `requestType: image_gen`. */
  readonly makesImages: boolean;
}

export interface Catalogue {
  readonly models: ReadonlyMap<string, ModelInfo>;
  /** Old id → id that replaces it, as the backend tells. */
  readonly deprecated: ReadonlyMap<string, string>;
  /** Models that can search the web, the preferred one first. */
  readonly webSearchModelIds: readonly string[];
}
