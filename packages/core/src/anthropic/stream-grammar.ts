/** The first breach of the order of events, with the position of the event in the stream. */
export interface GrammarViolation {
  /** 0 for the first event; for a missing end the number of events. */
  readonly position: number;
  readonly message: string;
}

type Fields = Readonly<Record<string, unknown>>;

type State =
  | { readonly kind: "unstarted" }
  | { readonly kind: "between_blocks" }
  | OpenBlock
  /** After message_delta. */
  | { readonly kind: "stopping" }
  | { readonly kind: "ended" };

interface OpenBlock {
  readonly kind: "open";
  readonly type: string;
  /** Position of the last delta's type in the block's order of deltas. */
  rank: number;
  /** Concatenated `partial_json`. */
  json: string;
}

/** What the deltas of a block may be, in their order. Source: anthropic-messages §6.1. */
const DELTAS: Readonly<Record<string, readonly string[]>> = {
  text: ["text_delta", "citations_delta"],
  thinking: ["thinking_delta", "signature_delta"],
  redacted_thinking: [],
  tool_use: ["input_json_delta"],
  server_tool_use: ["input_json_delta"],
  web_search_tool_result: [],
};

const DELTA_FIELDS: Readonly<Record<string, readonly [name: string, type: string]>> = {
  text_delta: ["text", "string"],
  citations_delta: ["citation", "object"],
  thinking_delta: ["thinking", "string"],
  signature_delta: ["signature", "string"],
  input_json_delta: ["partial_json", "string"],
};

/** Fields of a block that its deltas fill: empty at its start. */
const EMPTY_AT_START: Readonly<Record<string, readonly string[]>> = {
  text: ["text"],
  thinking: ["thinking", "signature"],
};

/**
 * Checks that events come in the order that clients accept. For tests: it takes the events as they are or as parsed from the
 * wire, and remembers the first violation.
 *
 *     stream = message_start *ping *( block *ping ) message_delta message_stop
 *            / [ message_start *ping *( block *ping ) [ open-block ] ] error
 *
 * Source: anthropic-messages §6.1.
 */
export class GrammarChecker {
  #state: State = { kind: "unstarted" };
  #position = 0;
  #index = 0;
  #violation: GrammarViolation | undefined;

