import type { AnthropicErrorType } from "./errors.ts";
import type {
  ContentBlock,
  Message,
  RefusalDetails,
  StopReason,
  Usage,
  WebSearchCitation,
} from "./messages.ts";

/**
 * The events of a stream as a client sees them.
 *
 *     stream = message_start *ping *( block *ping ) message_delta message_stop
 *            / [ message_start *ping *( block *ping ) [ open-block ] ] error
 *     block  = content_block_start *( content_block_delta / ping ) content_block_stop
 *
 * Source: anthropic-messages §6.1.
 */
export type StreamEvent =
  | { readonly type: "message_start"; readonly message: Message }
  | {
      readonly type: "content_block_start";
      readonly index: number;
      readonly content_block: ContentBlock;
    }
  | { readonly type: "content_block_delta"; readonly index: number; readonly delta: BlockDelta }
  | { readonly type: "content_block_stop"; readonly index: number }
  | {
      readonly type: "message_delta";
      readonly delta: {
        readonly stop_reason: StopReason;
        readonly stop_sequence: string | null;
        readonly stop_details: RefusalDetails | null;
        readonly container: null;
      };
      readonly usage: Usage;
    }
  | { readonly type: "message_stop" }
  | { readonly type: "ping" }
  | {
      readonly type: "error";
      readonly error: { readonly type: AnthropicErrorType; readonly message: string };
      readonly request_id?: string;
    };

export type BlockDelta =
  | { readonly type: "text_delta"; readonly text: string }
  | { readonly type: "citations_delta"; readonly citation: WebSearchCitation }
  | { readonly type: "thinking_delta"; readonly thinking: string }
  | { readonly type: "signature_delta"; readonly signature: string }
  | { readonly type: "input_json_delta"; readonly partial_json: string };
