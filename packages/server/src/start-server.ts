import type { AddressInfo } from "node:net";

import { createSchemaCache, UserError } from "@agp/core";
import type { FastifyInstance } from "fastify";

import { AccountPool } from "./accounts/account-pool.ts";
import { CatalogueHolder } from "./accounts/catalogue-source.ts";
import { createModelsRefresher } from "./accounts/models-refresher.ts";
import { composeUpstream } from "./compose-upstream.ts";
import type { Config } from "./config/config.ts";
import { type Exchange, createApp } from "./http/app.ts";
import { createAuthenticator } from "./http/authenticate.ts";
import { createHostGuard, isLoopback } from "./http/guard-host.ts";
import { accountLimitsRoute } from "./http/routes/account-limits.ts";
import { countTokensRoute } from "./http/routes/count-tokens.ts";
import { healthRoute } from "./http/routes/health.ts";
import { messagesRoute } from "./http/routes/messages.ts";
import { modelRoutes } from "./http/routes/models.ts";
import { refreshTokenRoute } from "./http/routes/refresh-token.ts";
import { rootRoutes } from "./http/routes/root.ts";
import type { Logger } from "./logging/logger.ts";
import type { PrepareOptions } from "./proxy/prepare.ts";
import { RequestLog } from "./proxy/request-log.ts";
import { translationSettings } from "./proxy/translation-settings.ts";
import { controlToken } from "./secrets/control-token.ts";
import { openStore } from "./store/open-store.ts";
import { acquireServerLock } from "./store/server-lock.ts";
import { type Clock, systemClock } from "./time/clock.ts";
import { UsersCache } from "./users/users-cache.ts";
import { USER_AGENT, VERSION } from "./version.ts";

export interface StartOptions {
  readonly config: Config;
  readonly logger: Logger;
  readonly clock?: Clock;
  /** [0, 1), for jitter. */
  readonly random?: () => number;
}

export interface RunningServer {
  /** Base URL. */
  readonly url: string;
  runningRequests(): number;
  /** Takes no new requests, waits up to `drainMs` for running ones, then closes everything. */
  stop(drainMs: number): Promise<void>;
}

/** Different tools of one Claude Code and a handful of MCP servers. */
const CACHED_SCHEMAS = 2_000;

/**
 * Builds every service, hands each its needs, and listens: the only place that knows them all. Throws a `UserError` when the
 * port is taken, another server has the data directory, or the store cannot be opened.
 */