  /** Takes the next event; returns the first violation so far. */
  check(event: unknown): GrammarViolation | undefined {
    if (this.#violation !== undefined) return this.#violation;
    const message = isFields(event) ? this.#event(event) : "an event is an object";
    if (message !== undefined) this.#violation = { position: this.#position, message };
    this.#position += 1;
    return this.#violation;
  }

  /** The stream ended; returns the first violation, which may be that the message did not end. */
  end(): GrammarViolation | undefined {
    if (this.#violation === undefined && this.#state.kind !== "ended") {
      this.#violation = { position: this.#position, message: "the stream ends before the message" };
    }
    return this.#violation;
  }

  #event(event: Fields): string | undefined {
    const { type } = event;
    if (this.#state.kind === "ended") return `${String(type)} after the end`;
    switch (type) {
      case "message_start":
        return this.#messageStart(event["message"]);
      case "ping":
        return this.#state.kind === "unstarted" ? "ping before message_start" : undefined;
      case "content_block_start":
        return this.#blockStart(event);
      case "content_block_delta":
        return this.#blockDelta(event);
      case "content_block_stop":
        return this.#blockStop(event);
      case "message_delta":
        return this.#messageDelta(event);
      case "message_stop":
        if (this.#state.kind !== "stopping") return "message_stop without message_delta";
        this.#state = { kind: "ended" };
        return undefined;
      case "error":
        return this.#error(event["error"]);
      default:
        return `unknown event ${String(type)}`;
    }
  }

  #messageStart(message: unknown): string | undefined {
    if (this.#state.kind !== "unstarted") return "second message_start";
    if (!isFields(message)) return "message_start without a message";
    if (typeof message["id"] !== "string" || !message["id"].startsWith("msg_")) return "bad id";
    if (message["type"] !== "message" || message["role"] !== "assistant") return "bad type or role";
    if (typeof message["model"] !== "string") return "no model";
    if (!Array.isArray(message["content"]) || message["content"].length > 0) {
      return "message_start with content";
    }
    if (message["stop_reason"] !== null || message["stop_sequence"] !== null) {
      return "message_start with a stop reason";
    }
    this.#state = { kind: "between_blocks" };
    return usageProblem(message["usage"]);
  }

  #blockStart(event: Fields): string | undefined {
    if (this.#state.kind !== "between_blocks") return `block start while ${this.#state.kind}`;
    if (event["index"] !== this.#index) return `block start with index ${String(event["index"])}`;
    const block = event["content_block"];
    if (!isFields(block)) return "block start without a block";
    const type = String(block["type"]);
    if (DELTAS[type] === undefined) return `unknown block ${type}`;
    const filled = EMPTY_AT_START[type]?.find((field) => block[field] !== "");
    if (filled !== undefined) return `block start with ${filled}`;
    if (type.endsWith("tool_use")) {
      if (!isFields(block["input"]) || Object.keys(block["input"]).length > 0) {
        return "block start with input";
      }
      if (typeof block["id"] !== "string" || typeof block["name"] !== "string") {
        return "call without id or name";
      }
    }
    this.#state = { kind: "open", type, rank: 0, json: "" };
    return undefined;
  }

  #blockDelta(event: Fields): string | undefined {
    const state = this.#state;
    if (state.kind !== "open") return "delta without an open block";
    if (event["index"] !== this.#index) return `delta with index ${String(event["index"])}`;
    const delta = event["delta"];
    if (!isFields(delta)) return "delta without content";
    const type = String(delta["type"]);
    const rank = DELTAS[state.type]?.indexOf(type) ?? -1;
    if (rank === -1) return `${type} in a ${state.type} block`;
    if (rank < state.rank) return `${type} out of order`;
    if (type === "signature_delta" && state.rank === rank) return "second signature_delta";
    const field = DELTA_FIELDS[type];
    if (field === undefined || typeof delta[field[0]] !== field[1]) return `${type} without value`;
    state.rank = rank;
    if (type === "input_json_delta") state.json += String(delta["partial_json"]);
    return undefined;
  }

  #blockStop(event: Fields): string | undefined {
    const state = this.#state;
    if (state.kind !== "open") return "block stop without an open block";
    if (event["index"] !== this.#index) return `block stop with index ${String(event["index"])}`;
    if (state.json !== "" && !isJsonObject(state.json)) return "input is no JSON object";
    this.#state = { kind: "between_blocks" };
    this.#index += 1;
    return undefined;
  }

  #messageDelta(event: Fields): string | undefined {
    if (this.#state.kind !== "between_blocks") return `message_delta while ${this.#state.kind}`;
    const delta = event["delta"];
    if (!isFields(delta) || typeof delta["stop_reason"] !== "string") return "no stop reason";
    this.#state = { kind: "stopping" };
    return usageProblem(event["usage"]);
  }

  #error(error: unknown): string | undefined {
    if (this.#state.kind === "stopping") return "error after message_delta";
    if (!isFields(error)) return "error event without an error";
    if (typeof error["type"] !== "string" || typeof error["message"] !== "string") {
      return "error without type or message";
    }
    this.#state = { kind: "ended" };
    return undefined;
  }
}

/** Checks a whole stream; returns the first violation. */
export function checkStreamGrammar(events: Iterable<unknown>): GrammarViolation | undefined {
  const checker = new GrammarChecker();
  for (const event of events) checker.check(event);
  return checker.end();
}

const TOKEN_COUNTS = [
  "input_tokens",
  "output_tokens",
  "cache_creation_input_tokens",
  "cache_read_input_tokens",
];

function usageProblem(usage: unknown): string | undefined {
  if (!isFields(usage)) return "no usage";
  const wrong = TOKEN_COUNTS.find((name) => {
    const count = usage[name];
    return typeof count !== "number" || !Number.isInteger(count) || count < 0;
  });
  return wrong === undefined ? undefined : `usage.${wrong} is no count`;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isJsonObject(text: string): boolean {
  try {
    return isFields(JSON.parse(text));
  } catch {
    return false;
  }
}
