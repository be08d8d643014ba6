/** Opens the store when told to by a line on stdin, creates users with a prefix, and prints what happened. */
import { openStore } from "../open-store.ts";

const [, , dataDir = "", prefix = "", count = "0"] = process.argv;
process.stdout.write("ready\n");
process.stdin.once("data", () => void run());

async function run(): Promise<void> {
  try {
    const store = await openStore({ dataDir });
    for (let index = 0; index < Number(count); index++) {
      await store.users.create({ name: `${prefix}-${index}` });
      await store.users.rotateKey(`${prefix}-${index}`);
    }
    await store.close();
    process.stdout.write("done\n");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    process.stdout.write(`failed ${code} ${String(error)}\n`);
  }
  process.stdin.destroy();
}
