import type { Dispatcher } from "undici";

import { createProjectSource, type ProjectSource } from "./accounts/project-source.ts";
import { createTokenSource, type TokenSource } from "./accounts/tokens.ts";
import type { Config } from "./config/config.ts";
import type { Store } from "./store/store.ts";
import type { Clock } from "./time/clock.ts";
import { type CloudCode, createCloudCode } from "./upstream/cloud-code.ts";
import { createDispatcher } from "./upstream/dispatcher.ts";
import { USER_AGENT } from "./version.ts";

/** All that talks to Google, for the server and for commands that verify accounts. */
export interface Upstream {
  readonly dispatcher: Dispatcher;
  readonly cloudCode: CloudCode;
  readonly tokens: TokenSource;
  readonly projects: ProjectSource;
}

const TOKEN_TIMEOUT_MS = 30_000;

/** Builds the clients of the backend and of the token endpoint over one pool of connections. */
export function composeUpstream(needs: {
  readonly config: Config;
  readonly store: Store;
  readonly clock: Clock;
}): Upstream {
  const { config, store, clock } = needs;
  const userAgent = config.userAgent ?? USER_AGENT;
  const dispatcher = createDispatcher({
    connectTimeoutMs: config.connectTimeoutMs,
    httpsProxy: config.httpsProxy,
    httpProxy: config.httpProxy,
    noProxy: config.noProxy,
  });
  const cloudCode = createCloudCode({
    dispatcher,
    endpoints: config.cloudCodeEndpoints,
    userAgent,
    extraHeaders: config.extraHeaders,
    firstByteTimeoutMs: config.firstByteTimeoutMs,
    idleTimeoutMs: config.idleTimeoutMs,
  });
  const tokens = createTokenSource({
    dispatcher,
    clock,
    tokenUrl: config.googleOauthTokenUrl,
    userAgent: USER_AGENT,
    clientId: config.googleOauthClientId,
    clientSecret: config.googleOauthClientSecret,
    timeoutMs: TOKEN_TIMEOUT_MS,
    readRefreshToken: (id) => store.accounts.readRefreshToken(id),
    storeRefreshToken: (id, refreshToken) => store.accounts.storeRefreshToken(id, refreshToken),
  });
  const projects = createProjectSource({
    cloudCode,
    clock,
    metadata: { ideType: config.ideType, platform: "PLATFORM_UNSPECIFIED", pluginType: "GEMINI" },
  });
  return { dispatcher, cloudCode, tokens, projects };
}
