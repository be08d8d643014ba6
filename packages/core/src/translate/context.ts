import type { AnthropicError } from "../anthropic/errors.ts";
import type { Effort, JsonObject } from "../anthropic/messages.ts";
import type { DroppedField } from "../dropped-field.ts";
import type { RequestType } from "../google/cloud-code.ts";
import type { GenerateContentRequest } from "../google/generate-content.ts";
import type { ModelFamily, ModelInfo } from "../models/catalogue.ts";
import type { SchemaCache } from "./schema/schema-cache.ts";

/** Everything that the translation of one request needs besides the request: it is a function of (request, context). */
export interface TranslationContext {
  readonly model: ModelInfo;
  readonly signatures: SignatureReader;
  /** SHA-256 of the UTF-8 bytes of a text, as 64 lower-case hex digits. */
  readonly sha256Hex: (text: string) => string;
  readonly settings: TranslationSettings;
  /** Kept between requests, since clients send the same tools each time; without one every schema is rewritten anew. */
  readonly schemaCache?: SchemaCache;
  /** Tokens of `anthropic-beta`. */
  readonly betas: ReadonlySet<string>;
  /** `anthropic-version`; `2026-10-21` ignores the sampling parameters. */
  readonly apiVersion: string;
  /** Second try after the backend refused a signature: no thought is sent, lost signatures become sentinels (cloud-code §8.4). */
  readonly repairSignatures: boolean;
}

export interface TranslationSettings {
  /** Thinking budget in tokens by effort, for adaptive thinking (cloud-code §5.1). */
  readonly effortBudgets: {
    readonly claude: Readonly<Record<Effort, number>>;
    readonly gemini: Readonly<Record<Effort, number>>;
  };
  /** Budget of adaptive thinking on Claude when no effort is given. */
  readonly defaultClaudeBudget: number;
  /** Claude's tools without properties get a required `_placeholder`, removed from the arguments again (cloud-code §6.2). */
  readonly placeholderForEmptyObjects: boolean;
  /** Models (backend ids) that get `thinkingLevel` in place of `thinkingBudget`. */
  readonly thinkingLevelModels: readonly string[];
  /** `web_search` beside other tools: refuse the request, or drop the tool. */
  readonly webSearchBesideTools: "refuse" | "drop";
}

/** What the signature store knows; synchronous, since the server reads the keys of a request beforehand. */
export interface SignatureReader {
  toolUse(id: string): { readonly signature: string; readonly family: ModelFamily } | undefined;
  /** The genuine Claude signature of exactly this thinking text. */
  claudeSignatureOf(thinking: string): string | undefined;
  /** Where a signature that a client sent came from, and the text that it signs. */
  origin(
    signature: string,
  ): { readonly family: ModelFamily; readonly thinking: string } | undefined;
}

/** A fact to remember from an answer. Signatures are secrets of a conversation: never log one. */
export type SignatureRecord =
  | {
      readonly kind: "tool_use";
      readonly id: string;
      readonly name: string;
      readonly family: ModelFamily;
      readonly model: string;
      readonly signature: string;
    }
  | {
      readonly kind: "thinking";
      readonly thinking: string;
      readonly family: ModelFamily;
      readonly model: string;
      readonly signature: string;
    };

/** Names and arguments of one request's tools, there and back. */
export interface ToolNames {
  toUpstream(clientName: string): string;
  toClient(upstreamName: string): string;
  /** Arguments as the client's schema has them: renamed properties restored, the placeholder removed. */
  argsToClient(upstreamName: string, args: JsonObject): JsonObject;
  /** The reverse, for calls in the history. `clientName` may be a tool that is no longer declared. */
  argsToUpstream(clientName: string, input: JsonObject): JsonObject;
}

export type { DroppedField };

export interface TranslatedRequest {
  readonly request: GenerateContentRequest;
  readonly requestType: RequestType;
  readonly toolNames: ToolNames;
  /** False where the client asked for `display: "omitted"` or for no thinking at all. */
  readonly showThinking: boolean;
  /** The answer has to be one JSON text (`output_config.format`). */
  readonly jsonOutput: boolean;
  readonly dropped: readonly DroppedField[];
}

export type Translation =
  | { readonly kind: "translated"; readonly value: TranslatedRequest }
  | { readonly kind: "refused"; readonly error: AnthropicError };
