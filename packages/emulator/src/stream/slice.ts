import type { Transport } from "../scenario/fragment.ts";
import type { ByteSink } from "./byte-sink.ts";

const MAX_RANDOM_BYTES = 64;

/** Gives the size of the next write, in bytes. */
type NextSize = () => number;

/** Wraps a sink so that its bytes leave in other pieces than events. */
export function slicedSink(sink: ByteSink, cuts: Transport["cuts"]): ByteSink {
  if (cuts === undefined) return sink;
  const [kind, number] = cuts.split(":");
  if (kind === "events") return batchedSink(sink, Number(number));
  return sizedSink(sink, kind === "bytes" ? () => Number(number) : randomSizes(Number(number)));
}

function sizedSink(sink: ByteSink, nextSize: NextSize): ByteSink {
  let pending = Buffer.alloc(0);
  let size = nextSize();
  return {
    async write(bytes) {
      pending = Buffer.concat([pending, bytes]);
      while (pending.length >= size) {
        await sink.write(pending.subarray(0, size));
        pending = pending.subarray(size);
        size = nextSize();
      }
    },
    async end() {
      if (pending.length > 0) await sink.write(pending);
      await sink.end();
    },
  };
}

function batchedSink(sink: ByteSink, perWrite: number): ByteSink {
  let pending: Buffer[] = [];
  return {
    async write(bytes) {
      pending.push(bytes);
      if (pending.length < perWrite) return;
      await sink.write(Buffer.concat(pending));
      pending = [];
    },
    async end() {
      if (pending.length > 0) await sink.write(Buffer.concat(pending));
      await sink.end();
    },
  };
}

/** A small linear congruential generator: odd sizes, the same for the same seed. */
function randomSizes(seed: number): NextSize {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return 1 + ((state >>> 16) % MAX_RANDOM_BYTES);
  };
}
