import type { JsonObject } from "../anthropic/messages.ts";
import type { Content, Part } from "../google/generate-content.ts";
import { CallIds } from "./call-ids.ts";
import { orderModelParts } from "./model-parts.ts";
import type { PartSink } from "./part-sink.ts";
import { refuse, refuseBlock } from "./refusal.ts";
import type { TranslationScope } from "./scope.ts";
import { signFirstCall } from "./signatures.ts";

type Role = Content["role"];

/** A call of the last model content, with its answer once that has come. */
interface OpenCall {
  readonly id: string;
  readonly name: string;
  readonly messageIndex: number;
  response?: JsonObject;
  media?: readonly Part[];
}

/**
 * Collects parts into contents whose roles alternate.
 *
 * One content is open at a time, and a part of the other role closes it: so messages of one role merge, and one of which
 * nothing is left leaves no trace. A closed model content leaves its calls open; the user content behind it begins with
 * their responses, in the order of the calls, then come the media of the results, then the rest as the client sent it.
 *
 * Source: cloud-code §4.2.
 */
export class ContentsBuilder {
  readonly user: PartSink;
  readonly model: PartSink;
  /** Parts and responses taken so far: a message that leaves the number as it was came to nothing. */
  taken = 0;
  readonly #scope: TranslationScope;
  readonly #contents: Content[] = [];
  readonly #ids = new CallIds();
  #role: Role = "user";
  /** Parts of the open content; in one of role user without the responses and their media. */
  #parts: Part[] = [];
  /** By the client's id, in the order of the calls. */
  #calls = new Map<string, OpenCall>();
  /** The last part, if it holds the text of a server tool's block: more of it is appended there. */
  #serverText: { text: string } | undefined;

  constructor(scope: TranslationScope) {
    this.#scope = scope;
    this.user = this.#sink("user");
    this.model = this.#sink("model");
  }

  /** Adds a thought with its signature. */
  thought(text: string, thoughtSignature: string): void {
    this.#open("model").push({ thought: true, text, thoughtSignature });
  }

  /** Adds a tool call; the next user content has to answer it. */
  call(clientId: string, name: string, args: JsonObject, signature: string | undefined): void {
    const parts = this.#open("model");
    if (this.#calls.has(clientId)) refuse("messages: `tool_use` ids must be unique");
    const id = this.#ids.upstream(clientId);
    this.#calls.set(clientId, { id, name, messageIndex: this.#scope.messageIndex });
    const functionCall = { id, name, args };
    parts.push(
      signature === undefined ? { functionCall } : { functionCall, thoughtSignature: signature },
    );
  }

  /** Answers an open call; `media` are the images and documents of the result. */
  respond(clientId: string, response: JsonObject, media: readonly Part[]): void {
    this.#open("user");
    const call = this.#calls.get(clientId);
    if (call === undefined || call.response !== undefined) {
      return refuseUnpaired(clientId, this.#scope.messageIndex);
    }
    call.response = response;
    call.media = media;
  }

  /** Adds the text of a server tool's block; that of neighbouring blocks becomes one part. */
  serverText(role: Role, text: string): void {
    if (this.#serverText !== undefined && this.#role === role) {
      this.#serverText.text += `\n${text}`;
      return;
    }
    const part = { text };
    this.#open(role).push(part);
    this.#serverText = part;
  }

  /** Closes the last content and returns all of them; its role is the caller's to judge. */
  finish(): Content[] {
    this.#close();
    return this.#contents;
  }

  #sink(role: Role): PartSink {
    return {
      text: (text) => this.#open(role).push({ text }),
      media: (part) => {
        if (role === "model") this.#checkModelMedia();
        this.#open(role).push(part);
      },
      inline: true,
    };
  }

  /** Claude takes images and documents of the user alone. Source: cloud-code §4.3 (column "where"). */
  #checkModelMedia(): void {
    const { model } = this.#scope;
    if (model.family === "gemini") return;
    refuseBlock(this.#scope, "", `${model.id} takes no images or files in assistant messages`);
  }

  #open(role: Role): Part[] {
    if (this.#role !== role) {
      this.#close();
      this.#role = role;
    }
    this.#serverText = undefined;
    this.taken++;
    return this.#parts;
  }

  #close(): void {
    const parts = this.#role === "model" ? this.#modelParts() : this.#userParts();
    this.#parts = [];
    if (parts.length > 0) this.#contents.push({ role: this.#role, parts });
  }

  #modelParts(): Part[] {
    const parts = orderModelParts(this.#parts);
    signFirstCall(parts, this.#scope.model);
    return parts;
  }

  #userParts(): Part[] {
    if (this.#calls.size === 0) return this.#parts;
    const parts: Part[] = [];
    for (const [clientId, { id, name, response, messageIndex }] of this.#calls) {
      if (response === undefined) refuseUnpaired(clientId, messageIndex);
      parts.push({ functionResponse: { id, name, response } });
    }
    for (const { media } of this.#calls.values()) parts.push(...(media ?? []));
    for (const part of this.#parts) parts.push(part);
    this.#calls = new Map();
    return parts;
  }
}

/** The validator refuses these with Anthropic's words; what slips through must not become a request that the backend refuses. */
function refuseUnpaired(clientId: string, messageIndex: number): never {
  return refuse(
    `messages.${messageIndex}: each \`tool_use\` needs one \`tool_result\` in the next message, and no other: ${clientId}`,
  );
}
