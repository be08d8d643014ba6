/** A duration as Go prints it: `2h10m30.5s`, `754.431ms`. */
export function goDuration(ms: number): string {
  if (ms < 1000) return `${ms}ms`;
  const seconds = ms / 1000;
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = trimmed(seconds % 60);
  if (hours > 0) return `${hours}h${minutes}m${rest}s`;
  return minutes > 0 ? `${minutes}m${rest}s` : `${rest}s`;
}

/** A proto Duration: `7830.5s`. */
export function protoDuration(ms: number): string {
  return `${trimmed(ms / 1000)}s`;
}

/** RFC 3339 in whole seconds, as the backend writes its times. */
export function timestamp(epochMs: number): string {
  return new Date(epochMs).toISOString().replace(/\.\d+Z$/, "Z");
}

function trimmed(seconds: number): string {
  return String(Number(seconds.toFixed(3)));
}
