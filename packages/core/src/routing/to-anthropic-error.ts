/**
 * What the client is told when nothing is left to try. Claude Code prints the messages as they are, so each says which
 * model, until when, and what to do; none holds a token, an account's address or a link to verify it.
 *
 * Source: cloud-code §9.3 (column "client") and §9.4; anthropic-messages §7.
 */
import type { AnthropicError } from "../anthropic/errors.ts";
import type { ModelQuota } from "../pool/state.ts";
import { describeReset } from "./describe-time.ts";
import type { Failure, FailureClass } from "./failure.ts";
import { tooLongMessage } from "./too-long-message.ts";

export interface ErrorContext {
  /** As the client named it. */
  readonly model: string;
  /** Epoch ms. */
  readonly now: number;
  /** The earliest reset over all accounts that may serve the model, epoch ms. */
  readonly servesAgainAt?: number;
  /** The last known figure of the model, for a refusal without a reason. */
  readonly quota?: ModelQuota;
  /** The model's window, and the estimate of the prompt's tokens, for a prompt that is too long. */
  readonly contextTokens?: number;
  readonly inputTokens?: number;
}

type Render = (failure: Failure, context: ErrorContext) => AnthropicError;

/** Beyond this an SDK would sleep the delay out in silence. Source: cloud-code §9.4. */
const LONGEST_RETRY_AFTER_SECONDS = 60;
const LIST = "`agp accounts list` shows the accounts and what to do.";

/** One row for each class of failure. */
const RENDERERS = {
  quota: limited(60, "its quota is used up on every account that may serve it"),
  credits: limited(60, "its quota and the AI credits are used up"),
  rate: limited(30, "the backend accepts no more requests at the moment"),
  soft,
  capacity: (failure, { model }) =>
    overloaded(failure, `The backend has no capacity for ${model} at the moment.`),
  overloaded: (failure, { model }) =>
    overloaded(failure, `The backend is overloaded (${model}): ${failure.message}`),
  auth: unusable("Google refused the account's login"),
  oauth_client: () => ({
    ...noAccountHelps,
    message:
      "Google refused the OAuth client of this server: check GOOGLE_OAUTH_CLIENT_ID and GOOGLE_OAUTH_CLIENT_SECRET, then restart it.",
  }),
  validation: unusable("Google wants the account's owner to verify it"),
  banned: unusable("Google suspended the account, and the request was not sent by another one"),
  project: unusable("the account's Cloud Code project does not serve"),
  denied: unusable("Google denied the account access"),
  location: unusable("Google does not serve the account at this location"),
  signature: badRequest,
  bad_request: badRequest,
  too_long: (failure, context) => ({
    status: 400,
    type: "invalid_request_error",
    message: tooLongMessage(failure.message, context),
  }),
  not_found: (_failure, { model }) => ({
    status: 404,
    type: "not_found_error",
    message: `model: ${model}`,
  }),
  timeout: ({ message }, { model }) => ({
    status: 504,
    type: "timeout_error",
    message: `${model}: ${message}`,
  }),
  too_large: () => ({
    status: 413,
    type: "request_too_large",
    message:
      "The request is larger than the backend accepts: send fewer or smaller images and documents.",
  }),
  server,
  unimplemented: ({ message }, { model }) => ({
    status: 500,
    type: "api_error",
    message: `The backend does not know this kind of request (${model}): ${message}`,
    shouldRetry: false,
  }),
  client_gate: ({ message }, { model }) => ({
    status: 400,
    type: "invalid_request_error",
    message: `The backend refuses to serve ${model} to this client: "${message}" Choose another model, or set the headers that it expects in config.json.`,
    shouldRetry: false,
  }),
  network: ({ message }, { model }) => ({
    status: 503,
    type: "api_error",
    message: `${model}: ${message} Check the server's network; \`agp status\` shows the endpoints.`,
  }),
  empty: (_failure, { model }) => ({
    status: 500,
    type: "api_error",
    message: `empty answer: the backend gave none for ${model}, again and again. Change the request, or choose another model.`,
    shouldRetry: false,
  }),
  malformed: ({ message }, { model }) => ({
    status: 500,
    type: "api_error",
    message: `malformed answer of ${model}, again and again: ${message}`,
    shouldRetry: false,
  }),
  cut: (_failure, { model }) => ({
    status: 500,
    type: "api_error",
    message: `upstream ended early: the answer of ${model} was cut off.`,
  }),
} as const satisfies Record<FailureClass, Render>;

