import type { ServerResponse } from "node:http";
import type { GenerateContentEnvelope, JsonObject } from "@agp/core";
import type { EmulatedAccount } from "../accounts/account.ts";
import type { Answer } from "../answer/answer.ts";
import { tokensOfPrompt } from "../answer/count-tokens.ts";
import { renderAnswer } from "../answer/render.ts";
import type { Backend } from "../backend.ts";
import { googleError, invalidArgument } from "../errors/google-error.ts";
import { sendReply } from "../http/reply.ts";
import type { RecordedRequest } from "../record/journal.ts";
import { writeSse } from "../stream/write-sse.ts";

/** `streamGenerateContent`. */
export async function streamGenerateContent(
  backend: Backend,
  account: EmulatedAccount,
  body: JsonObject,
  recorded: RecordedRequest,
  response: ServerResponse,
): Promise<void> {
  const envelope = body as unknown as GenerateContentEnvelope;
  recorded.model = envelope.model;
  const model = backend.models.get(envelope.model);
  if (model === undefined) {
    sendReply(response, googleError(404, "Requested entity was not found."));
    return;
  }
  if (envelope.project !== account.project) {
    sendReply(
      response,
      googleError(
        403,
        `Permission 'cloudaicompanion.companions.generateChat' denied on resource '//cloudaicompanion.googleapis.com/projects/${envelope.project}/locations/global' (or it may not exist).`,
      ),
    );
    return;
  }
  if (!Array.isArray(envelope.request?.contents)) {
    sendReply(response, invalidArgument("contents is not specified"));
    return;
  }
  const answer: Answer = {
    items: [{ text: `Emulated answer from ${model.id}.` }],
    delayMs: backend.eventDelayMs,
  };
  const usage = {
    promptTokens: tokensOfPrompt(envelope.request),
    cachedTokens: 0,
    candidateTokens: 0,
    thoughtTokens: 0,
  };
  const context = {
    model,
    account: account.email,
    ids: backend.ids,
    signer: backend.signer,
    usage,
    signs: true,
  };
  await writeSse(response, renderAnswer(answer, context));
}
