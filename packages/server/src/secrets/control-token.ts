import { randomBytes } from "node:crypto";
import { join } from "node:path";

import { readOrCreateSecretFile, readSecretFile } from "./secret-file.ts";

const CONTROL_TOKEN_FILE = "control.token";

/** The token that makes a program on this machine an admin; made (mode 0600) when the data directory has none. */
export function controlToken(dataDir: string): string {
  return readOrCreateSecretFile(join(dataDir, CONTROL_TOKEN_FILE), () =>
    randomBytes(32).toString("base64url"),
  );
}

/** For the CLI: the token of a server that ran here, or undefined when none ever did. */
export function readControlToken(dataDir: string): string | undefined {
  return readSecretFile(join(dataDir, CONTROL_TOKEN_FILE));
}
