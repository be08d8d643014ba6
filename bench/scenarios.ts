import { claudeCodeBody, SHORT_ANSWER, smallBody } from "./bodies.ts";
import { cpuMs } from "./kernel-counters.ts";
import { median } from "./statistics.ts";
import { connect, send, type Target } from "./target.ts";

/** How much one round of each scenario does. */
export interface Amounts {
  /** Length of a slice of small requests. */
  readonly sliceMs: number;
  readonly streams: number;
  readonly eventsPerStream: number;
  readonly largeRequests: number;
}

/** Figures of one round with one target, by measure; a measure that the machine cannot give is left out. */
export type Figures = Readonly<Record<string, number | undefined>>;

export interface Scenario {
  readonly name: string;
  run(target: Target): Promise<Figures>;
}

const WARM_UP_REQUESTS = 100;
const WARM_UP_STREAMS = 20;
const WARM_UP_LARGE = 5;

/** Everything that is measured with requests. */
export function scenarios(amounts: Amounts): readonly Scenario[] {
  return [smallRequests(1, amounts), smallRequests(32, amounts), streams(amounts), large(amounts)];
}

/** Sends what the scenarios send, unmeasured: the compiler has seen the code, the server has token and project. */
export async function warmUp(target: Target, amounts: Amounts): Promise<void> {
  await repeat(target, smallBody(SHORT_ANSWER), WARM_UP_REQUESTS, 4);
  await repeat(target, smallBody(amounts.eventsPerStream), WARM_UP_STREAMS, WARM_UP_STREAMS);
  await repeat(target, claudeCodeBody(), WARM_UP_LARGE, 1);
}

function smallRequests(count: number, { sliceMs }: Amounts): Scenario {
  const body = smallBody(SHORT_ANSWER);
  return {
    name: `small${count}`,
    async run(target) {
      const pool = connect(target, count);
      const times: number[] = [];
      const startedAt = performance.now();
      const caller = async () => {
        for (let at = performance.now(); at - startedAt < sliceMs;) {
          await send(target, pool, body);
          const now = performance.now();
          times.push(now - at);
          at = now;
        }
      };
      await Promise.all(Array.from({ length: count }, caller));
      const seconds = (performance.now() - startedAt) / 1000;
      await pool.close();
      return { p50Ms: median(times), perSecond: times.length / seconds };
    },
  };
}

function streams({ streams: count, eventsPerStream }: Amounts): Scenario {
  const body = smallBody(eventsPerStream);
  return {
    name: "streams",
    async run(target) {
      const cpuBefore = cpuMs(target.pid);
      const startedAt = performance.now();
      await repeat(target, body, count, count);
      const seconds = (performance.now() - startedAt) / 1000;
      const events = count * eventsPerStream;
      const cpu = spent(target.pid, cpuBefore);
      return {
        eventsPerSecond: events / seconds,
        cpuUsPerEvent: cpu === undefined ? undefined : (cpu * 1000) / events,
      };
    },
  };
}

function large({ largeRequests }: Amounts): Scenario {
  const body = claudeCodeBody();
  return {
    name: "large",
    async run(target) {
      const cpuBefore = cpuMs(target.pid);
      const startedAt = performance.now();
      await repeat(target, body, largeRequests, 1);
      const wallMs = performance.now() - startedAt;
      const cpu = spent(target.pid, cpuBefore);
      return {
        cpuMs: cpu === undefined ? undefined : cpu / largeRequests,
        meanMs: wallMs / largeRequests,
      };
    },
  };
}

async function repeat(target: Target, body: Buffer, times: number, width: number): Promise<void> {
  const pool = connect(target, width);
  let left = times;
  const caller = async () => {
    while (left > 0) {
      left -= 1;
      await send(target, pool, body);
    }
  };
  await Promise.all(Array.from({ length: width }, caller));
  await pool.close();
}

function spent(pid: number, before: number | undefined): number | undefined {
  const now = cpuMs(pid);
  return now === undefined || before === undefined ? undefined : now - before;
}
