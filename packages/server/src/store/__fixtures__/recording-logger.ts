import type { StoreLogger } from "../store-logger.ts";

export interface LogLine {
  readonly level: "info" | "warn" | "error";
  readonly fields: object;
  readonly message: string;
}

/** Keeps what was logged. */
export function recordingLogger(): StoreLogger & { readonly lines: LogLine[] } {
  const lines: LogLine[] = [];
  const write = (level: LogLine["level"]) => (fields: object, message: string) =>
    void lines.push({ level, fields, message });
  return { lines, info: write("info"), warn: write("warn"), error: write("error") };
}
