import type { Results } from "./measure.ts";

/** One line of the table. */
export interface Row {
  readonly measure: string;
  readonly direct?: number | undefined;
  readonly passThrough?: number | undefined;
  readonly server?: number | undefined;
  /** What the aim is about, where it is not the server's own value. */
  readonly figure?: number | undefined;
  readonly aim?: string;
  readonly later?: string;
  readonly meetsAim?: boolean | undefined;
}

export type Rows = readonly Row[];

/** The medians beside the aims. */
export function rowsOf(results: Results): Rows {
  const p50 = results.byTarget("small1", "p50Ms");
  const stream = results.byTarget("streams", "eventsPerSecond");
  const large = results.byTarget("large", "cpuMs");
  return [
    { measure: "small, 1 connection: p50 ms (figure: added)", ...p50, ...added(p50) },
    {
      measure: "small, 1 connection: requests/s",
      ...results.byTarget("small1", "perSecond"),
    },
    { measure: "small, 32 connections: p50 ms", ...results.byTarget("small32", "p50Ms") },
    { measure: "small, 32 connections: requests/s", ...results.byTarget("small32", "perSecond") },
    {
      measure: "streams: events/s (figure: of the pass-through)",
      ...stream,
      ...atLeast(ratio(stream.server, stream.passThrough), 0.4, "x", 0.8),
    },
    { measure: "streams: CPU us per event", ...results.byTarget("streams", "cpuUsPerEvent") },
    { measure: "1.1 MB body: CPU ms", ...large, ...atMost(large.server, 15, "ms", 8) },
    { measure: "1.1 MB body: mean ms", ...results.byTarget("large", "meanMs") },
    {
      measure: "start to healthy: ms",
      server: results.healthyMs,
      ...atMost(results.healthyMs, 400, "ms", 300),
    },
    { measure: "start to healthy: CPU ms", server: results.startCpuMs },
    {
      measure: "idle memory: MB resident",
      server: results.idleMb,
      ...atMost(results.idleMb, 90, "MB", 75),
    },
  ];
}

type Aim = Pick<Row, "figure" | "aim" | "later" | "meetsAim">;

function added(p50: { direct?: number | undefined; server?: number | undefined }): Aim {
  const { direct, server } = p50;
  const more = direct === undefined || server === undefined ? undefined : server - direct;
  return atMost(more, 1.2, "ms", 0.6);
}

function atMost(figure: number | undefined, aim: number, unit: string, later: number): Aim {
  return {
    figure,
    aim: `<= ${aim} ${unit}`,
    later: `${later} ${unit}`,
    meetsAim: figure === undefined ? undefined : figure <= aim,
  };
}

function atLeast(figure: number | undefined, aim: number, unit: string, later: number): Aim {
  return {
    figure,
    aim: `>= ${aim} ${unit}`,
    later: `${later} ${unit}`,
    meetsAim: figure === undefined ? undefined : figure >= aim,
  };
}

function ratio(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a / b;
}
