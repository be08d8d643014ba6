/**
 * Types of Anthropic's Messages API, names verbatim.
 *
 * Source: anthropic-messages §3 (request) and §4 (response).
 */

export interface MessagesRequest {
  readonly model: string;
  readonly max_tokens: number;
  readonly messages: readonly MessageParam[];
  readonly system?: string | readonly TextBlockParam[];
  readonly stream?: boolean;
  readonly tools?: readonly ToolParam[];
  readonly tool_choice?: ToolChoice;
  readonly thinking?: ThinkingConfigParam;
  readonly output_config?: OutputConfig;
  /** Deprecated form of `output_config.format`. */
  readonly output_format?: OutputFormat | null;
  readonly stop_sequences?: readonly string[];
  readonly temperature?: number;
  readonly top_p?: number;
  readonly top_k?: number;
  readonly metadata?: { readonly user_id?: string | null };
}

/** The body of `count_tokens`: the same request without an answer's parameters. */
export type CountTokensRequest = Omit<MessagesRequest, "max_tokens" | "stream"> & {
  readonly max_tokens?: number;
};

export type Effort = "low" | "medium" | "high" | "xhigh" | "max";

export interface OutputConfig {
  readonly effort?: Effort | null;
  readonly format?: OutputFormat | null;
}

export interface OutputFormat {
  readonly type: "json_schema";
  readonly schema: JsonObject;
}

export type ThinkingDisplay = "summarized" | "omitted" | "updates" | null;

export type ThinkingConfigParam =
  | {
      readonly type: "enabled";
      readonly budget_tokens: number;
      readonly display?: ThinkingDisplay;
    }
  | { readonly type: "adaptive"; readonly display?: ThinkingDisplay }
  | { readonly type: "disabled" }
  | { readonly type: "between_tools" };

export type ToolChoice =
  | { readonly type: "auto"; readonly disable_parallel_tool_use?: boolean }
  | { readonly type: "any"; readonly disable_parallel_tool_use?: boolean }
  | { readonly type: "tool"; readonly name: string; readonly disable_parallel_tool_use?: boolean }
  | { readonly type: "none" };

/** A tool as a client declares it: its own function (`custom`), or one that Anthropic defined (`type` names it). */
export interface ToolParam {
  readonly name: string;
  readonly type?: string | null;
  readonly description?: string;
  readonly input_schema?: JsonObject;
  readonly defer_loading?: boolean;
  readonly input_examples?: readonly JsonObject[];
}

export type MessageParam =
  | { readonly role: "user"; readonly content: string | readonly UserBlockParam[] }
  | { readonly role: "assistant"; readonly content: string | readonly AssistantBlockParam[] }
  | {
      readonly role: "system";
      readonly content: string | readonly SystemBlockParam[];
      readonly output_config?: OutputConfig;
    };

export interface TextBlockParam {
  readonly type: "text";
  readonly text: string;
}

export type ImageMediaType = "image/jpeg" | "image/png" | "image/gif" | "image/webp";

export type ImageSource =
  | { readonly type: "base64"; readonly media_type: string; readonly data: string }
  | { readonly type: "url"; readonly url: string }
  | { readonly type: "file"; readonly file_id: string };

export interface ImageBlockParam {
  readonly type: "image";
  readonly source: ImageSource;
}

export type DocumentSource =
  | { readonly type: "base64"; readonly media_type: string; readonly data: string }
  | { readonly type: "text"; readonly media_type: string; readonly data: string }
  | {
      readonly type: "content";
      readonly content: string | readonly (TextBlockParam | ImageBlockParam)[];
    }
  | { readonly type: "url"; readonly url: string }
  | { readonly type: "file"; readonly file_id: string };

export interface DocumentBlockParam {
  readonly type: "document";
  readonly source: DocumentSource;
  readonly title?: string | null;
  readonly context?: string | null;
}

export interface SearchResultBlockParam {
  readonly type: "search_result";
  readonly source: string;
  readonly title: string;
  readonly content: readonly TextBlockParam[];
}

export interface ToolUseBlockParam {
  readonly type: "tool_use";
  readonly id: string;
  readonly name: string;
  readonly input: JsonObject;
}

export interface ToolReferenceBlockParam {
  readonly type: "tool_reference";
  readonly tool_name: string;
}

export type ToolResultContent =
  | TextBlockParam
  | ImageBlockParam
  | DocumentBlockParam
  | SearchResultBlockParam
  | ToolReferenceBlockParam;

