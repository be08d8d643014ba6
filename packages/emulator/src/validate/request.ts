import { claudeError } from "../errors/claude-error.ts";
import { invalidArgument } from "../errors/google-error.ts";
import type { Reply } from "../http/reply.ts";
import type { EmulatedModel } from "../models/catalogue.ts";
import { firstRefusal, type Check, type CheckContext } from "./check.ts";
import { claudeThoughtChecks } from "./claude-thoughts.ts";
import { contentChecks } from "./contents.ts";
import { geminiSignatureChecks } from "./gemini-signatures.ts";
import { generationConfigChecks } from "./generation-config.ts";
import { imageModelChecks } from "./image-model.ts";
import { mediaChecks } from "./media.ts";
import { pairingChecks } from "./pairing.ts";
import { systemChecks } from "./system.ts";
import { thinkingChecks } from "./thinking.ts";
import { toolConfigChecks } from "./tool-config.ts";
import { toolChecks } from "./tools.ts";

const COMMON: readonly Check[] = [
  ...contentChecks,
  ...mediaChecks,
  ...systemChecks,
  ...toolChecks,
  ...toolConfigChecks,
  ...generationConfigChecks,
  ...thinkingChecks,
  ...imageModelChecks,
  ...pairingChecks,
];

/** Every rule of cloud-code §14 that concerns one request for one model; the first breach answers. */
export function checkRequest(context: CheckContext): Reply | undefined {
  return firstRefusal(COMMON, context) ?? firstRefusal(familyChecks(context), context);
}

function familyChecks({ model }: CheckContext): readonly Check[] {
  switch (model.family) {
    case "claude":
      return claudeThoughtChecks;
    case "gemini":
      return geminiSignatureChecks;
    case "gpt":
      return [];
  }
}

/** The refusal of a prompt that is longer than the model's window. Source: cloud-code §9.3, fixture 51. */
export function checkLength(model: EmulatedModel, tokens: number): Reply | undefined {
  if (tokens <= model.contextTokens) return undefined;
  return model.family === "claude"
    ? claudeError(`prompt is too long: ${tokens} tokens > ${model.contextTokens} maximum`)
    : invalidArgument(
        `The input token count (${tokens}) exceeds the maximum number of tokens allowed (${model.contextTokens}).`,
      );
}
