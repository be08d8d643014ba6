import type { AccountState } from "@agp/core";

import { drawTable } from "../../commands/table.ts";
import type { Caller } from "../authenticate.ts";
import type { Route } from "../app.ts";
import { sendJson } from "../send-error.ts";

export interface LimitSources {
  readonly accounts: () => readonly AccountState[];
  /** Ids of the models that the catalogue shows. */
  readonly models: () => readonly string[];
  readonly now: () => number;
}

interface LimitRow {
  readonly remainingFraction: number | null;
  readonly resetTime: string | null;
}

/** `GET /account-limits`, JSON or `?format=table`: own and shared accounts, an admin all of them. */
export function accountLimitsRoute(sources: LimitSources): Route {
  return {
    method: "GET",
    path: "/account-limits",
    access: "user",
    handle: ({ id, response, query, caller, isAdmin }) => {
      const now = sources.now();
      const accounts = sources
        .accounts()
        .filter((account) => isAdmin || isVisible(account, caller))
        .map((account) => ({
          email: account.email,
          state: stateOf(account, now),
          ...(account.statusReason === undefined ? {} : { reason: account.statusReason }),
          limits: limitsOf(account, sources.models(), now),
        }));
      if (query.get("format") !== "table") {
        sendJson(response, 200, { timestamp: new Date(now).toISOString(), accounts }, id);
        return;
      }
      response.writeHead(200, { "content-type": "text/plain; charset=utf-8", "request-id": id });
      response.end(accounts.length === 0 ? "No accounts.\n" : tableOf(accounts, sources.models()));
    },
  };
}

function isVisible(account: AccountState, caller: Caller): boolean {
  if (account.ownerId === undefined) return true;
  return caller.kind === "user" && caller.user.id === account.ownerId;
}

/** The account's word in JSON: `limited` when a model of it rests. */
export function stateOf(account: AccountState, now: number): string {
  if (account.status !== "active") return account.status;
  const rests = (account.restsUntil ?? 0) > now;
  const limited = [...account.limits.values()].some((limit) => limit.until > now);
  return rests || limited ? "limited" : "active";
}

function limitsOf(
  account: AccountState,
  models: readonly string[],
  now: number,
): Record<string, LimitRow> {
  const rows: Record<string, LimitRow> = {};
  for (const model of models) {
    const limit = account.limits.get(model);
    const quota = account.quotas.get(model);
    // A limit is a proof, a quota figure only a hint (cloud-code §10).
    rows[model] =
      limit !== undefined && limit.until > now
        ? { remainingFraction: 0, resetTime: new Date(limit.until).toISOString() }
        : {
            remainingFraction: quota?.remainingFraction ?? null,
            resetTime: quota?.resetAt === undefined ? null : new Date(quota.resetAt).toISOString(),
          };
  }
  return rows;
}

function tableOf(
  accounts: readonly { email: string; state: string; limits: Record<string, LimitRow> }[],
  models: readonly string[],
): string {
  const cell = (row: LimitRow | undefined) => {
    if (row === undefined || row.remainingFraction === null) return "?";
    const percent = `${Math.round(row.remainingFraction * 100)}%`;
    const isFull = row.remainingFraction === 1;
    return row.resetTime === null || isFull
      ? percent
      : `${percent} until ${row.resetTime.slice(11, 16)}Z`;
  };
  const rows = models.map((model) => [model, ...accounts.map(({ limits }) => cell(limits[model]))]);
  const headings = ["Model", ...accounts.map(({ email, state }) => `${email} (${state})`)];
  return drawTable(headings, rows);
}
