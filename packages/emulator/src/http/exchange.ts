import type { IncomingMessage, ServerResponse } from "node:http";
import type { Backend } from "../backend.ts";
import type { EndpointName, RecordedRequest } from "../record/journal.ts";

/** One call in progress. */
export interface Exchange {
  readonly backend: Backend;
  readonly endpoint: EndpointName;
  readonly url: URL;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly body: Buffer;
  readonly recorded: RecordedRequest;
  /** Aborts when the connection closes, also after a whole answer. */
  readonly signal: AbortSignal;
}
