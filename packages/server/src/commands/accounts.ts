import { UserError } from "@agp/core";

import { type Verification, verifyAccount } from "../accounts/verify-account.ts";
import { composeUpstream } from "../compose-upstream.ts";
import { loadConfig } from "../config/load-config.ts";
import type { Account, Store } from "../store/store.ts";
import { systemClock } from "../time/clock.ts";
import { type Command, type CommandInput, textFlag, WRONG_USAGE } from "./command.ts";
import { drawTable } from "./table.ts";
import { dataDirectory, withStore } from "./with-store.ts";

const accountsAdd: Command = {
  name: "accounts add",
  summary: "Add a Google account by its refresh token, or give it a new one.",
  usage: "accounts add --email EMAIL --refresh-token TOKEN|- [--project ID] [--user NAME]",
  flags: {
    email: { type: "string" },
    "refresh-token": { type: "string" },
    project: { type: "string" },
    user: { type: "string" },
  },
  flagHelp: [
    ["--email EMAIL", "the account's address"],
    ["--refresh-token TOKEN", "the token; - reads it from stdin, out of the process list"],
    ["--project ID", "use this Cloud Code project instead of the account's own"],
    ["--user NAME", "the account belongs to this user alone"],
  ],
  run: async (input) => {
    const email = textFlag(input, "email");
    const given = textFlag(input, "refresh-token");
    if (email === undefined || given === undefined) {
      input.io.err(
        "accounts add needs --email and --refresh-token (- reads the token from stdin).\n",
      );
      return WRONG_USAGE;
    }
    const refreshToken = (given === "-" ? await input.io.stdin() : given).trim();
    return withStore(input, async (store) => {
      const ownerId = await ownerOf(store, textFlag(input, "user"));
      const projectId = textFlag(input, "project");
      const { account, isNew } = await store.accounts.save({
        email,
        refreshToken,
        ...(ownerId === undefined ? {} : { ownerId }),
        ...(projectId === undefined ? {} : { projectId }),
      });
      const verification = await verify(input, store, account);
      if (input.flags["json"] === true) {
        input.io.out(
          `${JSON.stringify({ email: account.email, isNew, ...verdict(verification) })}\n`,
        );
      } else {
        input.io.out(
          `${isNew ? "Added" : "Updated"} ${account.email}. ${sentence(verification)}\n`,
        );
      }
      return verification.kind === "unusable" ? 1 : 0;
    });
  },
};

const accountsList: Command = {
  name: "accounts list",
  summary: "List the accounts with their state and what to do about it.",
  usage: "accounts list",
  flags: {},
  flagHelp: [],
  run: (input) =>
    withStore(input, async (store) => {
      const accounts = await store.accounts.list();
      const limits = await store.limits.list();
      const now = Date.now();
      const limited = new Set(
        limits.filter(({ until }) => until > now).map(({ accountId }) => accountId),
      );
      const state = (account: Account) =>
        account.status === "active" && limited.has(account.id) ? "limited" : account.status;
      if (input.flags["json"] === true) {
        const rows = accounts.map((account) => ({
          email: account.email,
          state: state(account),
          reason: account.statusReason ?? null,
          validationUrl: account.validationUrl ?? null,
          project: account.projectId ?? null,
          tier: account.tier ?? null,
          lastUsedAt: isoTime(account.lastUsedAt),
        }));
        input.io.out(`${JSON.stringify(rows, undefined, 2)}\n`);
        return 0;
      }
      if (accounts.length === 0) {
        input.io.out(
          "No accounts. Add one with: agp accounts add --email EMAIL --refresh-token -\n",
        );
        return 0;
      }
      const rows = accounts.map((account) => [
        account.email,
        state(account),
        account.tier ?? "-",
        account.projectId ?? "-",
        isoTime(account.lastUsedAt)?.slice(0, 16).replace("T", " ") ?? "never",
      ]);
      input.io.out(drawTable(["Account", "State", "Plan", "Project", "Last used (UTC)"], rows));
      for (const account of accounts) {
        if (account.statusReason !== undefined)
          input.io.out(`${account.email}: ${account.statusReason}\n`);
        if (account.validationUrl !== undefined) input.io.out(`  ${account.validationUrl}\n`);
      }
      return 0;
    }),
};

