import type { User, UserWithKey } from "../store/store.ts";
import { type Command, type CommandInput, WRONG_USAGE } from "./command.ts";
import { drawTable } from "./table.ts";
import { withStore } from "./with-store.ts";

/** `users create NAME [--admin]`: prints the key, which can be seen only now. */
const usersCreate: Command = {
  name: "users create",
  summary: "Create a user and print the key. The key is shown only once.",
  usage: "users create NAME [--admin]",
  flags: { admin: { type: "boolean" } },
  flagHelp: [["--admin", "the user may edit accounts and users"]],
  run: (input) =>
    withName(input, async (name) => {
      const created = await withStore(input, (store) =>
        store.users.create({ name, isAdmin: input.flags["admin"] === true }),
      );
      return printKey(input, created);
    }),
};

const usersList: Command = {
  name: "users list",
  summary: "List the users. Keys are stored as hashes: only their last four characters are known.",
  usage: "users list",
  flags: {},
  flagHelp: [],
  run: async (input) => {
    const users = await withStore(input, (store) => store.users.list());
    if (input.flags["json"] === true) {
      input.io.out(`${JSON.stringify(users.map(publicUser), undefined, 2)}\n`);
    } else if (users.length === 0) {
      input.io.out("No users. Create the first one with: agp users create NAME\n");
    } else {
      const rows = users.map((user) => [
        user.name,
        user.isAdmin ? "yes" : "no",
        `…${user.keyLastFour}`,
        new Date(user.createdAt).toISOString().slice(0, 10),
      ]);
      input.io.out(drawTable(["Username", "Admin", "API key", "Created"], rows));
    }
    return 0;
  },
};

const usersDelete: Command = {
  name: "users delete",
  summary: "Delete a user; the key stops working at once.",
  usage: "users delete NAME",
  flags: {},
  flagHelp: [],
  run: (input) =>
    withName(input, async (name) => {
      const { user, accounts } = await withStore(input, (store) => store.users.delete(name));
      if (input.flags["json"] === true) {
        const removed = accounts.map((account) => account.email);
        input.io.out(`${JSON.stringify({ deleted: user.name, accounts: removed })}\n`);
        return 0;
      }
      input.io.out(`Deleted user ${user.name}.\n`);
      for (const account of accounts)
        input.io.out(`Removed the user's account ${account.email}.\n`);
      return 0;
    }),
};

const usersRotateKey: Command = {
  name: "users rotate-key",
  summary: "Give a user a new key; the old one stops working at once.",
  usage: "users rotate-key NAME",
  flags: {},
  flagHelp: [],
  run: (input) =>
    withName(input, async (name) =>
      printKey(input, await withStore(input, (store) => store.users.rotateKey(name))),
    ),
};

export const userCommands: readonly Command[] = [
  usersCreate,
  usersList,
  usersDelete,
  usersRotateKey,
];

async function withName(
  input: CommandInput,
  action: (name: string) => Promise<number>,
): Promise<number> {
  const [name, ...more] = input.positionals;
  if (name !== undefined && more.length === 0) return action(name);
  input.io.err("This command takes exactly one NAME.\n");
  return WRONG_USAGE;
}

function printKey(input: CommandInput, { user, key }: UserWithKey): number {
  if (input.flags["json"] === true) {
    input.io.out(`${JSON.stringify({ ...publicUser(user), key }, undefined, 2)}\n`);
    return 0;
  }
  input.io.out(`Username: ${user.name}\nAPI Key: ${key}\n`);
  input.io.err("The key is shown only now. Set it as ANTHROPIC_AUTH_TOKEN or ANTHROPIC_API_KEY.\n");
  return 0;
}

function publicUser(user: User): object {
  return {
    name: user.name,
    isAdmin: user.isAdmin,
    keyLastFour: user.keyLastFour,
    createdAt: new Date(user.createdAt).toISOString(),
  };
}
