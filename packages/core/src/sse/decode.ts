/** 64 Mi UTF-16 units: at least 64 MiB of UTF-8, which images need. Source: cloud-code §7.2. */
export const MAX_EVENT_CHARACTERS = 64 * 1024 * 1024;

/** One event grew over the limit: the decoder gives out nothing more, and the stream should be cancelled. */
export interface SseOverflow {
  readonly kind: "event_too_large";
  /** UTF-16 units. */
  readonly limit: number;
}

const BYTE_ORDER_MARK = 0xfeff;
const LINE_FEED = 0x0a;
const SPACE = 0x20;

/**
 * Text chunks, cut anywhere, to the data of server-sent events. Only data matters here: `event`, `id`, `retry` and comments
 * are skipped, and so are empty data and `[DONE]`.
 *
 * State: the begun line (`#line`) and the data lines of the begun event (`#data`). Only new text is ever searched, so an
 * event of megabytes in small chunks costs no more than its length.
 *
 * Source: cloud-code §7.2; HTML Living Standard §9.2.6 (except that an event without a blank line at the end counts).
 */
export class SseDecoder {
  readonly #limit: number;
  #line = "";
  #data: string | undefined;
  #isAtStart = true;
  /** The last chunk ended in CR: it ended that line already, so an LF at the start of the next chunk belongs to it. */
  #skipsLineFeed = false;
  #overflow: SseOverflow | undefined;

  /** `limit` is in UTF-16 units. */
  constructor(limit: number = MAX_EVENT_CHARACTERS) {
    this.#limit = limit;
  }

  /** Appends the data of every event that `text` completes to `out`; returns the overflow from the first time on. */
  push(text: string, out: string[]): SseOverflow | undefined {
    if (text === "" || this.#overflow !== undefined) return this.#overflow;
    let position = this.#startOf(text);
    let lineFeed = text.indexOf("\n", position);
    let carriageReturn = text.indexOf("\r", position);
    while (lineFeed !== -1 || carriageReturn !== -1) {
      const endsInReturn = carriageReturn !== -1 && (lineFeed === -1 || carriageReturn < lineFeed);
      const end = endsInReturn ? carriageReturn : lineFeed;
      this.#endLine(text, position, end, out);
      position = endsInReturn && lineFeed === end + 1 ? end + 2 : end + 1;
      // Each search starts where the last one of its kind ended: the text is scanned once for either character.
      if (lineFeed !== -1 && lineFeed < position) lineFeed = text.indexOf("\n", position);
      if (carriageReturn !== -1 && carriageReturn < position) {
        carriageReturn = text.indexOf("\r", position);
      }
    }
    this.#skipsLineFeed = text.endsWith("\r");
    if (position < text.length) this.#line += text.slice(position);
    return this.#checkSize();
  }

  /** The stream ended cleanly: appends the event that lacks its blank line, if there is one. */
  end(out: string[]): void {
    const line = this.#line;
    this.#line = "";
    if (line !== "") this.#takeLine(line, 0, line.length, out);
    this.#dispatch(out);
  }

  #startOf(text: string): number {
    const first = text.charCodeAt(0);
    const isSkipped =
      (this.#isAtStart && first === BYTE_ORDER_MARK) ||
      (this.#skipsLineFeed && first === LINE_FEED);
    this.#isAtStart = false;
    return isSkipped ? 1 : 0;
  }

  #endLine(text: string, from: number, to: number, out: string[]): void {
    if (this.#line === "") return this.#takeLine(text, from, to, out);
    const line = this.#line + text.slice(from, to);
    this.#line = "";
    this.#takeLine(line, 0, line.length, out);
  }

  /** `source` holds a line end at `to`, or ends there, so that no look-ahead below can read past the line. */
  #takeLine(source: string, from: number, to: number, out: string[]): void {
    if (from === to) return this.#dispatch(out);
    if (source.startsWith("data:", from)) {
      const start = source.charCodeAt(from + 5) === SPACE ? from + 6 : from + 5;
      this.#addData(source.slice(start, to));
    } else if (to - from === 4 && source.startsWith("data", from)) {
      this.#addData("");
    }
  }

  #addData(value: string): void {
    this.#data = this.#data === undefined ? value : `${this.#data}\n${value}`;
  }

  #dispatch(out: string[]): void {
    const data = this.#data;
    this.#data = undefined;
    if (data !== undefined && data !== "" && data !== "[DONE]") out.push(data);
  }

  #checkSize(): SseOverflow | undefined {
    if (this.#line.length + (this.#data?.length ?? 0) <= this.#limit) return undefined;
    this.#line = "";
    this.#data = undefined;
    this.#overflow = { kind: "event_too_large", limit: this.#limit };
    return this.#overflow;
  }
}
