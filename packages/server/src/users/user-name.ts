import { UserError } from "@agp/core";

/** Begins with a letter or digit, so that no name looks like a flag or a path. */
const USER_NAME = /^[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}$/;

/** Throws USER_NAME_INVALID unless the name can be typed, logged and compared without surprises. */
export function checkUserName(name: string): void {
  if (USER_NAME.test(name)) return;
  throw new UserError(
    "USER_NAME_INVALID",
    `${JSON.stringify(name.slice(0, 80))} is no user name.`,
    {
      nextSteps: [
        "Use 1 to 64 characters out of A-Z a-z 0-9 . _ @ + - and begin with a letter or a digit.",
      ],
    },
  );
}
