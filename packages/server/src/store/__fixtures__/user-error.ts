import { UserError } from "@agp/core";

/** The `UserError` that an action throws; fails the test when it throws none. */
export async function userErrorOf(action: () => unknown): Promise<UserError> {
  try {
    await action();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error("expected a UserError, and nothing was thrown");
}
