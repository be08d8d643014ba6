import type { GenerateContentEnvelope } from "@agp/core";
import type { EmulatedAccount } from "../accounts/account.ts";
import { tokensOfPrompt } from "../answer/count-tokens.ts";
import { googleError } from "../errors/google-error.ts";
import type { Exchange } from "../http/exchange.ts";
import type { Reply } from "../http/reply.ts";
import type { EmulatedModel } from "../models/catalogue.ts";
import { parseBody } from "../proto/parse-body.ts";
import { HTTP_ERRORS } from "../scenario/http-errors.ts";
import { checkEnvelope, checkProject, checkSecrets } from "../validate/envelope.ts";
import { checkLength, checkRequest } from "../validate/request.ts";
import type { UncheckedEnvelope } from "../validate/unchecked.ts";
import { gcaProject } from "./load-code-assist.ts";

/** A request that passed every rule. */
export interface Admitted {
  readonly envelope: GenerateContentEnvelope;
  readonly model: EmulatedModel;
  readonly promptTokens: number;
}

/** Everything that a generate request must pass before a model sees it. Source: cloud-code §14. */
export function admit(
  exchange: Exchange,
  account: EmulatedAccount,
): Admitted | { readonly reply: Reply } {
  const { backend, recorded, request } = exchange;
  const barred = conditionReply(account, exchange);
  if (barred !== undefined) return { reply: barred };
  const parsed = parseBody(request.headers, exchange.body, "GenerateContentEnvelope");
  if (parsed.kind === "refused") {
    recorded.body = parsed.raw;
    return { reply: parsed.reply };
  }
  recorded.body = parsed.message;
  // The proto check has made sure of the types of all fields.
  const envelope = parsed.message as UncheckedEnvelope;
  if (envelope.model !== undefined) recorded.model = envelope.model;
  const refusal =
    checkEnvelope(envelope, backend.rules.strict) ??
    (backend.rules.strict ? checkStrictly(exchange, account, envelope) : undefined) ??
    projectReply(envelope.project ?? "", account);
  if (refusal !== undefined) return { reply: refusal };
  const model = backend.models.get(envelope.model ?? "");
  if (model === undefined || model.isInternal || account.hiddenModels.includes(model.id)) {
    return { reply: googleError(404, "Requested entity was not found.") };
  }
  const breach = checkRequest({
    model,
    request: envelope.request ?? {},
    contents: envelope.request?.contents ?? [],
    account: account.email,
    signer: backend.signer,
    rules: backend.rules,
  });
  if (breach !== undefined) return { reply: breach };
  // Every rule holds now: the message is the wire type.
  const admitted = parsed.message as unknown as GenerateContentEnvelope;
  const promptTokens = tokensOfPrompt(admitted.request);
  const tooLong = checkLength(model, promptTokens);
  return tooLong ? { reply: tooLong } : { envelope: admitted, model, promptTokens };
}

/** Rules of one HTTP call that only strict mode has. Source: cloud-code §14.2 and 20. */
function checkStrictly(
  { backend, request, body }: Exchange,
  account: EmulatedAccount,
  envelope: UncheckedEnvelope,
): Reply | undefined {
  const secrets = [
    backend.oauth.client.clientSecret,
    account.refreshToken,
    (request.headers.authorization ?? "").replace("Bearer ", ""),
    ...backend.rules.forbiddenInBody,
  ];
  return backend.requestIds.use(envelope.requestId) ?? checkSecrets(body, secrets);
}

/** The refusal that an account's condition brings. Source: cloud-code §9.3. */
export function conditionReply(account: EmulatedAccount, { request }: Exchange): Reply | undefined {
  const facts = { model: "", project: account.project };
  if (request.headers["x-goog-user-project"] !== undefined) {
    return HTTP_ERRORS["403-service-disabled"](facts);
  }
  switch (account.condition) {
    case "ok":
      return undefined;
    case "validation":
      return HTTP_ERRORS["403-validation"]();
    case "banned":
      return HTTP_ERRORS["403-banned"]();
    case "location":
      return HTTP_ERRORS["400-location"]();
    case "license":
      return HTTP_ERRORS["403-license"]();
    case "denied":
      return HTTP_ERRORS["403-plain"]();
  }
}

function projectReply(project: string, account: EmulatedAccount): Reply | undefined {
  return project === gcaProject(account)
    ? HTTP_ERRORS["403-license"]()
    : checkProject(project, account);
}