export interface ToolResultBlockParam {
  readonly type: "tool_result";
  readonly tool_use_id: string;
  readonly content?: string | readonly ToolResultContent[];
  readonly is_error?: boolean;
}

export interface ThinkingBlockParam {
  readonly type: "thinking";
  readonly thinking: string;
  readonly signature: string;
}

export interface RedactedThinkingBlockParam {
  readonly type: "redacted_thinking";
  readonly data: string;
}

/** Types of blocks that only Anthropic's own servers make; they come back in the history of a resumed conversation. */
export type ServerToolBlockType =
  | "server_tool_use"
  | "web_search_tool_result"
  | "web_fetch_tool_result"
  | "code_execution_tool_result"
  | "bash_code_execution_tool_result"
  | "text_editor_code_execution_tool_result"
  | "tool_search_tool_result"
  | "mcp_tool_use"
  | "mcp_tool_result"
  | "compaction"
  | "fallback"
  | "advisor_tool_result";

/** Read leniently: whatever text it holds is kept, the rest is dropped. */
export interface ServerToolBlockParam {
  readonly type: ServerToolBlockType;
  readonly [key: string]: unknown;
}

/** `tool_addition` and `tool_removal` of a message of role system. */
export interface ToolChangeBlockParam {
  readonly type: "tool_addition" | "tool_removal";
  readonly [key: string]: unknown;
}

export type UserBlockParam =
  | TextBlockParam
  | ImageBlockParam
  | DocumentBlockParam
  | SearchResultBlockParam
  | ToolResultBlockParam
  | ServerToolBlockParam;

export type AssistantBlockParam =
  | TextBlockParam
  | ImageBlockParam
  | DocumentBlockParam
  | SearchResultBlockParam
  | ToolUseBlockParam
  | ThinkingBlockParam
  | RedactedThinkingBlockParam
  | ServerToolBlockParam;

export type SystemBlockParam = TextBlockParam | ToolChangeBlockParam;

export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

export type JsonObject = { readonly [key: string]: JsonValue };

// ---- the response ----

export type StopReason =
  | "end_turn"
  | "tool_use"
  | "max_tokens"
  | "stop_sequence"
  | "refusal"
  | "model_context_window_exceeded";

export interface Usage {
  input_tokens: number;
  cache_creation_input_tokens: number;
  cache_read_input_tokens: number;
  cache_creation: { ephemeral_5m_input_tokens: number; ephemeral_1h_input_tokens: number } | null;
  output_tokens: number;
  /** Null where the backend tells no count of thinking. */
  output_tokens_details: { thinking_tokens: number } | null;
  server_tool_use: { web_search_requests: number; web_fetch_requests: number } | null;
  service_tier: "standard" | null;
  inference_geo: null;
  speed: null;
}

export interface WebSearchCitation {
  readonly type: "web_search_result_location";
  readonly url: string;
  readonly title: string;
  readonly encrypted_index: string;
  readonly cited_text: string;
}

export interface TextBlock {
  type: "text";
  text: string;
  citations: WebSearchCitation[] | null;
}

export interface ThinkingBlock {
  type: "thinking";
  thinking: string;
  signature: string;
}

export interface ToolUseBlock {
  type: "tool_use";
  id: string;
  name: string;
  input: JsonObject;
  caller: { readonly type: "direct" };
}

export interface ServerToolUseBlock {
  type: "server_tool_use";
  id: string;
  name: "web_search";
  /** Without a query only in `content_block_start`. */
  input: { readonly query?: string };
  caller: { readonly type: "direct" };
}

export interface WebSearchResultBlock {
  type: "web_search_tool_result";
  tool_use_id: string;
  content: readonly {
    readonly type: "web_search_result";
    readonly url: string;
    readonly title: string;
    readonly encrypted_content: string;
    readonly page_age: null;
  }[];
  caller: { readonly type: "direct" };
}

export type ContentBlock =
  | TextBlock
  | ThinkingBlock
  | ToolUseBlock
  | ServerToolUseBlock
  | WebSearchResultBlock;

export interface RefusalDetails {
  readonly type: "refusal";
  readonly category: string | null;
  readonly explanation: string | null;
}

export interface Message {
  id: string;
  type: "message";
  role: "assistant";
  model: string;
  content: ContentBlock[];
  stop_reason: StopReason | null;
  stop_sequence: string | null;
  stop_details: RefusalDetails | null;
  container: null;
  diagnostics: null;
  usage: Usage;
}
