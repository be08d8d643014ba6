import type { ModelInfo } from "../models/catalogue.ts";
import type { SignatureReader, ToolNames } from "./context.ts";
import type { TranslationDrops } from "./dropped.ts";

/** What the blocks of one translation share. */
export interface TranslationScope {
  readonly model: ModelInfo;
  readonly signatures: SignatureReader;
  readonly repairSignatures: boolean;
  readonly toolNames: ToolNames;
  readonly drops: TranslationDrops;
  /** Where the translation stands, for the path in a refusal. */
  messageIndex: number;
  blockIndex: number;
}
