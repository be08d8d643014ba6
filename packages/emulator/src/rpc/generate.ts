import type { EmulatedAccount } from "../accounts/account.ts";
import { aggregate } from "../answer/aggregate.ts";
import { renderAnswer, type Frame } from "../answer/render.ts";
import type { Usage } from "../answer/usage.ts";
import { composeAnswer } from "../brain/compose.ts";
import { limitAnswer } from "../brain/limit.ts";
import { thinkingMode } from "../brain/thinks.ts";
import type { Exchange } from "../http/exchange.ts";
import type { Reply } from "../http/reply.ts";
import { quotaExhausted } from "../quota/exhausted.ts";
import { reactionTo, type Reaction } from "../scenario/reaction.ts";
import type { StreamForm } from "../stream/encode.ts";
import { writeFrames } from "../stream/write-frames.ts";
import { admit, type Admitted } from "./admit.ts";

/** Tokens that a Gemini model thinks without showing it. */
const HIDDEN_THOUGHT_TOKENS = 16;

/** `generateContent` and `streamGenerateContent`: admit, meter, answer. Source: cloud-code §1.2, §7. */
export async function generate(
  exchange: Exchange,
  account: EmulatedAccount,
): Promise<Reply | undefined> {
  const admitted = admit(exchange, account);
  if ("reply" in admitted) return admitted.reply;
  const { envelope, model } = admitted;
  const reaction = reactionTo(exchange, account, envelope);
  if (reaction.reply !== undefined && reaction.transport.beforeHeaders === undefined) {
    return reaction.reply;
  }
  const verdict = exchange.backend.quota.spend(account.email, model);
  if (verdict.kind === "exhausted") {
    return quotaExhausted(verdict, model.id, exchange.backend.now());
  }
  const frames = framesOf(exchange, account, admitted, reaction);
  const isStream = exchange.recorded.rpc === "streamGenerateContent";
  const form = formOf(exchange, isStream);
  const sent = isStream ? frames : aggregate(frames, model.family !== "claude");
  await writeFrames(exchange, sent, form, reaction.transport);
  return undefined;
}

function formOf({ url }: Exchange, isStream: boolean): StreamForm {
  if (!isStream) return "object";
  return url.searchParams.get("alt") === "sse" ? "sse" : "array";
}

function framesOf(
  exchange: Exchange,
  account: EmulatedAccount,
  admitted: Admitted,
  reaction: Reaction,
): Iterable<Frame> {
  const { backend } = exchange;
  const { model, envelope } = admitted;
  const { request } = envelope;
  const composed = { delayMs: backend.eventDelayMs, ...composeAnswer(request, model) };
  const answer = limitAnswer({ ...composed, ...reaction.answer }, request.generationConfig ?? {});
  return renderAnswer(answer, {
    model,
    account: account.email,
    ids: backend.ids,
    signer: backend.signer,
    usage: usageFor(exchange, account, admitted),
    ...(reaction.usage !== undefined && { usageOverride: reaction.usage }),
    signs: thinkingMode(request, model).thinks,
  });
}

function usageFor(
  { backend }: Exchange,
  account: EmulatedAccount,
  { model, envelope, promptTokens }: Admitted,
): Usage {
  const mode = thinkingMode(envelope.request, model);
  const isHidden = model.family === "gemini" && mode.thinks && !mode.shows;
  return {
    promptTokens,
    cachedTokens: backend.cache.lookUp(account.email, model.id, envelope.request),
    candidateTokens: 0,
    thoughtTokens: isHidden ? HIDDEN_THOUGHT_TOKENS : 0,
  };
}
