import type { IncomingHttpHeaders } from "node:http";

import type {
  AnthropicError,
  MessageWriter,
  TranslationContext,
  TranslationSettings,
  Usage,
} from "@agp/core";

import type { AccountPool } from "../accounts/account-pool.ts";
import type { ProjectSource } from "../accounts/project-source.ts";
import type { TokenSource } from "../accounts/tokens.ts";
import type { Caller } from "../http/authenticate.ts";
import type { Store } from "../store/store.ts";
import type { Clock } from "../time/clock.ts";
import type { CloudCode } from "../upstream/cloud-code.ts";
import type { EventSink } from "./attempt.ts";
import type { PreparedRequest } from "./prepare.ts";
import type { RequestLog } from "./request-log.ts";

/** What serving a request needs of the server. */
export interface ServeServices {
  readonly cloudCode: CloudCode;
  readonly tokens: TokenSource;
  readonly projects: ProjectSource;
  readonly store: Store;
  readonly pool: AccountPool;
  readonly clock: Clock;
  /** [0, 1). */
  readonly random: () => number;
  readonly settings: TranslationSettings;
  readonly schemaCache: NonNullable<TranslationContext["schemaCache"]>;
  readonly envelopeUserAgent: string;
  readonly maxWaitMs: number;
}

/** One client request. */
export interface ServeJob {
  readonly requestId: string;
  readonly prepared: PreparedRequest;
  readonly caller: Caller;
  readonly headers: IncomingHttpHeaders;
  /** The writer for the next attempt: the same one behind a stream that has begun, a new one where nothing was sent. */
  readonly writer: () => MessageWriter;
  readonly sink: EventSink;
  readonly signal: AbortSignal;
  readonly log: RequestLog;
}

/** How it ended for the client. */
export type ServeResult =
  | { readonly kind: "complete"; readonly usage: Usage }
  | { readonly kind: "failed"; readonly error: AnthropicError; readonly code: string }
  | { readonly kind: "aborted" };
