import { createSchemaCache } from "@agp/core";

import type { AccountPool } from "./accounts/account-pool.ts";
import type { CatalogueHolder } from "./accounts/catalogue-source.ts";
import type { Upstream } from "./compose-upstream.ts";
import type { Config } from "./config/config.ts";
import type { Route } from "./http/app.ts";
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
import type { Store } from "./store/store.ts";
import type { Clock } from "./time/clock.ts";
import { USER_AGENT, VERSION } from "./version.ts";

export interface RouteNeeds {
  readonly config: Config;
  readonly logger: Logger;
  readonly clock: Clock;
  /** [0, 1), for jitter. */
  readonly random: () => number;
  readonly store: Store;
  readonly pool: AccountPool;
  readonly upstream: Upstream;
  readonly catalogue: CatalogueHolder;
  readonly isDraining: () => boolean;
}

/** Different tools of one Claude Code and a handful of MCP servers. */
const CACHED_SCHEMAS = 2_000;

/** Builds every route and hands each what it needs. */
export function composeRoutes(needs: RouteNeeds): readonly Route[] {
  const { config, clock, store, pool, upstream, catalogue } = needs;
  const prepareOptions = (): PrepareOptions => ({
    catalogue: catalogue.current,
    aliases: config.modelAliases,
    ...(config.smallModel === undefined ? {} : { smallModel: config.smallModel }),
  });
  const accounts = () => pool.states();
  const now = () => clock.now();
  const models = () => [...catalogue.current.models.keys()];
  return [
    ...rootRoutes(VERSION),
    healthRoute({ accounts, isDraining: needs.isDraining, now }),
    ...modelRoutes(() => catalogue.current),
    messages(needs, prepareOptions),
    countTokensRoute(prepareOptions),
    accountLimitsRoute({ accounts, models, now }),
    refreshTokenRoute({ accounts: () => store.accounts.list(), tokens: upstream.tokens }),
  ];
}

function messages(needs: RouteNeeds, prepareOptions: () => PrepareOptions): Route {
  const { config, clock, logger, random, store, pool, upstream } = needs;
  return messagesRoute({
    services: {
      ...upstream,
      store,
      pool,
      clock,
      random,
      settings: translationSettings(config),
      schemaCache: createSchemaCache({ maxEntries: CACHED_SCHEMAS }),
      envelopeUserAgent: config.userAgent ?? USER_AGENT,
      maxWaitMs: config.maxWaitMs,
    },
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
}
