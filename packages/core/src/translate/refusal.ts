import { invalidRequest } from "../anthropic/errors.ts";
import type { AnthropicError } from "../anthropic/errors.ts";
import type { TranslationScope } from "./scope.ts";

/** Ends a translation with an error for the client; thrown by blocks and parameters, caught in `request.ts` alone. */
export class Refusal extends Error {
  readonly error: AnthropicError;

  constructor(error: AnthropicError) {
    super(error.message);
    this.error = error;
  }
}

/** Ends the translation with a 400; `message` begins with the path of what is wrong. Source: anthropic-messages §7.2. */
export function refuse(message: string): never {
  throw new Refusal(invalidRequest(message));
}

/** Ends the translation with a 400 about the block that is being translated; `field` as `source.media_type`, or empty. */
export function refuseBlock(scope: TranslationScope, field: string, message: string): never {
  const block = `messages.${scope.messageIndex}.content.${scope.blockIndex}`;
  return refuse(`${field === "" ? block : `${block}.${field}`}: ${message}`);
}