const accountsVerify: Command = {
  name: "accounts verify",
  summary: "Check token, project and model list of every account, or of one.",
  usage: "accounts verify [EMAIL]",
  flags: {},
  flagHelp: [],
  run: (input) =>
    withStore(input, async (store) => {
      const [email] = input.positionals;
      const accounts =
        email === undefined ? await store.accounts.list() : await found(store, email);
      const results = await Promise.all(
        accounts.map(async (account) => ({
          email: account.email,
          verification: await verify(input, store, account),
        })),
      );
      if (input.flags["json"] === true) {
        const rows = results.map((row) => ({ email: row.email, ...verdict(row.verification) }));
        input.io.out(`${JSON.stringify(rows, undefined, 2)}\n`);
      } else {
        for (const row of results) input.io.out(`${row.email}: ${sentence(row.verification)}\n`);
        if (results.length === 0) input.io.out("No accounts.\n");
      }
      return results.every(({ verification }) => verification.kind === "ok") ? 0 : 1;
    }),
};

const accountsRemove: Command = {
  name: "accounts remove",
  summary: "Remove an account and forget its token.",
  usage: "accounts remove EMAIL",
  flags: {},
  flagHelp: [],
  run: async (input) => {
    const [email] = input.positionals;
    if (email === undefined) {
      input.io.err("accounts remove needs the EMAIL of an account.\n");
      return WRONG_USAGE;
    }
    return withStore(input, async (store) => {
      const accounts = await found(store, email);
      for (const account of accounts) await store.accounts.remove(account.id);
      const isJson = input.flags["json"] === true;
      input.io.out(isJson ? `${JSON.stringify({ removed: email })}\n` : `Removed ${email}.\n`);
      return 0;
    });
  },
};

export const accountCommands: readonly Command[] = [
  accountsAdd,
  accountsList,
  accountsVerify,
  accountsRemove,
];

const VERIFY_TIMEOUT_MS = 60_000;

async function verify(input: CommandInput, store: Store, account: Account): Promise<Verification> {
  const config = loadConfig({ env: input.io.env, dataDir: dataDirectory(input) });
  const upstream = composeUpstream({ config, store, clock: systemClock });
  try {
    const services = { ...upstream, store, clock: systemClock };
    return await verifyAccount(services, account, AbortSignal.timeout(VERIFY_TIMEOUT_MS));
  } finally {
    await upstream.dispatcher.destroy();
  }
}

function sentence(verification: Verification): string {
  switch (verification.kind) {
    case "ok": {
      const count = Object.keys(verification.models?.answer.models ?? {}).length;
      return `OK: project ${verification.projectId}, ${count} models.`;
    }
    case "unusable":
      return `Not usable: ${verification.reason}`;
    case "unknown":
      return `Not verified: ${verification.reason}`;
  }
}

function verdict(verification: Verification): object {
  if (verification.kind === "ok") return { result: "ok", project: verification.projectId };
  return { result: verification.kind, reason: verification.reason };
}

async function ownerOf(store: Store, name: string | undefined): Promise<string | undefined> {
  if (name === undefined) return undefined;
  const user = await store.users.find(name);
  if (user !== undefined) return user.id;
  throw new UserError("USER_NOT_FOUND", `There is no user ${name}.`, {
    nextSteps: ["agp users list shows the users."],
  });
}

async function found(store: Store, email: string): Promise<readonly Account[]> {
  const accounts = await store.accounts.findByEmail(email);
  if (accounts.length > 0) return accounts;
  throw new UserError("ACCOUNT_NOT_FOUND", `There is no account ${email}.`, {
    nextSteps: ["agp accounts list shows the accounts."],
  });
}

function isoTime(at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString();
}
