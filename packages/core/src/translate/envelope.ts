import type { RequestType } from "../google/cloud-code.ts";
import type { GenerateContentRequest } from "../google/generate-content.ts";

export interface EnvelopeHead {
  /** The account's own Cloud Code project. */
  readonly project: string;
  readonly model: string;
  readonly userAgent: string;
  readonly requestType: RequestType;
  /** New for every HTTP attempt. */
  readonly requestId: string;
}

/**
 * The JSON of a translated request, made once for all attempts. A lone surrogate, which no UTF-8 can carry, becomes U+FFFD.
 *
 * Source: cloud-code §14 (1).
 */
export function serialiseRequest(request: GenerateContentRequest): string {
  const json = JSON.stringify(request);
  // JSON.stringify writes a pair as it stands and only a lone surrogate as an escape, so that this search nearly always
  // fails, at the speed of memory.
  return json.includes("\\ud") ? json.replace(ESCAPE, withoutLoneSurrogate) : json;
}

/** An escaped backslash is matched as well, so that the text `\ud800` in somebody's source code stays as it is. */
const ESCAPE = /\\(?:\\|ud[89a-f][0-9a-f]{2})/g;

function withoutLoneSurrogate(escape: string): string {
  return escape === "\\\\" ? escape : "\ufffd";
}

/**
 * The body of one attempt: the envelope around a request that `serialiseRequest` made, so that a try with another account
 * does not serialise a megabyte again. Source: cloud-code §3.
 */
export function encodeEnvelope(head: EnvelopeHead, requestJson: string): string {
  const { project, model, userAgent, requestType, requestId } = head;
  const json = JSON.stringify({ project, model, userAgent, requestType, requestId });
  return `${json.slice(0, -1)},"request":${requestJson}}`;
}
