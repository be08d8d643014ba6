import { invalidArgument, strictRefusal } from "../errors/google-error.ts";
import type { Reply } from "../http/reply.ts";
import { accountHash, boundHash, type SignedKind } from "../signatures/signer.ts";
import type { Check, CheckContext } from "./check.ts";
import { currentTurnStart } from "./current-turn.ts";
import type { UncheckedPart } from "./unchecked.ts";

/** What Google documents for calls that the model did not make itself. Source: cloud-code §8.1. */
const SENTINELS: ReadonlySet<string> = new Set([
  "skip_thought_signature_validator",
  "context_engineering_is_the_way_to_go",
]);
const FIRST_GENERATION_WITH_RULES = 3;

/** Gemini's rules of thought signatures. Source: cloud-code §8.1, §14.9 and 11. */
export const geminiSignatureChecks: readonly Check[] = [
  checkThoughtsAreModels,
  checkSignatures,
  checkStepsAreSigned,
];

function checkThoughtsAreModels({ contents, rules }: CheckContext): Reply | undefined {
  const index = contents.findIndex(
    (content) => content.role === "user" && content.parts?.some((part) => part.thought),
  );
  if (index < 0 || !rules.strict) return undefined;
  return strictRefusal(`contents[${index}]: a thought stands in a user content`);
}

function checkSignatures(context: CheckContext): Reply | undefined {
  for (const content of context.contents) {
    for (const part of content.parts ?? []) {
      if (part.thoughtSignature === undefined) continue;
      const refusal = checkSignature(part, part.thoughtSignature, context);
      if (refusal !== undefined) return refusal;
    }
  }
  return undefined;
}

function checkSignature(
  part: UncheckedPart,
  signature: string,
  { model, signer, account, rules }: CheckContext,
): Reply | undefined {
  if (SENTINELS.has(signature)) {
    const isAccepted = model.generation >= FIRST_GENERATION_WITH_RULES;
    return isAccepted ? undefined : invalidArgument("Thought signature is not valid.");
  }
  const facts = signer.read(signature);
  if (facts?.family !== "gemini") return invalidArgument("Corrupted thought signature.");
  const isForeign =
    rules.geminiSignaturesBoundToAccount &&
    facts.account !== undefined &&
    facts.account !== accountHash(account);
  if (isForeign) return invalidArgument("Corrupted thought signature.");
  const isInPlace = facts.kind === undefined || facts.kind === kindOf(part);
  const isOnItsCall =
    facts.kind !== "call" || facts.bound === boundHash(part.functionCall?.name ?? "");
  return isInPlace && isOnItsCall ? undefined : invalidArgument("Thought signature is not valid.");
}

function kindOf(part: UncheckedPart): SignedKind {
  if (part.functionCall !== undefined) return "call";
  return part.thought ? "thought" : "text";
}

/** In the current turn the first call of each model content carries a signature; later parallel calls have none of their own. */
function checkStepsAreSigned({ contents, model }: CheckContext): Reply | undefined {
  if (model.generation < FIRST_GENERATION_WITH_RULES) return undefined;
  const start = currentTurnStart(contents);
  for (const [index, content] of contents.entries()) {
    if (index <= start) continue;
    const first = content.parts?.find((part) => part.functionCall !== undefined);
    if (first?.functionCall === undefined || first.thoughtSignature !== undefined) continue;
    return missingSignature(first.functionCall.name ?? "", index);
  }
  return undefined;
}

function missingSignature(name: string, index: number): Reply {
  return invalidArgument(
    `Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly, and missing thought_signature may lead to degraded model performance. Additional data, function call \`default_api:${name}\` , position ${index + 1}. Please refer to https://ai.google.dev/gemini-api/docs/thought-signatures for more details.`,
  );
}
