import { type DestinationStream, type Logger, pino } from "pino";

export type { Logger };

export interface LoggerOptions {
  readonly level: string;
  /** People read it: colours and columns in place of JSON lines. */
  readonly isPretty: boolean;
}

/**
 * Makes the log: JSON lines, or readable ones on a terminal. What stands in the lines is chosen where they are written, field
 * by field; no request, header or token object is ever handed to the log whole.
 */
export async function createLogger(options: LoggerOptions): Promise<Logger> {
  const destination = options.isPretty ? await prettyStream() : plainStream();
  return pino({ level: options.level, base: null }, destination);
}

async function prettyStream(): Promise<DestinationStream> {
  const { default: pretty } = await import("pino-pretty");
  return pretty({
    colorize: process.env["NO_COLOR"] === undefined,
    translateTime: "SYS:HH:MM:ss",
    sync: true,
  });
}

/** A full disk or a closed pipe behind stdout must not end the server: the line is lost, and the next one is tried. */
function plainStream(): DestinationStream {
  const destination = pino.destination({ dest: 1, sync: false, minLength: 0 });
  let hasFailed = false;
  destination.on("error", () => (hasFailed = true));
  // At the end pino writes what is left, and again after each failure: without this the process would never end.
  process.prependListener("beforeExit", () => {
    if (hasFailed) destination.destroy();
  });
  return destination;
}
