/** What a client knows after a stream, however its text was cut into deltas. Independent of the product's own collector. */

export interface ClientView {
  readonly start: unknown;
  readonly blocks: readonly ClientBlock[];
  readonly stop: unknown;
  readonly usage: unknown;
  readonly error: unknown;
  readonly isEnded: boolean;
}

export interface ClientBlock {
  readonly index: number;
  readonly start: Record<string, unknown>;
  /** Concatenated values of the deltas, by their type. */
  readonly deltas: Record<string, string>;
  readonly isClosed: boolean;
}

interface WireEvent {
  readonly type: string;
  readonly index: number;
  readonly message: unknown;
  readonly content_block: Record<string, unknown>;
  readonly delta: Record<string, unknown>;
  readonly usage: unknown;
  readonly error: unknown;
}

export function clientView(events: Iterable<unknown>): ClientView {
  const blocks: (ClientBlock & { isClosed: boolean })[] = [];
  const view = { start: undefined, stop: undefined, usage: undefined, error: undefined } as {
    start: unknown;
    stop: unknown;
    usage: unknown;
    error: unknown;
  };
  let isEnded = false;
  for (const event of events as Iterable<WireEvent>) {
    const block = blocks.at(-1);
    if (event.type === "message_start") view.start = event.message;
    if (event.type === "content_block_start") {
      blocks.push({ index: event.index, start: event.content_block, deltas: {}, isClosed: false });
    }
    if (event.type === "content_block_delta" && block !== undefined) {
      const { type, ...values } = event.delta;
      const value = Object.values(values)[0];
      const text = typeof value === "string" ? value : JSON.stringify(value);
      block.deltas[String(type)] = (block.deltas[String(type)] ?? "") + text;
    }
    if (event.type === "content_block_stop" && block !== undefined) block.isClosed = true;
    if (event.type === "message_delta") {
      view.stop = event.delta;
      view.usage = event.usage;
    }
    if (event.type === "error") view.error = event.error;
    if (event.type === "message_stop") isEnded = true;
  }
  return { ...view, blocks, isEnded };
}

/** Events of a recorded client stream. */
export function clientEvents(text: string): unknown[] {
  return text
    .split("\n\n")
    .filter((frame) => frame !== "")
    .map((frame) => {
      const [head = "", data = ""] = frame.split("\n");
      // Any: the wire.
      const event = JSON.parse(data.slice("data: ".length)) as { type: string };
      if (head !== `event: ${event.type}`) throw new Error(`frame ${head} holds ${event.type}`);
      return event;
    });
}

/** Replaces what varies from run to run: ids that the proxy makes, and its thinking markers. */
export function maskMade<T>(value: T): T {
  const masked = JSON.stringify(value)
    .replace(/"toolu_PROXYMADE\w+"/g, '"toolu_MADE"')
    .replace(/"srvtoolu_\w+"/g, '"srvtoolu_MADE"')
    .replace(/"proxy-gemini:[\w-]+"/g, '"proxy-gemini:MADE"');
  // The same shape went in.
  return JSON.parse(masked) as T;
}
