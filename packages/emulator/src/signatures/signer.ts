import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { IdSource } from "../ids.ts";
import type { EmulatedModel, Family } from "../models/catalogue.ts";

/** Where a signature stands: bound to it, since a client must put it back on the same part (cloud-code §8.1). */
export type SignedKind = "thought" | "call" | "text";

export interface SignedBy {
  readonly model: EmulatedModel;
  /** E-mail of the account that got the answer. */
  readonly account: string;
}

/** What a genuine signature says. What is absent is not bound. */
export interface SignatureFacts {
  readonly family: Family;
  readonly kind?: SignedKind;
  /** `boundHash` of the thought's text or of the call's name. */
  readonly bound?: string;
  /** `accountHash` of the account that got it. */
  readonly account?: string;
}

/** A signature that a test declares genuine (those of the fixtures). Text and account are bound only where given. */
export interface KnownSignature {
  readonly signature: string;
  readonly family: Family;
  readonly text?: string;
}

const FAMILIES: readonly Family[] = ["claude", "gemini", "gpt"];
const KINDS: readonly SignedKind[] = ["thought", "call", "text"];
// Lead byte, version, family, kind, nonce, hash of what is bound, hash of the account, MAC.
const LEAD = 0x12;
const HEAD_BYTES = 12;
const SIGNED_BYTES = HEAD_BYTES + 32 + 16;
const MAC_BYTES = 32;

/** Issues and checks thinking signatures with a key of this emulator alone. Source: cloud-code §8. */
export class Signer {
  readonly #key: Buffer;
  readonly #ids: IdSource;
  readonly #known = new Map<string, SignatureFacts>();

  constructor(ids: IdSource) {
    this.#ids = ids;
    this.#key = ids.key("signatures");
  }

  register(known: KnownSignature): void {
    const bound = known.text === undefined ? {} : { bound: boundHash(known.text) };
    this.#known.set(known.signature, { family: known.family, ...bound });
  }

  /** Claude's: base64 twice, beginning with `R`. */
  signThought(text: string, by: SignedBy): string {
    const inner = this.#sign("thought", text, by).toString("base64");
    return Buffer.from(inner).toString("base64");
  }

  signCall(name: string, by: SignedBy): string {
    return this.#sign("call", name, by).toString("base64");
  }

  signText(by: SignedBy): string {
    return this.#sign("text", "", by).toString("base64");
  }

  /** The facts of a genuine signature, `undefined` for one that this emulator did not issue or that was altered. */
  read(signature: string): SignatureFacts | undefined {
    const known = this.#known.get(signature);
    if (known) return known;
    const raw = decodeStrictly(signature);
    const bytes = raw && (raw[0] === LEAD ? raw : decodeStrictly(raw.toString("latin1")));
    if (bytes?.length !== SIGNED_BYTES + MAC_BYTES) return undefined;
    const signed = bytes.subarray(0, SIGNED_BYTES);
    if (!timingSafeEqual(this.#mac(signed), bytes.subarray(SIGNED_BYTES))) return undefined;
    const family = FAMILIES[signed[2] ?? -1];
    const kind = KINDS[signed[3] ?? -1];
    // Claude's come wrapped twice and must come back so: a client that unwraps them is refused (cloud-code §8).
    const isWrappedTwice = bytes !== raw;
    if (family === undefined || isWrappedTwice !== (family === "claude")) return undefined;
    return {
      family,
      ...(kind !== undefined && { kind }),
      bound: signed.subarray(HEAD_BYTES, HEAD_BYTES + 32).toString("hex"),
      account: signed.subarray(HEAD_BYTES + 32).toString("hex"),
    };
  }

  #sign(kind: SignedKind, bound: string, by: SignedBy): Buffer {
    const head = Buffer.alloc(HEAD_BYTES);
    head.set([LEAD, 1, FAMILIES.indexOf(by.model.family), KINDS.indexOf(kind)]);
    head.set(this.#ids.bytes(HEAD_BYTES - 4), 4);
    const signed = Buffer.concat([
      head,
      Buffer.from(boundHash(bound), "hex"),
      Buffer.from(accountHash(by.account), "hex"),
    ]);
    return Buffer.concat([signed, this.#mac(signed)]);
  }

  #mac(signed: Buffer): Buffer {
    return createHmac("sha256", this.#key).update(signed).digest();
  }
}

/** How `SignatureFacts.bound` names a text. */
export function boundHash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** How `SignatureFacts.account` names an account. */
export function accountHash(email: string): string {
  return createHash("sha256").update(email).digest("hex").slice(0, 32);
}

/** Decodes base64 only when encoding it again gives the same text: an altered last character must not pass. */
function decodeStrictly(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, "base64");
  return bytes.toString("base64") === text ? bytes : undefined;
}
