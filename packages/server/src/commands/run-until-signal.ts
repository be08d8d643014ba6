import type { Logger } from "../logging/logger.ts";
import type { RunningServer } from "../start-server.ts";

/** How long running streams may go on after the first signal. */
const DRAIN_MS = 30_000;

/**
 * A service manager signals every process of the service, and the launcher and npm pass their own
 * signal on: what arrives within this time of the first is the same one again.
 */
const SAME_SIGNAL_MS = 250;

/** Waits for SIGTERM or SIGINT, drains, and resolves to 0; a second signal ends the process at once. */
export function runUntilSignal(server: RunningServer, logger: Logger): Promise<number> {
  return new Promise((resolve) => {
    let stoppingSince: number | undefined;
    const onSignal = (signal: NodeJS.Signals) => {
      if (stoppingSince !== undefined) {
        if (performance.now() - stoppingSince < SAME_SIGNAL_MS) return;
        process.exit(130);
      }
      stoppingSince = performance.now();
      logger.info(
        { signal, running: server.runningRequests() },
        "stopping: running streams finish",
      );
      server.stop(DRAIN_MS).then(
        () => resolve(0),
        (error: unknown) => {
          logger.error({ err: error }, "stopping failed");
          resolve(1);
        },
      );
    };
    process.on("SIGTERM", onSignal);
    process.on("SIGINT", onSignal);
  });
}
