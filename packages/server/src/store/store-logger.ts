/** The part of pino's logger that the store uses. */
export interface StoreLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** For programs that have no log, as most CLI commands. */
export const silentLogger: StoreLogger = { info() {}, warn() {}, error() {} };
