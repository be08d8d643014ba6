import { AccountPool } from "./accounts/account-pool.ts";
import { CatalogueHolder } from "./accounts/catalogue-source.ts";
import { createModelsRefresher } from "./accounts/models-refresher.ts";
import { composeRoutes } from "./compose-routes.ts";
import { composeUpstream } from "./compose-upstream.ts";
import type { Config } from "./config/config.ts";
import { createApp } from "./http/app.ts";
import { createAuthenticator } from "./http/authenticate.ts";
import { createHostGuard, isLoopback } from "./http/guard-host.ts";
import { listen } from "./http/listen.ts";
import { RunningRequests } from "./http/running-requests.ts";
import type { Logger } from "./logging/logger.ts";
import { controlToken } from "./secrets/control-token.ts";
import { openStore } from "./store/open-store.ts";
import { acquireServerLock } from "./store/server-lock.ts";
import { type Clock, systemClock } from "./time/clock.ts";
import { UsersCache } from "./users/users-cache.ts";

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
  const running = new RunningRequests();
  let isDraining = false;

  const authenticator = createAuthenticator({
    mode: config.auth,
    isLoopback: isLoopback(config.host),
    controlToken: controlToken(config.dataDir),
    userByKeyHash: (hash) => users.find(hash),
    hasEverHadUsers: () => users.hasEverExisted,
  });
  const app = createApp({
    authenticator,
    guardHost: createHostGuard(config),
    isDraining: () => isDraining,
    onBug: (error, requestId) => logger.error({ err: error, requestId }, "a bug in a handler"),
    beforeRequest: () => store.refresh(),
    onRequest: (exchange) => running.add(exchange),
    routes: composeRoutes({
      config,
      logger,
      clock,
      random,
      store,
      pool,
      upstream,
      catalogue,
      isDraining: () => isDraining,
    }),
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
      await running.untilIdle(drainMs);
      running.destroy();
      app.server.closeAllConnections();
      await closed;
      await closeAll();
    },
  };
}
