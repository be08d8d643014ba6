import { createSecretKey, randomBytes, scrypt } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { join } from "node:path";

import { UserError } from "@agp/core";

import { readOrCreateSecretFile, readSecretFile } from "./secret-file.ts";

const KEY_BYTES = 32;

/** Where the key of the secrets at rest comes from. */
export interface DataKeyOptions {
  readonly dataDir: string;
  /** `DATA_KEY`: 32 bytes as base64 or hex, or any other text. Absent: the file `secret.key`. */
  readonly dataKey?: string | undefined;
  /** Of the database; makes the same text another key elsewhere. */
  readonly salt: string;
  /** The database holds secrets already: a new key would be of no use. */
  readonly isInUse: boolean;
}

/** The key of the secrets at rest. Throws DATA_KEY_MISSING when secrets exist and their key file is gone. */
export async function loadDataKey(options: DataKeyOptions): Promise<KeyObject> {
  const text = options.dataKey ?? readKeyFile(options);
  const bytes = decodeKey(text) ?? (await derive(text, options.salt));
  return createSecretKey(bytes);
}

function readKeyFile({ dataDir, isInUse }: DataKeyOptions): string {
  const path = join(dataDir, "secret.key");
  if (!isInUse) {
    return readOrCreateSecretFile(path, () => randomBytes(KEY_BYTES).toString("base64"));
  }
  const text = readSecretFile(path);
  if (text !== undefined) return text;
  throw new UserError(
    "DATA_KEY_MISSING",
    `The secrets in ${join(dataDir, "proxy.db")} are encrypted, and their key is missing: DATA_KEY is not set, and there is no ${path}.`,
    {
      nextSteps: [
        "Set DATA_KEY as it was when the accounts were added, or restore secret.key from a backup.",
        "If the key is lost: remove the accounts and add them again.",
      ],
    },
  );
}

/** Exactly 32 bytes as hex, base64 or base64url; undefined for any other text. */
function decodeKey(text: string): Buffer | undefined {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, "hex");
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) return undefined;
  return Buffer.from(text, "base64");
}

/** A passphrase can be guessed, so the derivation is slow (about 50 ms). Source: RFC 7914. */
function derive(text: string, salt: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(text, salt, KEY_BYTES, { N: 2 ** 14, r: 8, p: 1 }, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}
