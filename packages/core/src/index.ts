export type * from "./anthropic/errors.ts";
export { errorEnvelope, invalidRequest } from "./anthropic/errors.ts";
export { estimateTokens } from "./anthropic/estimate-tokens.ts";
export type { IgnoreRule } from "./anthropic/ignored-fields.ts";
export { IGNORED_FIELDS } from "./anthropic/ignored-fields.ts";
export type * from "./anthropic/messages.ts";
export { MAX_JSON_DEPTH } from "./anthropic/nesting.ts";
export type * from "./anthropic/stream-events.ts";
export type { GrammarViolation } from "./anthropic/stream-grammar.ts";
export { GrammarChecker, checkStreamGrammar } from "./anthropic/stream-grammar.ts";
export type { ToolKind } from "./anthropic/tool-kind.ts";
export { DEFERRED_TOOL_PLACEHOLDER, toolKindOf } from "./anthropic/tool-kind.ts";
export type { Validation, ValidationOptions } from "./anthropic/validate-request.ts";
export {
  validateCountTokensRequest,
  validateMessagesRequest,
} from "./anthropic/validate-request.ts";
export { assertNever } from "./assert-never.ts";
export { UserError } from "./errors.ts";
export type * from "./google/cloud-code.ts";
export type * from "./google/generate-content.ts";
export type { AccountSetup, Onboarding, Subscription } from "./google/load-code-assist.ts";
export {
  loadCodeAssistBody,
  onboardUserBody,
  readLoadCodeAssist,
  readOnboarding,
} from "./google/load-code-assist.ts";
export type { QuotaFigure, QuotaGroup, QuotaWindow } from "./google/quota.ts";
export { readModelQuotas, readQuotaSummary, readUserQuota } from "./google/quota.ts";
export type { RpcStatus } from "./google/rpc-status.ts";
export { readRpcStatus } from "./google/rpc-status.ts";
export { formatMinute, parseRfc3339 } from "./google/timestamp.ts";
export { BUILT_IN_CATALOGUE, BUILT_IN_MODELS } from "./models/built-in.ts";
export { catalogueFrom, webSearchModelOf } from "./models/catalogue-from.ts";
export type * from "./models/catalogue.ts";
export { familyOf } from "./models/family.ts";
export type { ExtraName, ListedModel, ModelCapabilities } from "./models/list-models.ts";
export { listModels } from "./models/list-models.ts";
export { modelInfoFrom } from "./models/model-info.ts";
export type { ModelPage, PageQuery, Pagination } from "./models/paginate-models.ts";
export { modelById, paginateModels } from "./models/paginate-models.ts";
export { validateForModel } from "./models/validate-for-model.ts";
export type { FailureOutcome, SuccessOutcome } from "./pool/apply.ts";
export { applyFailure, applySuccess } from "./pool/apply.ts";
export type { AvailabilityInput, Unavailable } from "./pool/availability.ts";
export { isAvoided, unavailable } from "./pool/availability.ts";
export { fullJitterMs } from "./pool/backoff.ts";
export { quotaPoolOf } from "./pool/quota-pool.ts";
export type { PassedOver, SelectInput, Selection } from "./pool/select.ts";
export { select } from "./pool/select.ts";
export type { SessionKeyInput, SessionRequest } from "./pool/session-key.ts";
export { sessionKey } from "./pool/session-key.ts";
export type * from "./pool/state.ts";
export type { Budget, SpentReason } from "./routing/budget.ts";
export { MAX_ATTEMPTS, MAX_TOTAL_MS } from "./routing/budget.ts";
export { classifyFailure } from "./routing/classify-failure.ts";
export type * from "./routing/failure.ts";
export { judgeSoftLimit } from "./routing/judge-soft-limit.ts";
export type {
  StepWithoutAccount,
  WithoutAccountInput,
} from "./routing/next-step-without-account.ts";
export { nextStepWithoutAccount } from "./routing/next-step-without-account.ts";
export type {
  FailedAttempt,
  GiveUpReason,
  SentToClient,
  Step,
  StepInput,
} from "./routing/next-step.ts";
export { nextStep } from "./routing/next-step.ts";
export { poolError, queueFullError } from "./routing/pool-error.ts";
export type { Resolution, ResolveOptions, RoutePlan, Routing } from "./routing/resolve-model.ts";
export { planRoute, resolveModel } from "./routing/resolve-model.ts";
export type { ErrorContext } from "./routing/to-anthropic-error.ts";
export {
  noUsableAccountError,
  rateLimitError,
  toAnthropicError,
} from "./routing/to-anthropic-error.ts";
export type { SseOverflow } from "./sse/decode.ts";
export { MAX_EVENT_CHARACTERS, SseDecoder } from "./sse/decode.ts";
export { encodeEvent, encodeEvents } from "./sse/encode.ts";
export type { AnswerEnd, AnswerFacts, StreamOptions } from "./translate/answer.ts";
export type * from "./translate/context.ts";
export type { DropRule } from "./translate/dropped.ts";
export { DROP_RULES } from "./translate/dropped.ts";
export type { EnvelopeHead } from "./translate/envelope.ts";
export {
  encodeEnvelope,
  openEnvelope,
  requestPieces,
  serialiseRequest,
} from "./translate/envelope.ts";
export { isKnownFinishReason } from "./translate/finish-reason.ts";
export type { Committed, MessageEnd, MessageHead } from "./translate/message-writer.ts";
export { MessageWriter } from "./translate/message-writer.ts";
export { translateRequest } from "./translate/request.ts";
export { collectMessage } from "./translate/response.ts";
export { createSchemaCache } from "./translate/schema/schema-cache.ts";
export type { SignatureKeys } from "./translate/signature-keys.ts";
export { signatureKeys } from "./translate/signature-keys.ts";
export { StreamTranslator } from "./translate/stream.ts";
export { isWebSearchOnly } from "./translate/web-search-only.ts";
