import type { ServerResponse } from "node:http";
import type { Writable } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import { constants, createGzip, type Gzip } from "node:zlib";

/** Where an answer's bytes go; every write is awaited, so that a slow client slows the emulator down. */
export interface ByteSink {
  write(bytes: Buffer): Promise<void>;
  /** Ends the body properly. */
  end(): Promise<void>;
}

/** A sink into the response; with `gzip` each write is flushed, as the backend does for SSE. Source: cloud-code §1.3. */
export function responseSink(response: ServerResponse, gzip: boolean): ByteSink {
  return gzip ? gzipSink(response) : plainSink(response);
}

function plainSink(response: ServerResponse): ByteSink {
  return {
    async write(bytes) {
      if (!response.write(bytes)) await drained(response);
      // One turn of the event loop between writes keeps them apart on the wire.
      await nextTurn();
    },
    async end() {
      response.end();
    },
  };
}

function gzipSink(response: ServerResponse): ByteSink {
  const gzip = createGzip();
  gzip.pipe(response);
  return {
    async write(bytes) {
      gzip.write(bytes);
      await flushed(gzip);
      await nextTurn();
    },
    async end() {
      gzip.end();
    },
  };
}

function flushed(gzip: Gzip): Promise<void> {
  return new Promise((resolve) => gzip.flush(constants.Z_SYNC_FLUSH, () => resolve()));
}

/** Resolves when a response or socket takes more, or is closed. */
export function drained(target: Writable): Promise<void> {
  return new Promise((resolve) => {
    if (target.destroyed) {
      resolve();
      return;
    }
    const done = (): void => {
      target.off("drain", done).off("close", done);
      resolve();
    };
    target.on("drain", done).on("close", done);
  });
}
