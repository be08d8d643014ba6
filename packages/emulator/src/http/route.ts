import type { EmulatedAccount } from "../accounts/account.ts";
import { authorize } from "../oauth/authorize.ts";
import { parseForm } from "../oauth/form.ts";
import { token } from "../oauth/token.ts";
import { revoke, userinfo } from "../oauth/userinfo.ts";
import { authenticate } from "../rpc/authenticate.ts";
import { callMethod, methodNotFound } from "../rpc/call.ts";
import { generate } from "../rpc/generate.ts";
import { replyByScenario } from "../scenario/reaction.ts";
import { findBenchOrder, writeBench } from "../stream/bench.ts";
import { writeFrames } from "../stream/write-frames.ts";
import type { Exchange } from "./exchange.ts";
import type { Reply } from "./reply.ts";

const METHOD_PREFIX = "/v1internal:";
const OPERATION_PREFIX = "/v1internal/operations/";

/** Paths outside of `v1internal`, by what the journal calls them. Source: cloud-code §2. */
const OAUTH_PATHS: Readonly<Record<string, string>> = {
  "/o/oauth2/v2/auth": "authorize",
  "/token": "token",
  "/revoke": "revoke",
  "/oauth2/v1/userinfo": "userinfo",
  "/oauth2/v2/userinfo": "userinfo",
  "/v1/userinfo": "userinfo",
};
const GENERATE: ReadonlySet<string> = new Set(["generateContent", "streamGenerateContent"]);

/** What the journal calls a path: the method's name, or the path itself. */
export function rpcName(path: string): string {
  if (path.startsWith(METHOD_PREFIX)) return path.slice(METHOD_PREFIX.length);
  if (path.startsWith(OPERATION_PREFIX)) return "operations";
  return OAUTH_PATHS[path] ?? path;
}

/** Finds the handler of a call; resolves to its answer, or to nothing when the handler has written it. */
export async function route(exchange: Exchange): Promise<Reply | undefined> {
  switch (exchange.recorded.rpc) {
    case "authorize":
    case "token":
    case "revoke":
      return (await prepared(exchange)) ?? oauth(exchange);
  }
  const authenticated = authenticate(exchange.backend, exchange.request.headers);
  if ("reply" in authenticated) return authenticated.reply;
  const { account } = authenticated;
  exchange.recorded.email = account.email;
  if (GENERATE.has(exchange.recorded.rpc) && exchange.recorded.method === "POST") {
    const order = findBenchOrder(exchange.body);
    if (order === undefined) return generate(exchange, account);
    await writeBench(exchange.response, order);
    return undefined;
  }
  return (await prepared(exchange, account)) ?? forAccount(exchange, account);
}

function oauth({ backend, recorded, request, body, url }: Exchange): Reply {
  if (recorded.rpc === "authorize") return authorize(backend, url.searchParams);
  if (recorded.method !== "POST") return methodNotFound();
  const form = parseForm(request.headers, body);
  if (!(form instanceof URLSearchParams)) return form;
  return recorded.rpc === "token" ? token(backend, form) : revoke(backend, form);
}

function forAccount(exchange: Exchange, account: EmulatedAccount): Reply {
  const { recorded, url, backend } = exchange;
  if (recorded.rpc === "userinfo") return userinfo(account, url.pathname === "/v1/userinfo");
  if (recorded.rpc === "operations") {
    return backend.onboarding.poll(account, url.pathname.slice("/v1internal/".length));
  }
  return callMethod(exchange, account);
}

/** What a scenario prepared for a call other than generate; writes broken connections itself, as an empty reply of status 0. */
async function prepared(exchange: Exchange, account?: EmulatedAccount): Promise<Reply | undefined> {
  const { reply, transport } = replyByScenario(exchange, account);
  if (transport.beforeHeaders !== undefined) {
    await writeFrames(exchange, [], "object", transport);
  }
  return reply;
}
