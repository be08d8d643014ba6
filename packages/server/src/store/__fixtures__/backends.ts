import { onTestFinished } from "vitest";

import { openStore } from "../open-store.ts";
import type { Store } from "../store.ts";
import { ManualClock } from "./manual-clock.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

/** A place where data lies, for one test. */
export interface TestBackend {
  readonly clock: ManualClock;
  /** Each call is another process's view of the same data. */
  open(): Promise<Store>;
}

/** Every kind of store; the behaviour suites run against each. */
export const backends: readonly { readonly name: string; readonly create: () => TestBackend }[] = [
  { name: "SQLite", create: createSqlite },
];

function createSqlite(): TestBackend {
  const dataDir = temporaryDirectory();
  const clock = new ManualClock();
  return {
    clock,
    async open() {
      const store = await openStore({ dataDir, clock });
      onTestFinished(() => store.close());
      return store;
    },
  };
}
