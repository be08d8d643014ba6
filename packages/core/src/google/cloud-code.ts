/**
 * Cloud Code's own envelope and RPCs, names verbatim.
 *
 * Source: cloud-code §1.2–1.7 and §3.
 */
import type { GenerateContentRequest, GenerateContentResponse } from "./generate-content.ts";

export type RequestType = "agent" | "web_search" | "image_gen";

export interface GenerateContentEnvelope {
  readonly project: string;
  readonly model: string;
  readonly userAgent?: string;
  readonly requestType: RequestType;
  /** `agent-<uuid v4>`, new for every HTTP attempt. */
  readonly requestId: string;
  readonly request: GenerateContentRequest;
}

/** One event of the stream, or the answer of `generateContent`; some answers come unwrapped. */
export interface CloudCodeChunk extends GenerateContentResponse {
  readonly response?: GenerateContentResponse;
  readonly traceId?: string;
  readonly error?: unknown;
}

export interface ClientMetadata {
  readonly ideType: string;
  readonly platform: string;
  readonly pluginType: string;
}

export interface LoadCodeAssistResponse {
  readonly cloudaicompanionProject?: string | { readonly id?: string };
  readonly projectId?: string;
  readonly project?: string;
  readonly currentTier?: Tier;
  readonly paidTier?: Tier;
  readonly allowedTiers?: readonly Tier[];
  readonly ineligibleTiers?: readonly IneligibleTier[];
}

export interface Tier {
  readonly id?: string;
  readonly name?: string;
  readonly isDefault?: boolean;
}

export interface IneligibleTier {
  readonly reasonCode?: string;
  readonly reasonMessage?: string;
  readonly tierId?: string;
  readonly validationUrl?: string;
}

export interface OnboardUserOperation {
  readonly name?: string;
  readonly done?: boolean;
  readonly response?: { readonly cloudaicompanionProject?: string | { readonly id?: string } };
  readonly error?: { readonly code?: number; readonly message?: string };
}

export interface FetchAvailableModelsResponse {
  readonly models?: { readonly [id: string]: AvailableModel };
  readonly webSearchModelIds?: readonly string[];
  readonly imageGenerationModelIds?: readonly string[];
  readonly deprecatedModelIds?: { readonly [id: string]: { readonly newModelId?: string } };
}

export interface AvailableModel {
  readonly displayName?: string;
  readonly quotaInfo?: { readonly remainingFraction?: number; readonly resetTime?: string };
  readonly supportsImages?: boolean;
  readonly supportsThinking?: boolean;
  readonly supportsVideo?: boolean;
  readonly thinkingBudget?: number;
  readonly minThinkingBudget?: number;
  readonly maxTokens?: number;
  readonly maxOutputTokens?: number;
  readonly isInternal?: boolean;
  readonly recommended?: boolean;
  readonly supportedMimeTypes?: { readonly [mime: string]: boolean };
}
