export interface RetrySyncOptions {
  /** Whether another try may go better. */
  readonly isTransient: (error: unknown) => boolean;
  readonly attempts: number;
  /** Between two attempts. */
  readonly waitMs: number;
}

/** Tries again after a pause that stops the whole process: only for the start, when nobody waits for it. Throws the last error. */
export function retrySync<T>(
  { isTransient, attempts, waitMs }: RetrySyncOptions,
  action: () => T,
): T {
  for (let attempt = 1; ; attempt++) {
    try {
      return action();
    } catch (error) {
      if (attempt >= attempts || !isTransient(error)) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, waitMs);
    }
  }
}
