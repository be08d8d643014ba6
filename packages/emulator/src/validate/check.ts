import type { Reply } from "../http/reply.ts";
import type { EmulatedModel } from "../models/catalogue.ts";
import type { Signer } from "../signatures/signer.ts";
import type { UncheckedContent, UncheckedRequest } from "./unchecked.ts";

/** What a rule may look at. Contents are those of the request, present and with parts once the rules of `contents.ts` passed. */
export interface CheckContext {
  readonly model: EmulatedModel;
  readonly request: UncheckedRequest;
  readonly contents: readonly UncheckedContent[];
  /** E-mail of the account that calls. */
  readonly account: string;
  readonly signer: Signer;
  readonly rules: Rules;
}

/** Switches for rules on which the sources disagree, or that the real backend does not enforce. */
export interface Rules {
  /** Also the rules of cloud-code §14 that the backend is not known to enforce. Default true. */
  readonly strict: boolean;
  /** Strings that no request may hold, besides the OAuth client's secret and the account's tokens: keys, paths, e-mails. */
  readonly forbiddenInBody: readonly string[];
  /** Gemini's signatures work only on the account that got them (disputed, §8.4). Default false. */
  readonly geminiSignaturesBoundToAccount: boolean;
  /** Claude in VALIDATED mode needs a property in each tool's root schema (reported, §6.2). Default true. */
  readonly claudeToolsNeedProperties: boolean;
  /** `thinkingLevel` is taken by Gemini ≥ 3 (disputed, §5.1). Default true. */
  readonly acceptThinkingLevel: boolean;
}

export const DEFAULT_RULES: Rules = {
  strict: true,
  forbiddenInBody: [],
  geminiSignaturesBoundToAccount: false,
  claudeToolsNeedProperties: true,
  acceptThinkingLevel: true,
};

/** One rule or a group of them: the refusal, or `undefined` when the request keeps it. */
export type Check = (context: CheckContext) => Reply | undefined;

/** The first refusal of several checks. */
export function firstRefusal(checks: Iterable<Check>, context: CheckContext): Reply | undefined {
  for (const check of checks) {
    const refusal = check(context);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}