/**
 * The client's error for the failure that remains.
 *
 * Source: cloud-code §9.3 and §9.4.
 */
export function toAnthropicError(failure: Failure, context: ErrorContext): AnthropicError {
  const renderers: Record<FailureClass, Render> = RENDERERS;
  return renderers[failure.class](failure, context);
}

/** 429 until `servesAgainAt` (epoch ms), with the words for why. Source: cloud-code §9.4. */
export function rateLimitError(
  why: string,
  servesAgainAt: number,
  { model, now }: Pick<ErrorContext, "model" | "now">,
): AnthropicError {
  const retryAfterSeconds = Math.max(1, Math.ceil((servesAgainAt - now) / 1000));
  return {
    status: 429,
    type: "rate_limit_error",
    message: `${model} is limited: ${why}. It serves again ${describeReset(servesAgainAt, now)}. Until then use another model; ${LIST}`,
    retryAfterSeconds,
    ...(retryAfterSeconds > LONGEST_RETRY_AFTER_SECONDS ? { shouldRetry: false } : {}),
  };
}

/** 503 that a retry cannot cure: `why` says what is wrong with the accounts. Source: cloud-code §9.4. */
export function noUsableAccountError(why: string, nextStep = LIST): AnthropicError {
  return { ...noAccountHelps, message: `${why} ${nextStep}` };
}

const noAccountHelps = { status: 503, type: "api_error", shouldRetry: false } as const;

function limited(defaultSeconds: number, why: string): Render {
  return ({ waitMs }, context) => {
    const told = context.now + (waitMs ?? defaultSeconds * 1000);
    return rateLimitError(why, context.servesAgainAt ?? told, context);
  };
}

/** Short, since another try may well be served; a client that repeats ten times is done in about two minutes. */
const SOFT_RETRY_AFTER_SECONDS = 10;

function soft(_failure: Failure, { model, quota }: ErrorContext): AnthropicError {
  const shown =
    quota?.remainingFraction === undefined
      ? "no quota figure is known"
      : `the last quota figure shows ${Math.round(quota.remainingFraction * 100)} % left`;
  return {
    status: 429,
    type: "rate_limit_error",
    message: `The backend refused the request to ${model} and gave no reason; ${shown}. It may be a rate limit, or this kind of request: try again in a moment, or use another model.`,
    retryAfterSeconds: SOFT_RETRY_AFTER_SECONDS,
  };
}

function overloaded({ waitMs }: Failure, message: string): AnthropicError {
  const seconds = Math.ceil((waitMs ?? 10_000) / 1000);
  return {
    status: 529,
    type: "overloaded_error",
    message: `${message} Try again in a moment, or use another model.`,
    retryAfterSeconds: Math.min(30, Math.max(5, seconds)),
  };
}

/** Whatever is behind a 502 or 503, the client hears "overloaded"; a 500 is an error of its own. */
function server(failure: Failure, { model }: ErrorContext): AnthropicError {
  const { status, message } = failure;
  if (status === 502 || status === 503) return overloaded(failure, `${model}: ${message}`);
  return { status: 500, type: "api_error", message: `${model}: ${message}` };
}

function unusable(why: string): Render {
  return (_failure, { model }) => noUsableAccountError(`${model} cannot be served: ${why}.`);
}

function badRequest({ message }: Failure): AnthropicError {
  return { status: 400, type: "invalid_request_error", message };
}
