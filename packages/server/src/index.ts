export type { Config } from "./config/config.ts";
export { loadConfig } from "./config/load-config.ts";
export { runCli } from "./commands/run-cli.ts";
export { type RunningServer, startServer, type StartOptions } from "./start-server.ts";
export { openStore } from "./store/open-store.ts";
export type { Store } from "./store/store.ts";
export type { Clock } from "./time/clock.ts";
