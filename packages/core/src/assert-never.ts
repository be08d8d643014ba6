/** The `default` of a switch over one of our own unions: does not compile while a case is missing. */
export function assertNever(value: never): never {
  throw new Error(`Unreachable case: ${JSON.stringify(value)}`);
}
