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
export type * from "./models/catalogue.ts";
export type * from "./pool/state.ts";
export type * from "./routing/failure.ts";
export type { SseOverflow } from "./sse/decode.ts";
export { MAX_EVENT_CHARACTERS, SseDecoder } from "./sse/decode.ts";
export { encodeEvent, encodeEvents } from "./sse/encode.ts";
export type { AnswerEnd, AnswerFacts, StreamOptions } from "./translate/answer.ts";
export type * from "./translate/context.ts";
export { isKnownFinishReason } from "./translate/finish-reason.ts";
export type { Committed, MessageEnd, MessageHead } from "./translate/message-writer.ts";
export { MessageWriter } from "./translate/message-writer.ts";
export { collectMessage } from "./translate/response.ts";
export { StreamTranslator } from "./translate/stream.ts";
