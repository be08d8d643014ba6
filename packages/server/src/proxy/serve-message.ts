import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

import {
  type AnthropicError,
  assertNever,
  classifyFailure,
  encodeEnvelope,
  type ErrorContext,
  type FailedAttempt,
  type Failure,
  judgeSoftLimit,
  type MessageWriter,
  type ModelInfo,
  nextStep,
  nextStepWithoutAccount,
  poolError,
  type SignatureReader,
  type Step,
  StreamTranslator,
  toAnthropicError,
  type TranslationContext,
  type TranslationSettings,
  type Usage,
} from "@agp/core";

import type { AccountPool } from "../accounts/account-pool.ts";
import type { ProjectSource } from "../accounts/project-source.ts";
import type { TokenSource } from "../accounts/tokens.ts";
import type { Caller } from "../http/authenticate.ts";
import { randomId } from "../http/request-id.ts";
import type { Logger } from "../logging/logger.ts";
import type { Store } from "../store/store.ts";
import { type Clock, sleep } from "../time/clock.ts";
import type { CloudCode } from "../upstream/cloud-code.ts";
import { type AttemptResult, carryAnswer, type EventSink } from "./attempt.ts";
import { type PreparedRequest, sessionKeyOf, type TranslatedJob, translateFor } from "./prepare.ts";
import { type Credentials, readyAccount } from "./ready-account.ts";
import { failureFields, type RequestLog } from "./request-log.ts";

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
  readonly logger: Logger;
}

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

export type ServeResult =
  | { readonly kind: "complete"; readonly usage: Usage }
  | { readonly kind: "failed"; readonly error: AnthropicError; readonly code: string }
  | { readonly kind: "aborted" };

/**
 * Serves one prepared request: attempt after attempt, until one succeeds or the decisions of core say that nothing helps.
 * This is the only loop over attempts; it decides nothing itself.
 */
export async function serveMessage(services: ServeServices, job: ServeJob): Promise<ServeResult> {
  const signatures = await services.store.signatures.load(job.prepared.keys);
  return new ServeRun(services, job, signatures).run();
}

type Outcome = ServeResult | { readonly kind: "again" };

const AGAIN: Outcome = { kind: "again" };

class ServeRun {
  readonly #services: ServeServices;
  readonly #job: ServeJob;
  readonly #signatures: SignatureReader;
  readonly #startedAt: number;
  readonly #session: string;
  readonly #failed: FailedAttempt[] = [];
  readonly #tried = new Set<string>();
  readonly #knownToolIds: ReadonlySet<string>;
  #waitedMs = 0;
  #modelIndex = 0;
  #endpointIndex = 0;
  #accountId: string | undefined;
  #repairSignatures = false;
  #translated: TranslatedJob | undefined;
  #refusedToken: string | undefined;

  constructor(services: ServeServices, job: ServeJob, signatures: SignatureReader) {
    this.#services = services;
    this.#job = job;
    this.#signatures = signatures;
    this.#startedAt = services.clock.now();
    this.#session = sessionKeyOf(job.prepared.request, job.headers, this.#userId);
    this.#knownToolIds = new Set(job.prepared.keys.toolUseIds);
  }

