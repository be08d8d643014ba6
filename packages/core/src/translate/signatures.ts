import type { ThinkingBlockParam } from "../anthropic/messages.ts";
import type { Content, Part } from "../google/generate-content.ts";
import type { ModelInfo } from "../models/catalogue.ts";
import type { TranslationScope } from "./scope.ts";

/** Google's own stand-in for the signature of a call that the model did not make, or whose signature is lost. */
export const LOST_SIGNATURE = "skip_thought_signature_validator";

export interface SignedThinking {
  readonly thinking: string;
  readonly signature: string;
}

/**
 * The thinking to replay to a Claude model, or undefined when no signature is known as issued for exactly this text.
 *
 * A known signature without text gets its text back (the client asked for `display: "omitted"`), and a known text whose
 * signature the client lost gets that. Source: cloud-code §8.4.
 */
export function replayThinking(
  block: ThinkingBlockParam,
  scope: TranslationScope,
): SignedThinking | undefined {
  const { thinking, signature } = block;
  const origin = signature === "" ? undefined : scope.signatures.origin(signature);
  if (origin !== undefined && origin.family !== "claude") return undefined;
  if (origin !== undefined && origin.thinking !== "") {
    if (thinking === origin.thinking) return { thinking, signature };
    if (thinking === "") return { thinking: origin.thinking, signature };
  }
  const restored = thinking === "" ? undefined : scope.signatures.claudeSignatureOf(thinking);
  return restored === undefined ? undefined : { thinking, signature: restored };
}

/**
 * The genuine signature to put on a call of the history, or undefined: Claude wants none, and a signature of another family
 * is refused in any turn. Source: cloud-code §8.1, §8.4.
 */
export function callSignature(toolUseId: string, scope: TranslationScope): string | undefined {
  if (scope.model.family === "claude" || scope.repairSignatures) return undefined;
  const stored = scope.signatures.toolUse(toolUseId);
  return stored?.family === scope.model.family ? stored.signature : undefined;
}

/**
 * Puts Google's stand-in on the first call of a step (the parts of one model content) that has no genuine signature.
 *
 * The backend asks for it in the current turn only. It goes on every step all the same: taken away from older turns it would
 * change bytes in front of the cached prefix with each new message of the user. Source: cloud-code §8.1, §8.4, §14 (19).
 */
export function signFirstCall(parts: readonly Part[], model: ModelInfo): void {
  if (model.family !== "gemini" || model.generation < 3) return;
  const first = parts.find((part) => part.functionCall !== undefined);
  if (first !== undefined) first.thoughtSignature ??= LOST_SIGNATURE;
}

/**
 * True when the tool loop that is going on has lost the thinking it began with: Claude then refuses the request unless
 * it asks for no thinking.
 *
 * A user content with function responses counts as inside the loop even when it holds text as well, the stricter of the two
 * readings. Source: cloud-code §8.1 (current turn), §8.4.
 */
export function openLoopLacksThinking(contents: readonly Content[]): boolean {
  const turn = contents.findLastIndex(
    ({ role, parts }) => role === "user" && parts[0]?.functionResponse === undefined,
  );
  const step = contents.find(
    ({ role, parts }, index) =>
      index > turn && role === "model" && parts.some((part) => part.functionCall !== undefined),
  );
  return step !== undefined && step.parts[0]?.thought !== true;
}
