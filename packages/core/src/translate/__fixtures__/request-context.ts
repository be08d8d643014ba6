import { createHash } from "node:crypto";
import type { MessagesRequest } from "../../anthropic/messages.ts";
import type { ModelInfo } from "../../models/catalogue.ts";
import type {
  SignatureReader,
  TranslatedRequest,
  TranslationContext,
  TranslationSettings,
} from "../context.ts";
import { translateRequest } from "../request.ts";

export const SETTINGS: TranslationSettings = {
  effortBudgets: {
    claude: { low: 4096, medium: 10_000, high: 24_576, xhigh: 32_000, max: 32_000 },
    gemini: { low: 1000, medium: 4000, high: 10_000, xhigh: 10_000, max: 10_000 },
  },
  defaultClaudeBudget: 24_576,
  placeholderForEmptyObjects: true,
  thinkingLevelModels: [],
  webSearchBesideTools: "refuse",
};

const CLAUDE: ModelInfo = {
  id: "claude-sonnet-4-6",
  displayName: "Claude",
  family: "claude",
  generation: 0,
  thinking: "budget",
  minThinkingBudget: 1024,
  maxThinkingBudget: 64_000,
  contextTokens: 200_000,
  maxOutputTokens: 64_000,
  supportsImages: true,
  makesImages: false,
};
const GEMINI: ModelInfo = {
  ...CLAUDE,
  id: "gemini-3.1-pro-low",
  displayName: "Gemini",
  family: "gemini",
  generation: 3,
  thinking: "always",
  minThinkingBudget: 128,
  maxThinkingBudget: 32_768,
  contextTokens: 1_048_576,
  maxOutputTokens: 65_535,
};

export const MODELS = {
  claude: CLAUDE,
  opus: { ...CLAUDE, id: "claude-opus-4-6-thinking" },
  plainSonnet: {
    ...CLAUDE,
    id: "claude-sonnet-4-5",
    thinking: "none",
    minThinkingBudget: 0,
    maxThinkingBudget: 0,
  },
  gemini3: GEMINI,
  gemini3Flash: { ...GEMINI, id: "gemini-3-flash", maxOutputTokens: 65_536 },
  gemini25Flash: {
    ...GEMINI,
    id: "gemini-2.5-flash",
    generation: 2,
    thinking: "budget",
    minThinkingBudget: 0,
    maxThinkingBudget: 24_576,
    maxOutputTokens: 65_536,
  },
  gemini25Pro: { ...GEMINI, id: "gemini-2.5-pro", generation: 2, maxOutputTokens: 65_536 },
  image: { ...GEMINI, id: "gemini-3-pro-image", makesImages: true },
  gpt: {
    ...CLAUDE,
    id: "gpt-oss-120b-medium",
    family: "gpt",
    thinking: "none",
    minThinkingBudget: 0,
    maxThinkingBudget: 0,
    contextTokens: 114_000,
    maxOutputTokens: 32_768,
    supportsImages: false,
  },
} as const satisfies Record<string, ModelInfo>;

export function sha256Hex(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}

/** A store that knows nothing. */
export const NO_SIGNATURES: SignatureReader = {
  toolUse: () => undefined,
  claudeSignatureOf: () => undefined,
  origin: () => undefined,
};

/** A store that issued these Claude signatures (text → signature) and these of tool calls. */
export function signatureStore(
  thoughts: Readonly<Record<string, string>>,
  calls: Readonly<Record<string, ReturnType<SignatureReader["toolUse"]>>> = {},
): SignatureReader {
  const texts = new Map(Object.entries(thoughts).map(([text, signature]) => [signature, text]));
  return {
    toolUse: (id) => calls[id],
    claudeSignatureOf: (thinking) => thoughts[thinking],
    origin: (signature) => {
      const thinking = texts.get(signature);
      return thinking === undefined ? undefined : { family: "claude", thinking };
    },
  };
}

export function contextOf(
  model: ModelInfo,
  overrides: Partial<TranslationContext> = {},
): TranslationContext {
  return {
    model,
    signatures: NO_SIGNATURES,
    sha256Hex,
    settings: SETTINGS,
    betas: new Set(),
    apiVersion: "2023-06-01",
    repairSignatures: false,
    ...overrides,
  };
}

/** Translates and expects success. */
export function translated(
  request: Partial<MessagesRequest>,
  model: ModelInfo = MODELS.claude,
  overrides: Partial<TranslationContext> = {},
): TranslatedRequest {
  const translation = translateRequest(complete(request), contextOf(model, overrides));
  if (translation.kind === "refused") throw new Error(translation.error.message);
  return translation.value;
}

/** Translates and expects a 400, whose message it returns. */
export function refusal(
  request: Partial<MessagesRequest>,
  model: ModelInfo = MODELS.claude,
  overrides: Partial<TranslationContext> = {},
): string {
  const translation = translateRequest(complete(request), contextOf(model, overrides));
  if (translation.kind === "translated") throw new Error("expected a refusal");
  if (translation.error.status !== 400) throw new Error(`status ${translation.error.status}`);
  return translation.error.message;
}

function complete(request: Partial<MessagesRequest>): MessagesRequest {
  return {
    model: "any",
    max_tokens: 8192,
    messages: [{ role: "user", content: "Hello" }],
    ...request,
  };
}
