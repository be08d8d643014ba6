import { hash } from "node:crypto";

import type { ModelFamily, SignatureKeys, SignatureReader, SignatureRecord } from "@agp/core";

/** What a key of the signature table is made of; each kind is a way to find a signature again. */
export type SignatureKind = "tool_use" | "thinking" | "signature";

/** What is known under a key. */
export interface SignatureEntry {
  readonly kind: SignatureKind;
  readonly family: ModelFamily;
  readonly model: string;
  readonly accountId: string | null;
  /** The signature; for the kind `signature` the text that it signs. */
  readonly value: string;
  /** Epoch ms. */
  readonly lastUsedAt: number;
}

/** One question to the table. */
export interface SignatureLookup {
  readonly kind: SignatureKind;
  /** Tool id, thinking text or signature. */
  readonly text: string;
  /** Kind, and SHA-256 of the text in base64url; of a tool the id, unless that is long. */
  readonly key: string;
}

/** The backend's and our own ids are shorter; a client may send any. */
const MAX_PLAIN_ID = 64;

/** The questions that a request's history gives, each once. */
export function lookupsOf({ toolUseIds, thinking }: SignatureKeys): readonly SignatureLookup[] {
  const lookups = new Map<string, SignatureLookup>();
  const add = (kind: SignatureKind, text: string, key: string) =>
    void lookups.set(key, { kind, text, key });
  for (const id of toolUseIds) add("tool_use", id, toolUseKey(id));
  for (const { thinking: text, signature } of thinking) {
    if (text !== "") add("thinking", text, thinkingKey("claude", text));
    if (signature !== "") add("signature", signature, signatureKey(signature));
  }
  return [...lookups.values()];
}

/** The rows of a fact: key, kind and value. A thought is found by its text and by its signature; each row holds the other. */
export function rowsOf(
  record: SignatureRecord,
): readonly (readonly [key: string, kind: SignatureKind, value: string])[] {
  if (record.kind === "tool_use") return [[toolUseKey(record.id), "tool_use", record.signature]];
  const { family, thinking, signature } = record;
  return [
    [thinkingKey(family, thinking), "thinking", signature],
    [signatureKey(signature), "signature", thinking],
  ];
}

/** Answers from what was found, by the texts themselves: they are hashed only once for each request. */
export class FoundSignatures implements SignatureReader {
  readonly #byText = {
    tool_use: new Map<string, SignatureEntry>(),
    thinking: new Map<string, SignatureEntry>(),
    signature: new Map<string, SignatureEntry>(),
  };

  add({ kind, text }: SignatureLookup, entry: SignatureEntry): void {
    this.#byText[kind].set(text, entry);
  }

  toolUse(id: string): { readonly signature: string; readonly family: ModelFamily } | undefined {
    const entry = this.#byText.tool_use.get(id);
    return entry && { signature: entry.value, family: entry.family };
  }

  claudeSignatureOf(thinking: string): string | undefined {
    return this.#byText.thinking.get(thinking)?.value;
  }

  origin(
    signature: string,
  ): { readonly family: ModelFamily; readonly thinking: string } | undefined {
    const entry = this.#byText.signature.get(signature);
    return entry && { family: entry.family, thinking: entry.value };
  }
}

function toolUseKey(id: string): string {
  return id.length <= MAX_PLAIN_ID ? `tool_use:${id}` : `tool_use#${digest(id)}`;
}

/** By the exact text: one changed character is another key. */
function thinkingKey(family: ModelFamily, thinking: string): string {
  return `thinking:${family}:${digest(thinking)}`;
}

function signatureKey(signature: string): string {
  return `signature:${digest(signature)}`;
}

/** Of the text alone: putting the kind before it would copy each text of a long conversation. */
function digest(text: string): string {
  return hash("sha256", text, "base64url");
}
