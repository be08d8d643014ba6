import { randomUUID } from "node:crypto";

import { openEnvelope, type ModelInfo, StreamTranslator } from "@agp/core";

import { randomId } from "../http/request-id.ts";
import { type AttemptResult, carryAnswer } from "./attempt.ts";
import type { TranslatedJob } from "./prepare.ts";
import type { Credentials } from "./ready-account.ts";
import type { ServeJob, ServeServices } from "./serve-types.ts";

export interface AttemptInput {
  readonly model: ModelInfo;
  readonly endpoint: string;
  readonly credentials: Credentials;
  readonly translated: TranslatedJob;
  /** Ids of the calls that the conversation has already. */
  readonly knownToolIds: ReadonlySet<string>;
}

const CLOSING_BRACE = Buffer.from("}");

/** Sends a translated request by one account to one endpoint, and carries its answer to the client. */
export async function sendAttempt(
  services: ServeServices,
  job: ServeJob,
  input: AttemptInput,
): Promise<AttemptResult> {
  const { cloudCode, store, envelopeUserAgent } = services;
  const { model, endpoint, credentials, knownToolIds } = input;
  const { translated, json } = input.translated;
  const head = openEnvelope({
    project: credentials.projectId,
    model: model.id,
    userAgent: envelopeUserAgent,
    requestType: translated.requestType,
    requestId: `agent-${randomUUID()}`,
  });
  const body = Buffer.concat([Buffer.from(head), json, CLOSING_BRACE]);
  const translator = new StreamTranslator(job.writer(), {
    model,
    toolNames: translated.toolNames,
    showThinking: translated.showThinking,
    jsonOutput: translated.jsonOutput,
    webSearch: job.prepared.isWebSearch,
    randomId,
    isKnownToolId: (id) => knownToolIds.has(id),
    remember: (record) => store.signatures.remember([record], credentials.accountId),
  });
  const { accessToken } = credentials;
  const result = await cloudCode.stream({ endpoint, accessToken, body, signal: job.signal });
  return carryAnswer(result, translator, job.sink);
}
