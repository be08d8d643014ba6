import { loadConfig } from "../config/load-config.ts";
import { openStore } from "../store/open-store.ts";
import type { Store } from "../store/store.ts";
import type { CommandInput } from "./command.ts";
import { textFlag } from "./command.ts";

/** The data directory of a command: `--data-dir`, `DATA_DIR`, or `./data`. */
export function dataDirectory(input: CommandInput): string {
  return textFlag(input, "data-dir") ?? input.io.env["DATA_DIR"] ?? "./data";
}

/** Opens the store for the length of one command; a running server sees what it writes by itself. */
export async function withStore<T>(
  input: CommandInput,
  action: (store: Store) => Promise<T>,
): Promise<T> {
  const dataDir = dataDirectory(input);
  const { dataKey } = loadConfig({ env: input.io.env, dataDir });
  const store = await openStore({ dataDir, dataKey });
  try {
    return await action(store);
  } finally {
    await store.close();
  }
}