export async function startServer(options: StartOptions): Promise<RunningServer> {
  const { config, logger, clock = systemClock, random = Math.random } = options;
  const store = await openStore({
    dataDir: config.dataDir,
    dataKey: config.dataKey,
    clock,
    logger,
  });
  let lock;
  try {
    lock = acquireServerLock(config.dataDir);
  } catch (error) {
    await store.close();
    throw error;
  }
  const users = new UsersCache(store);
  const pool = new AccountPool({ store, clock });
  const upstream = composeUpstream({ config, store, clock });
  const catalogue = new CatalogueHolder();
  const reload = async () => {
    await users.load();
    await pool.load();
  };
  await reload();

  const refresher = createModelsRefresher({ ...upstream, store, clock, pool, catalogue, logger });
  const offChange = store.onExternalChange(async () => {
    await reload();
    refresher.refreshNew();
  });
  const running = new Set<Exchange>();
  let isDraining = false;

  const prepareOptions = (): PrepareOptions => ({
    catalogue: catalogue.current,
    aliases: config.modelAliases,
    ...(config.smallModel === undefined ? {} : { smallModel: config.smallModel }),
  });
  const authenticator = createAuthenticator({
    mode: config.auth,
    isLoopback: isLoopback(config.host),
    controlToken: controlToken(config.dataDir),
    userByKeyHash: (hash) => users.find(hash),
    hasEverHadUsers: () => users.hasEverExisted,
  });
  const services = {
    ...upstream,
    store,
    pool,
    clock,
    random,
    settings: translationSettings(config),
    schemaCache: createSchemaCache({ maxEntries: CACHED_SCHEMAS }),
    envelopeUserAgent: config.userAgent ?? USER_AGENT,
    maxWaitMs: config.maxWaitMs,
    logger,
  };
  const messages = messagesRoute({
    services,
    prepareOptions,
    log: ({ id, caller }) =>
      new RequestLog({
        id,
        caller,
        clock,
        logger,
        requests: store.requests,
        emailOf: (accountId) => pool.find(accountId)?.email,
      }),
  });
  const app = createApp({
    authenticator,
    guardHost: createHostGuard(config),
    isDraining: () => isDraining,
    onBug: (error, requestId) => logger.error({ err: error, requestId }, "a bug in a handler"),
    beforeRequest: () => store.refresh(),
    onRequest: (exchange) => {
      running.add(exchange);
      exchange.response.once("close", () => running.delete(exchange));
    },
    routes: [
      ...rootRoutes(VERSION),
      healthRoute({
        accounts: () => pool.states(),
        isDraining: () => isDraining,
        now: () => clock.now(),
      }),
      ...modelRoutes(() => catalogue.current),
      messages,
      countTokensRoute(prepareOptions),
      accountLimitsRoute({
        accounts: () => pool.states(),
        models: () => [...catalogue.current.models.keys()],
        now: () => clock.now(),
      }),
      refreshTokenRoute({ accounts: () => store.accounts.list(), tokens: upstream.tokens }),
    ],
  });

  const closeAll = async () => {
    offChange();
    refresher.stop();
    await upstream.dispatcher.destroy();
    await store.close();
    lock.release();
  };
  let url;
  try {
    url = await listen(app, config);
  } catch (error) {
    await closeAll();
    throw error;
  }
  lock.announce({ pid: process.pid, url, startedAt: clock.now() });
  logger.info({ url, accounts: pool.states().length, open: authenticator.isOpen() }, "listening");
  if (!isLoopback(config.host) && !authenticator.isOpen() && !users.hasEverExisted) {
    logger.warn(
      `No user exists, and ${config.host} can be reached by others: every request is answered with 401 until you create a user (agp users create NAME).`,
    );
  }
  refresher.start();

  return {
    url,
    runningRequests: () => running.size,
    async stop(drainMs) {
      isDraining = true;
      const closed = app.close();
      await waitUntilIdle(running, drainMs);
      for (const { response } of running) response.destroy();
      app.server.closeAllConnections();
      await closed;
      await closeAll();
    },
  };
}

async function listen(app: FastifyInstance, config: Config): Promise<string> {
  const { port, host } = config;
  try {
    await app.listen({ port, host });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "EADDRINUSE") {
      throw new UserError("PORT_IN_USE", `Port ${port} of ${host} is taken by another program.`, {
        nextSteps: ["Choose another one with PORT or --port, or end that program."],
        cause: error,
      });
    }
    if (code === "EACCES" || code === "EADDRNOTAVAIL" || code === "ENOTFOUND") {
      throw new UserError("ADDRESS_UNUSABLE", `Cannot listen on ${host}:${port} (${code}).`, {
        nextSteps: ["Choose another address with HOST, or another port with PORT."],
        cause: error,
      });
    }
    throw error;
  }
  // A server that listens on TCP has an address with a port.
  const address = app.server.address() as AddressInfo;
  const name = host === "0.0.0.0" || host === "::" || host === "127.0.0.1" ? "localhost" : host;
  return `http://${name.includes(":") ? `[${name}]` : name}:${address.port}`;
}

/** Resolves when nothing runs any more, or after `ms`. */
function waitUntilIdle(running: ReadonlySet<Exchange>, ms: number): Promise<void> {
  if (running.size === 0 || ms <= 0) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    for (const { response } of running) {
      response.once("close", () => {
        if (running.size > 0) return;
        clearTimeout(timer);
        resolve();
      });
    }
  });
}
