import { assertNever } from "../assert-never.ts";
import { retryDelayMs } from "../google/retry-delay.ts";
import { readRpcStatus, type RpcStatus } from "../google/rpc-status.ts";
import { validationUrlOf } from "../google/validation-url.ts";
import { failureRow } from "./failure-table.ts";
import type { AnswerProblem, Failure, FailureClass, UpstreamFailure } from "./failure.ts";
import { redactSecrets } from "./redact-secrets.ts";

type TimeoutPhase = Extract<UpstreamFailure, { kind: "timeout" }>["phase"];

/** Source: cloud-code §1.1 (before the headers: as a network failure) and §9.3. */
const TIMEOUTS = {
  connect: { class: "network", message: "The backend did not accept a connection in time." },
  first_byte: { class: "timeout", message: "The backend sent no answer in time." },
  idle: { class: "timeout", message: "The backend fell silent in the middle of its answer." },
} as const satisfies Record<TimeoutPhase, { class: FailureClass; message: string }>;

/** Source: cloud-code §5.2, §7.4, §7.5 and §9.3. */
const ANSWER_PROBLEMS = {
  empty: { class: "empty", message: "The backend gave an empty answer." },
  malformed: { class: "malformed", message: "The backend gave a malformed answer." },
  cut: { class: "cut", message: "The backend ended its answer early." },
  client_gate: { class: "client_gate", message: "The backend does not serve this client." },
  not_json: { class: "malformed", message: "The backend's answer is not the JSON asked for." },
} as const satisfies Record<AnswerProblem, { class: FailureClass; message: string }>;

/**
 * Judges one failed attempt by the table of failures; `now` is epoch ms. Never throws, whatever the backend sent; the
 * message is one sentence without secrets.
 *
 * Source: cloud-code §9.3.
 */
export function classifyFailure(failure: UpstreamFailure, now: number): Failure {
  switch (failure.kind) {
    case "http":
      return classifyHttp(failure, now);
    case "stream_error": {
      const rpc = readRpcStatus(failure.body);
      return classifyStatus({ status: rpc.code ?? 500, rpc, headers: {}, now });
    }
    case "network": {
      const code = /^[A-Z0-9_]{1,64}$/.test(failure.code) ? failure.code : "UNKNOWN";
      const message = `The connection to the backend failed (${code}).`;
      return { class: "network", reason: code, message };
    }
    case "timeout":
      return { ...TIMEOUTS[failure.phase], reason: `${failure.phase}_timeout` };
    case "answer": {
      const problem = ANSWER_PROBLEMS[failure.problem];
      const message = redactSecrets(failure.message) || problem.message;
      return { class: problem.class, reason: failure.problem, message };
    }
    default:
      return assertNever(failure);
  }
}

type HttpFailure = Extract<UpstreamFailure, { kind: "http" }>;

function classifyHttp({ status, headers, body }: HttpFailure, now: number): Failure {
  const rpc = readRpcStatus(body);
  // A 200 that is an error counts by the code inside (§9.3, row "200 body {error}").
  const judged = status >= 200 && status < 300 ? (rpc.code ?? status) : status;
  return classifyStatus({ status: judged, rpc, headers, now });
}

function classifyStatus(answer: {
  readonly status: number;
  readonly rpc: RpcStatus;
  readonly headers: Readonly<Record<string, string>>;
  readonly now: number;
}): Failure {
  const { status, rpc, headers, now } = answer;
  const delayMs = retryDelayMs({ status: rpc, headers, now });
  const row = failureRow({ status, rpc, ...(delayMs === undefined ? {} : { delayMs }) });
  const waitMs = delayMs ?? row?.defaultDelayMs;
  const rowClass = row?.class ?? "server";
  const validationUrl = rowClass === "validation" ? validationUrlOf(rpc) : undefined;
  return {
    class: rowClass,
    status,
    message:
      redactSecrets(rpc.message) || `The backend answered HTTP ${status} and gave no reason.`,
    ...(rpc.reason === undefined ? {} : { reason: rpc.reason }),
    ...(waitMs === undefined ? {} : { waitMs }),
    ...(validationUrl === undefined ? {} : { validationUrl }),
    ...(rpc.fieldViolations.length === 0 ? {} : { fieldViolations: rpc.fieldViolations }),
    ...(rpc.upstreamRequestId === undefined ? {} : { upstreamRequestId: rpc.upstreamRequestId }),
  };
}
