/**
 * The base of our own errors. `code` is stable, in SCREAMING_SNAKE_CASE, and listed in `docs/errors.md`; the message says
 * what was wrong, where, and what to do.
 *
 * Two families: the user can act (`UserError`), or it is our bug (anything else).
 */
export class UserError extends Error {
  override readonly name: string = "UserError";
  readonly code: string;
  /** Lines that say what to do next, for a terminal. */
  readonly nextSteps: readonly string[];

  constructor(
    code: string,
    message: string,
    options: { readonly nextSteps?: readonly string[]; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.nextSteps = options.nextSteps ?? [];
  }
}
