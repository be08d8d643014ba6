import {
  type AnthropicError,
  assertNever,
  classifyFailure,
  type ErrorContext,
  type FailedAttempt,
  type Failure,
  judgeSoftLimit,
  type ModelInfo,
  nextStep,
  nextStepWithoutAccount,
  poolError,
  type SignatureReader,
  type Step,
  type StreamEvent,
  toAnthropicError,
} from "@agp/core";

import { sleep } from "../time/clock.ts";
import type { AttemptResult } from "./attempt.ts";
import { sessionKeyOf, type TranslatedJob, translateFor } from "./prepare.ts";
import { readyAccount } from "./ready-account.ts";
import { describeStep, failureFields } from "./request-log.ts";
import { sendAttempt } from "./send-attempt.ts";
import type { ServeJob, ServeResult, ServeServices } from "./serve-types.ts";

/**
 * Serves one prepared request: attempt after attempt, until one succeeds or the decisions of core say that nothing helps.
 * This is the only loop over attempts; it decides nothing itself.
 */
export async function serveMessage(services: ServeServices, job: ServeJob): Promise<ServeResult> {
  const signatures = await services.store.signatures.load(job.prepared.keys);
  return new ServeRun(services, job, signatures).run();
}

/** A failure before anything was sent: of the account's login or project. */
interface JudgedFailure {
  readonly kind: "judged";
  readonly failure: Failure;
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
  #accessToken: string | undefined;
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

  /** A background call to another family must not move the conversation's account. */
  get #stickyKey(): string {
    return `${this.#session}:${this.#model.family}`;
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
      session: this.#stickyKey,
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
    const { log } = this.#job;
    const translated = this.#translate();
    if ("status" in translated) return { kind: "failed", error: translated, code: translated.type };
    const model = this.#model.id;
    log.model = model;
    log.accountId = accountId;
    this.#tried.add(accountId);
    const endpoint = this.#endpoint();
    const startedAt = clock.now();
    const result = await this.#try(accountId, translated, endpoint);
    const record = { accountId, model, endpoint, ms: clock.now() - startedAt };
    switch (result.kind) {
      case "aborted":
        log.attempt({ ...record, outcome: "aborted" });
        return result;
      case "complete":
        log.attempt({ ...record, outcome: "ok" });
        pool.succeeded(accountId, model, this.#stickyKey, startedAt);
        return { kind: "complete", usage: result.end.usage };
      default: {
        const failure = this.#judge(result, accountId);
        const latest = { accountId, model, endpoint, failure };
        const step = this.#nextStep(latest);
        await pool.failed(accountId, model, failure, step);
        log.attempt({ ...record, ...failureFields(failure), step: describeStep(step) });
        this.#failed.push(latest);
        return this.#carryOut(step, failure);
      }
    }
  }

  async #try(
    accountId: string,
    translated: TranslatedJob,
    endpoint: string,
  ): Promise<AttemptResult | JudgedFailure> {
    const { pool } = this.#services;
    const { signal } = this.#job;
    pool.begin(accountId);
    try {
      const ready = await readyAccount(this.#services, accountId, this.#refusedToken, signal);
      if (ready.kind === "aborted") return ready;
      if (ready.kind === "failure") return { kind: "judged", failure: ready.failure };
      this.#accessToken = ready.accessToken;
      return await sendAttempt(this.#services, this.#job, {
        model: this.#model,
        endpoint,
        credentials: ready,
        translated,
        knownToolIds: this.#knownToolIds,
      });
    } finally {
      pool.end(accountId);
    }
  }

  #judge(
    result: Extract<AttemptResult, { kind: "failure" }> | JudgedFailure,
    accountId: string,
  ): Failure {
    const now = this.#services.clock.now();
    const failure =
      result.kind === "judged" ? result.failure : classifyFailure(result.failure, now);
    // The token that was refused is not sent again; another request may have fetched a newer one meanwhile.
    if (failure.class === "auth") this.#refusedToken = this.#accessToken;
    const quota = this.#services.pool.find(accountId)?.quotas.get(this.#model.id);
    return judgeSoftLimit(failure, quota, now);
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
      const out: StreamEvent[] = [];
      writer.abandonThinking(out);
      await this.#job.sink(out);
    }
    return AGAIN;
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
