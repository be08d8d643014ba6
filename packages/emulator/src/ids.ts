import { createHmac, createSecretKey, randomBytes, type KeyObject } from "node:crypto";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** Makes ids, tokens and keys: unguessable without a seed, the same sequence for the same seed. */
export class IdSource {
  readonly #seed: KeyObject;
  #count = 0;

  constructor(seed?: string) {
    // A ready key spares each HMAC its preparation.
    this.#seed = createSecretKey(seed === undefined ? randomBytes(32) : Buffer.from(seed));
  }

  /** A key that depends on the seed and the purpose only. */
  key(purpose: string): Buffer {
    return createHmac("sha256", this.#seed).update(`key:${purpose}`).digest();
  }

  bytes(length: number): Buffer {
    this.#count += 1;
    const blocks: Buffer[] = [];
    for (let block = 0; block * 64 < length; block += 1) {
      blocks.push(createHmac("sha512", this.#seed).update(`${this.#count}:${block}`).digest());
    }
    return Buffer.concat(blocks).subarray(0, length);
  }

  alphanumeric(length: number): string {
    let text = "";
    for (const byte of this.bytes(length)) text += ALPHABET[byte % ALPHABET.length];
    return text;
  }

  hex(length: number): string {
    return this.bytes(Math.ceil(length / 2))
      .toString("hex")
      .slice(0, length);
  }

  digits(length: number): string {
    let text = "";
    for (const byte of this.bytes(length)) text += String(byte % 10);
    return text;
  }
}
