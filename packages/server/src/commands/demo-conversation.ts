/** The conversation that `demo --once` plays through the real server, as an ordinary client over HTTP. */

export interface ConversationOptions {
  readonly url: string;
  readonly model: string;
  readonly print: (line: string) => void;
}

interface Block {
  readonly type: string;
  readonly text?: string;
  readonly thinking?: string;
  readonly signature?: string;
  readonly id?: string;
  readonly name?: string;
  input?: unknown;
}

interface Turn {
  readonly content: readonly Block[];
  readonly stopReason: string;
  readonly usage: Readonly<Record<string, number>>;
  readonly firstMs: number;
  readonly totalMs: number;
}

const RED_PIXEL =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";

const TOOLS = [
  {
    name: "get_weather",
    description: "The weather in a city",
    input_schema: {
      type: "object",
      properties: { city: { type: "string" } },
      required: ["city"],
    },
  },
];

/** Long enough that the backend caches it: prefixes under 1024 tokens are not cached (cloud-code §3). */
const SYSTEM = `You are the demo's assistant. ${"Answer briefly, and use the tools you have. ".repeat(140)}`;

/** Plays the conversation; throws with the reason when an answer is not what it has to be. */
export async function playConversation(options: ConversationOptions): Promise<void> {
  const { print } = options;
  const messages: { role: string; content: unknown }[] = [];
  const say = async (title: string, content: unknown): Promise<Turn> => {
    messages.push({ role: "user", content });
    print(`\n> ${title}`);
    const turn = await ask(options, messages);
    messages.push({ role: "assistant", content: turn.content });
    for (const line of transcript(turn)) print(`  ${line}`);
    return turn;
  };

  const first = await say(
    "Compare the weather (streamed, thinking, two parallel tool calls)",
    'Compare the weather in Paris and Rome. [[call get_weather {"city":"Paris"}]] [[call get_weather {"city":"Rome"}]]',
  );
  const calls = first.content.filter((block) => block.type === "tool_use");
  expect(first.stopReason === "tool_use" && calls.length === 2, "two parallel tool calls");
  expect(
    first.content.some((block) => (block.signature ?? "") !== ""),
    "a signed thought",
  );

  const results = calls.map((call, index) => ({
    type: "tool_result",
    tool_use_id: call.id,
    content: index === 0 ? "18 degrees, rain" : "24 degrees, sun",
  }));
  const second = await say("18 degrees, rain · 24 degrees, sun (tool results)", results);
  expect(second.stopReason === "end_turn", "an answer to the tool results");

  const image = { type: "base64", media_type: "image/png", data: RED_PIXEL };
  const third = await say("What is in this image? (one PNG)", [
    { type: "image", source: image },
    { type: "text", text: "What is in this image?" },
  ]);
  expect((third.usage["cache_read_input_tokens"] ?? 0) > 0, "tokens from the prompt cache");
}

async function ask(
  { url, model }: ConversationOptions,
  messages: readonly unknown[],
): Promise<Turn> {
  const startedAt = performance.now();
  const response = await fetch(`${url}/v1/messages`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-api-key": "test",
      "anthropic-version": "2023-06-01",
    },
    body: JSON.stringify({
      model,
      max_tokens: 8000,
      stream: true,
      thinking: { type: "enabled", budget_tokens: 2000 },
      system: SYSTEM,
      tools: TOOLS,
      messages,
    }),
  });
  if (!response.ok || response.body === null) {
    throw new Error(`HTTP ${response.status}: ${await response.text()}`);
  }
  return collect(response.body, startedAt);
}

async function collect(body: ReadableStream<Uint8Array>, startedAt: number): Promise<Turn> {
  const content: Block[] = [];
  let stopReason = "";
  let usage: Record<string, number> = {};
  let firstMs = 0;
  let json = "";
  for await (const event of readEvents(body)) {
    if (firstMs === 0) firstMs = performance.now() - startedAt;
    if (event.type === "error") throw new Error(`stream failed: ${event.error?.message}`);
    if (event.type === "content_block_start" && event.content_block !== undefined) {
      content.push({ ...event.content_block });
      json = "";
    }
    const last = content.at(-1);
    if (event.type === "content_block_delta" && last !== undefined) {
      content[content.length - 1] = grow(last, event.delta ?? {});
      json += event.delta?.["partial_json"] ?? "";
    }
    if (event.type === "content_block_stop" && last?.type === "tool_use") {
      last.input = JSON.parse(json === "" ? "{}" : json);
    }
    if (event.type === "message_delta") {
      stopReason = event.delta?.["stop_reason"] ?? "";
      usage = event.usage ?? {};
    }
  }
  return { content, stopReason, usage, firstMs, totalMs: performance.now() - startedAt };
}

interface WireEvent {
  readonly type: string;
  readonly content_block?: Block;
  readonly delta?: Readonly<Record<string, string>>;
  readonly usage?: Record<string, number>;
  readonly error?: { readonly message?: string };
}

async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<WireEvent> {
  let rest = "";
  for await (const text of body.pipeThrough(new TextDecoderStream())) {
    const frames = (rest + text).split("\n\n");
    rest = frames.pop() ?? "";
    for (const frame of frames) {
      const data = frame.split("\n").find((line) => line.startsWith("data: "));
      // Our own server's events; a wrong shape shows as a failed expectation.
      if (data !== undefined) yield JSON.parse(data.slice(6)) as WireEvent;
    }
  }
}

function grow(block: Block, delta: Readonly<Record<string, string>>): Block {
  const { text, thinking, signature } = delta;
  return {
    ...block,
    ...(text === undefined ? {} : { text: (block.text ?? "") + text }),
    ...(thinking === undefined ? {} : { thinking: (block.thinking ?? "") + thinking }),
    ...(signature === undefined ? {} : { signature }),
  };
}

function transcript(turn: Turn): string[] {
  const lines = turn.content.map((block) => {
    if (block.type === "thinking") return `(thinks) ${block.thinking}`;
    if (block.type === "tool_use") return `[${block.name} ${JSON.stringify(block.input)}]`;
    return block.text ?? block.type;
  });
  const { usage } = turn;
  const tokens = `${usage["input_tokens"]} in, ${usage["cache_read_input_tokens"]} cached, ${usage["output_tokens"]} out`;
  const times = `${Math.round(turn.firstMs)} ms to the first event, ${Math.round(turn.totalMs)} ms in all`;
  return [...lines, `· ${turn.stopReason} · ${tokens} · ${times}`];
}

function expect(condition: boolean, what: string): void {
  if (!condition) throw new Error(`the answer lacks ${what}`);
}
