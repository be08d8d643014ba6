import type { JsonObject } from "@agp/core";
import type { Answer, AnswerItem } from "../answer/answer.ts";
import type { Reply } from "../http/reply.ts";
import type { HttpErrorName } from "./http-errors.ts";

export type Ending = "reset" | "close" | "end" | "stall";

/** How the bytes of an answer travel, and where they stop. */
export interface Transport {
  /** Before anything is sent: connection reset, or silence until the client gives up. */
  readonly beforeHeaders?: "reset" | "stall";
  readonly firstByteDelayMs?: number;
  readonly cut?: {
    /** So many events, plus `bytes` of the next one (`mid-utf8`: up to the middle of its first long character). */
    readonly afterEvents?: number;
    readonly bytes?: number | "mid-utf8";
    /** So many bytes of the body in all, instead. */
    readonly afterBytes?: number;
    /** `reset`: TCP reset, 100 ms later, which may discard bytes that the client has not read; `close`: connection closed without the end of the body; `end`: a clean end; `stall`: silence. */
    readonly ending: Ending;
  };
  /** `bytes:N`: writes of N bytes; `events:N`: N events in a write; `random:SEED`: 1 to 64 bytes. Default: an event each. */
  readonly cuts?: `bytes:${number}` | `events:${number}` | `random:${number}`;
  /** More headers of the answer. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a prepared reaction does; what it leaves out is filled in by the default brain and transport. */
export interface Fragment extends Omit<Answer, "items"> {
  /** What the model says; default: what its brain makes of the conversation. */
  readonly answer?: readonly AnswerItem[];
  /** A whole answer instead of a stream, by name or as it is. */
  readonly httpError?: HttpErrorName | Reply;
  readonly transport?: Transport;
  /** Replaces `usageMetadata`; `null`: none at all. */
  readonly usage?: JsonObject | null;
}
