import type { JsonObject } from "@agp/core";

/** A generate request whose fields have the right types (proto), but of which nothing else is known yet. */
export interface UncheckedEnvelope {
  readonly project?: string;
  readonly model?: string;
  readonly requestId?: string;
  readonly requestType?: string;
  readonly enabledCreditTypes?: readonly string[];
  readonly request?: UncheckedRequest;
}

export interface UncheckedRequest {
  readonly contents?: readonly UncheckedContent[];
  readonly systemInstruction?: UncheckedContent;
  readonly tools?: readonly UncheckedTool[];
  readonly toolConfig?: {
    readonly functionCallingConfig?: {
      readonly mode?: string;
      readonly allowedFunctionNames?: readonly string[];
    };
  };
  readonly generationConfig?: UncheckedGenerationConfig;
  readonly sessionId?: string;
}

export interface UncheckedContent {
  readonly role?: string;
  readonly parts?: readonly UncheckedPart[];
}

export interface UncheckedPart {
  readonly text?: string;
  readonly inlineData?: { readonly mimeType?: string; readonly data?: string };
  readonly fileData?: { readonly mimeType?: string; readonly fileUri?: string };
  readonly functionCall?: {
    readonly id?: string;
    readonly name?: string;
    readonly args?: JsonObject;
  };
  readonly functionResponse?: {
    readonly id?: string;
    readonly name?: string;
    readonly response?: JsonObject;
    readonly parts?: readonly JsonObject[];
  };
  readonly executableCode?: JsonObject;
  readonly codeExecutionResult?: JsonObject;
  readonly thought?: boolean;
  readonly thoughtSignature?: string;
}

export interface UncheckedTool {
  readonly functionDeclarations?: readonly UncheckedDeclaration[];
  readonly googleSearch?: JsonObject;
  readonly googleSearchRetrieval?: JsonObject;
  readonly urlContext?: JsonObject;
  readonly codeExecution?: JsonObject;
}

export interface UncheckedDeclaration {
  readonly name?: string;
  readonly description?: string;
  readonly parameters?: UncheckedSchema;
}

export interface UncheckedSchema {
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly items?: UncheckedSchema;
  readonly properties?: Readonly<Record<string, UncheckedSchema>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly UncheckedSchema[];
}

export interface UncheckedGenerationConfig {
  readonly temperature?: number;
  readonly topP?: number;
  readonly topK?: number;
  readonly candidateCount?: number;
  readonly maxOutputTokens?: number;
  readonly stopSequences?: readonly string[];
  readonly responseMimeType?: string;
  readonly responseSchema?: UncheckedSchema;
  readonly thinkingConfig?: {
    readonly includeThoughts?: boolean;
    readonly thinkingBudget?: number;
    readonly thinkingLevel?: string;
  };
}
