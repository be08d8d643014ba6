import type { GenerateContentEnvelope, JsonObject } from "@agp/core";
import type { EmulatedAccount } from "../accounts/account.ts";
import type { Answer } from "../answer/answer.ts";
import { readConversation } from "../brain/conversation.ts";
import { parseDirectives } from "../brain/directives.ts";
import type { Exchange } from "../http/exchange.ts";
import type { Reply } from "../http/reply.ts";
import { withFault } from "./book.ts";
import { FAULTS, type FaultName } from "./faults.ts";
import { HTTP_ERRORS, type ErrorFacts, type HttpErrorName } from "./http-errors.ts";
import type { Fragment, Transport } from "./fragment.ts";
import type { Scenario } from "./scenario.ts";

/** What a scenario or a directive wants for one call; empty where the default brain answers. */
export interface Reaction {
  /** A whole answer instead of the model's. */
  readonly reply?: Reply;
  /** Overrides what the default brain says. */
  readonly answer: Partial<Answer>;
  readonly transport: Transport;
  readonly usage?: JsonObject | null;
}

/** The prepared reaction to an admitted request: a scenario's, else the one that a `[[fault …]]` in the user's text asks for. */
export function reactionTo(
  exchange: Exchange,
  account: EmulatedAccount,
  envelope: GenerateContentEnvelope,
): Reaction {
  const { backend, endpoint, recorded } = exchange;
  const conversation = readConversation(envelope.request);
  const scenario =
    backend.scenarios.take({
      rpc: recorded.rpc,
      endpoint,
      account: account.email,
      model: envelope.model,
      userText: conversation.turnText,
    }) ?? faultByDirective(exchange, conversation.userText, envelope.model);
  return toReaction(fragmentOf(scenario ?? {}), {
    model: envelope.model,
    project: envelope.project,
  });
}

/** The reply that a scenario gives to a call that is no generate call, if one applies. */
export function replyByScenario(exchange: Exchange, account?: EmulatedAccount): Reaction {
  const { backend, endpoint, recorded } = exchange;
  const facts = { rpc: recorded.rpc, endpoint, ...(account && { account: account.email }) };
  const scenario = backend.scenarios.take(facts);
  return toReaction(fragmentOf(scenario ?? {}), { model: "", project: account?.project ?? "" });
}

/** Without what says when a scenario applies. */
function fragmentOf(scenario: Scenario): Fragment {
  const { when: _when, times: _times, fault: _fault, ...fragment } = scenario;
  return fragment;
}

function toReaction(fragment: Fragment, facts: ErrorFacts): Reaction {
  const { httpError, transport = {}, usage, answer, ...settings } = fragment;
  const reply = typeof httpError === "string" ? HTTP_ERRORS[httpError](facts) : httpError;
  return {
    transport,
    answer: { ...settings, ...(answer && { items: answer }) },
    ...(reply && { reply }),
    ...(usage !== undefined && { usage }),
  };
}

function faultByDirective(
  { backend }: Exchange,
  userText: string,
  model: string,
): Scenario | undefined {
  const fault = parseDirectives(userText)
    .flat()
    .find((directive) => directive.kind === "fault");
  if (fault?.kind !== "fault") return undefined;
  const key = `${fault.name} ${userText}`;
  const served = backend.directiveFaults.get(key) ?? 0;
  if (served >= fault.times) return undefined;
  backend.directiveFaults.set(key, served + 1);
  if (isHttpError(fault.name)) return { httpError: fault.name };
  return isFault(fault.name) ? withFault({ fault: fault.name }, model) : undefined;
}

function isHttpError(name: string): name is HttpErrorName {
  return Object.hasOwn(HTTP_ERRORS, name);
}

function isFault(name: string): name is FaultName {
  return Object.hasOwn(FAULTS, name);
}
