/**
 * Google's GenerateContent request and response, names verbatim. Response fields are all optional: proto-JSON leaves out
 * what is empty, and the backend gains fields without notice.
 *
 * Source: cloud-code §3–7.
 */
import type { JsonObject } from "../anthropic/messages.ts";

export interface GenerateContentRequest {
  contents: Content[];
  systemInstruction?: { role: "user"; parts: { text: string }[] };
  tools?: Tool[];
  toolConfig?: ToolConfig;
  generationConfig?: GenerationConfig;
  sessionId?: string;
}

export interface Content {
  role: "user" | "model";
  parts: Part[];
}

/** Exactly one of the data fields is set. */
export interface Part {
  text?: string;
  inlineData?: { mimeType: string; data: string };
  fileData?: { mimeType?: string; fileUri: string };
  functionCall?: FunctionCall;
  functionResponse?: { id?: string; name: string; response: JsonObject };
  thought?: boolean;
  thoughtSignature?: string;
}

export interface FunctionCall {
  id?: string;
  name: string;
  args?: JsonObject;
}

export type Tool =
  | { functionDeclarations: FunctionDeclaration[] }
  | { googleSearch: Record<string, never> };

export interface FunctionDeclaration {
  name: string;
  description?: string;
  parameters: Schema;
}

export type SchemaType = "object" | "string" | "number" | "integer" | "boolean" | "array" | "null";

/** The proto `Schema`, an OpenAPI 3.0 subset: only the keys that this project sends. */
export interface Schema {
  type?: SchemaType;
  description?: string;
  nullable?: boolean;
  format?: string;
  enum?: string[];
  items?: Schema;
  properties?: { [name: string]: Schema };
  required?: string[];
  anyOf?: Schema[];
}

export interface ToolConfig {
  functionCallingConfig: {
    mode: "AUTO" | "ANY" | "NONE" | "VALIDATED";
    allowedFunctionNames?: string[];
  };
}

export interface ThinkingConfig {
  includeThoughts?: boolean;
  thinkingBudget?: number;
  thinkingLevel?: "minimal" | "low" | "medium" | "high";
}

export interface GenerationConfig {
  temperature?: number;
  topP?: number;
  topK?: number;
  maxOutputTokens?: number;
  stopSequences?: string[];
  responseMimeType?: string;
  responseSchema?: Schema;
  thinkingConfig?: ThinkingConfig;
  responseModalities?: string[];
}

// ---- responses ----

export interface GenerateContentResponse {
  readonly candidates?: readonly Candidate[];
  readonly promptFeedback?: { readonly blockReason?: string; readonly blockReasonMessage?: string };
  readonly usageMetadata?: UsageMetadata;
  readonly modelVersion?: string;
  readonly responseId?: string;
}

export interface Candidate {
  readonly content?: { readonly role?: string; readonly parts?: readonly ResponsePart[] };
  readonly finishReason?: string;
  readonly finishMessage?: string;
  readonly groundingMetadata?: GroundingMetadata;
}

export interface ResponsePart {
  readonly text?: string;
  readonly thought?: boolean;
  readonly thoughtSignature?: string;
  readonly thought_signature?: string;
  readonly functionCall?: {
    readonly id?: string;
    readonly name?: string;
    readonly args?: JsonObject;
  };
  readonly inlineData?: { readonly mimeType?: string; readonly data?: string };
  readonly executableCode?: { readonly language?: string; readonly code?: string };
  readonly codeExecutionResult?: { readonly outcome?: string; readonly output?: string };
}

/** int64 values may arrive as strings. */
export interface UsageMetadata {
  readonly promptTokenCount?: number | string;
  readonly candidatesTokenCount?: number | string;
  readonly totalTokenCount?: number | string;
  readonly cachedContentTokenCount?: number | string;
  readonly thoughtsTokenCount?: number | string;
}

export interface GroundingMetadata {
  readonly webSearchQueries?: readonly string[];
  readonly groundingChunks?: readonly {
    readonly web?: { readonly uri?: string; readonly title?: string };
  }[];
  readonly groundingSupports?: readonly {
    readonly segment?: {
      readonly startIndex?: number;
      readonly endIndex?: number;
      readonly text?: string;
    };
    readonly groundingChunkIndices?: readonly number[];
  }[];
}
