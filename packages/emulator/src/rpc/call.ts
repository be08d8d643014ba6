import type { JsonObject } from "@agp/core";
import type { EmulatedAccount } from "../accounts/account.ts";
import type { Backend } from "../backend.ts";
import { googleError } from "../errors/google-error.ts";
import type { Exchange } from "../http/exchange.ts";
import type { Reply } from "../http/reply.ts";
import type { MessageName } from "../proto/messages.ts";
import { parseBody } from "../proto/parse-body.ts";
import { checkProject } from "../validate/envelope.ts";
import { conditionReply } from "./admit.ts";
import { countTokens } from "./count-tokens.ts";
import { fetchAvailableModels } from "./fetch-available-models.ts";
import { loadCodeAssist } from "./load-code-assist.ts";
import { retrieveUserQuota, retrieveUserQuotaSummary } from "./user-quota.ts";

interface Method {
  readonly message: MessageName;
  readonly run: (backend: Backend, account: EmulatedAccount, body: JsonObject) => Reply;
  /** Whether an account that Google objects to may call it: those methods report the objection themselves. */
  readonly forEveryAccount?: boolean;
}

/** The methods with a plain JSON answer. Source: cloud-code §1.2. */
const METHODS: Readonly<Record<string, Method>> = {
  loadCodeAssist: {
    message: "LoadCodeAssistRequest",
    run: (_backend, account, body) => loadCodeAssist(account, body),
    forEveryAccount: true,
  },
  onboardUser: {
    message: "OnboardUserRequest",
    run: (backend, account, body) => backend.onboarding.start(account, body),
  },
  fetchAvailableModels: {
    message: "ProjectRequest",
    run: withProject(fetchAvailableModels),
  },
  retrieveUserQuota: {
    message: "ProjectRequest",
    run: withProject(retrieveUserQuota),
  },
  retrieveUserQuotaSummary: {
    message: "ProjectRequest",
    run: withProject(retrieveUserQuotaSummary),
  },
  countTokens: {
    message: "CountTokensEnvelope",
    run: (backend, _account, body) => countTokens(backend, body),
  },
};

/** Serves a method with a plain answer; 404 for one that does not exist. */
export function callMethod(exchange: Exchange, account: EmulatedAccount): Reply {
  const { recorded, request, backend } = exchange;
  const method = Object.hasOwn(METHODS, recorded.rpc) ? METHODS[recorded.rpc] : undefined;
  if (method === undefined || recorded.method !== "POST") return methodNotFound();
  const barred = method.forEveryAccount ? undefined : conditionReply(account, exchange);
  if (barred !== undefined) return barred;
  const parsed = parseBody(request.headers, exchange.body, method.message);
  if (parsed.kind === "refused") return parsed.reply;
  recorded.body = parsed.message;
  return method.run(backend, account, parsed.message);
}

export function methodNotFound(): Reply {
  return googleError(404, "Method not found.");
}

function withProject(run: Method["run"]): Method["run"] {
  return (backend, account, body) =>
    (typeof body.project === "string" ? checkProject(body.project, account) : undefined) ??
    run(backend, account, body);
}