  get #userId(): string | undefined {
    const { caller } = this.#job;
    return caller.kind === "user" ? caller.user.id : undefined;
  }

  get #model(): ModelInfo {
    const model = this.#job.prepared.candidates[this.#modelIndex];
    if (model === undefined) throw new Error("The plan has no model left");
    return model;
  }

  get #hasNextModel(): boolean {
    return this.#modelIndex + 1 < this.#job.prepared.candidates.length;
  }

  get #budget() {
    const { clock, maxWaitMs } = this.#services;
    return {
      now: clock.now(),
      startedAt: this.#startedAt,
      waitedMs: this.#waitedMs,
      maxWaitMs,
      attemptsMade: this.#failed.length,
    };
  }

  async run(): Promise<ServeResult> {
    for (;;) {
      if (this.#job.signal.aborted) return { kind: "aborted" };
      const outcome =
        this.#accountId === undefined ? await this.#choose() : await this.#attempt(this.#accountId);
      if (outcome.kind !== "again") return outcome;
    }
  }

  /** Chooses the account of the next attempt, or deals with there being none. */
  async #choose(): Promise<Outcome> {
    const { pool } = this.#services;
    const choice = pool.select({
      model: this.#model.id,
      session: this.#session,
      tried: this.#tried,
      userId: this.#userId,
    });
    if (choice.kind === "account") {
      this.#accountId = choice.id;
      return AGAIN;
    }
    const step = nextStepWithoutAccount({
      budget: this.#budget,
      hasNextModel: this.#hasNextModel,
      ...(choice.kind === "wait"
        ? { earliest: { model: this.#model.id, until: choice.until } }
        : {}),
    });
    switch (step.kind) {
      case "next_model":
        this.#nextModel();
        return AGAIN;
      case "wait":
        await this.#wait(step.afterMs);
        this.#tried.clear();
        return AGAIN;
      case "give_up": {
        const error = poolError(choice, this.#failed, this.#errorContext());
        return { kind: "failed", error, code: this.#failed.at(-1)?.failure.class ?? "no_account" };
      }
      default:
        return assertNever(step);
    }
  }

  async #attempt(accountId: string): Promise<Outcome> {
    const { pool, clock } = this.#services;
    const translated = this.#translate();
    if ("status" in translated) return { kind: "failed", error: translated, code: translated.type };
    const model = this.#model.id;
    this.#job.log.model = model;
    this.#job.log.accountId = accountId;
    this.#tried.add(accountId);
    const endpoint = this.#endpoint();
    const startedAt = clock.now();
    pool.begin(accountId);
    let result: AttemptResult | { readonly kind: "judged"; readonly failure: Failure };
    let credentials: Credentials | undefined;
    try {
      const ready = await readyAccount(
        this.#services,
        accountId,
        this.#refusedToken,
        this.#job.signal,
      );
      if (ready.kind === "ready") {
        credentials = ready;
        result = await this.#send(ready, translated, endpoint);
      } else if (ready.kind === "aborted") result = ready;
      else result = { kind: "judged", failure: ready.failure };
    } finally {
      pool.end(accountId);
    }
    const ms = clock.now() - startedAt;
    const record = { accountId, model, endpoint, ms };
    if (result.kind === "aborted") {
      this.#job.log.attempt({ ...record, outcome: "aborted" });
      return result;
    }
    if (result.kind === "complete") {
      this.#job.log.attempt({ ...record, outcome: "ok" });
      pool.succeeded(accountId, model, this.#session, startedAt);
      return { kind: "complete", usage: result.end.usage };
    }
    const classified =
      result.kind === "judged" ? result.failure : classifyFailure(result.failure, clock.now());
    const quota = pool.find(accountId)?.quotas.get(model);
    const failure = judgeSoftLimit(classified, quota, clock.now());
    if (failure.class === "auth") this.#refusedToken = credentials?.accessToken;
    const latest = { accountId, model, endpoint, failure };
    const step = this.#nextStep(latest);
    await pool.failed(accountId, model, failure, step);
    this.#job.log.attempt({ ...record, ...failureFields(failure), step: describe(step) });
    this.#failed.push(latest);
    return this.#carryOut(step, failure);
  }

  #nextStep(latest: FailedAttempt): Step {
    const committed = this.#job.writer().committed;
    return nextStep({
      latest,
      earlier: this.#failed,
      sent: committed === "started" ? "nothing" : committed,
      budget: this.#budget,
      endpoints: this.#services.cloudCode.endpoints.length,
      hasNextModel: this.#hasNextModel,
      random: this.#services.random(),
    });
  }

  async #carryOut(step: Step, failure: Failure): Promise<Outcome> {
    switch (step.kind) {
      case "retry":
        if (step.on === "other_endpoint") this.#endpointIndex += 1;
        await this.#wait(step.afterMs);
        return this.#again();
      case "refresh_token":
        return this.#again();
      case "rediscover_project":
        await this.#services.pool.forgetProject(this.#accountId ?? "");
        return this.#again();
      case "repair_signatures":
        await this.#services.store.signatures.forget(this.#job.prepared.keys);
        this.#repairSignatures = true;
        this.#translated = undefined;
        return this.#again();
      case "other_account":
        this.#accountId = undefined;
        return this.#again();
      case "next_model":
        this.#nextModel();
        return this.#again();
      case "give_up": {
        const error = toAnthropicError(failure, this.#errorContext());
        return { kind: "failed", error, code: failure.class };
      }
      default:
        return assertNever(step);
    }
  }

  /** Goes on with another attempt; a thinking block that the client saw half of is closed unsigned (cloud-code §7.7). */
  async #again(): Promise<Outcome> {
    const writer = this.#job.writer();
    if (writer.committed === "thinking") {
      const out: Parameters<EventSink>[0][number][] = [];
      writer.abandonThinking(out);
      await this.#job.sink(out);
    }
    return AGAIN;
  }

  #send(credentials: Credentials, job: TranslatedJob, endpoint: string): Promise<AttemptResult> {
    const { cloudCode, store, envelopeUserAgent } = this.#services;
    const { translated } = job;
    const model = this.#model;
    const body = encodeEnvelope(
      {
        project: credentials.projectId,
        model: model.id,
        userAgent: envelopeUserAgent,
        requestType: translated.requestType,
        requestId: `agent-${randomUUID()}`,
      },
      job.json,
    );
    const translator = new StreamTranslator(this.#job.writer(), {
      model,
      toolNames: translated.toolNames,
      showThinking: translated.showThinking,
      jsonOutput: translated.jsonOutput,
      webSearch: this.#job.prepared.isWebSearch,
      randomId,
      isKnownToolId: (id) => this.#knownToolIds.has(id),
      remember: (record) => store.signatures.remember([record], credentials.accountId),
    });
    const { signal } = this.#job;
    const call = { endpoint, accessToken: credentials.accessToken, body, signal };
    return cloudCode.stream(call).then((result) => carryAnswer(result, translator, this.#job.sink));
  }

  #translate(): TranslatedJob | AnthropicError {
    if (this.#translated !== undefined) return this.#translated;
    const result = translateFor(this.#job.prepared, {
      model: this.#model,
      signatures: this.#signatures,
      settings: this.#services.settings,
      schemaCache: this.#services.schemaCache,
      repairSignatures: this.#repairSignatures,
    });
    if (!("status" in result)) this.#translated = result;
    return result;
  }

  #errorContext(): ErrorContext {
    const { prepared } = this.#job;
    const model = this.#model;
    const quota =
      this.#accountId === undefined
        ? undefined
        : this.#services.pool.find(this.#accountId)?.quotas.get(model.id);
    return {
      model: prepared.request.model,
      now: this.#services.clock.now(),
      contextTokens: model.contextTokens,
      inputTokens: prepared.estimatedTokens,
      ...(quota === undefined ? {} : { quota }),
    };
  }

  #nextModel(): void {
    this.#modelIndex += 1;
    this.#accountId = undefined;
    this.#translated = undefined;
    this.#tried.clear();
  }

  #endpoint(): string {
    const { endpoints } = this.#services.cloudCode;
    return endpoints[this.#endpointIndex % endpoints.length] ?? "";
  }

  async #wait(ms: number): Promise<void> {
    if (ms <= 0) return;
    const before = this.#services.clock.now();
    await sleep(this.#services.clock, ms, this.#job.signal);
    const waited = Math.max(0, this.#services.clock.now() - before);
    this.#waitedMs += Math.max(ms, waited);
    this.#job.log.waited(waited);
  }
}

function describe(step: Step): string {
  if (step.kind === "retry") return `retry on ${step.on} after ${Math.round(step.afterMs)} ms`;
  return step.kind === "give_up" ? `give_up: ${step.reason}` : step.kind;
}
