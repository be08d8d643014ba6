import { availableParallelism, loadavg } from "node:os";
import { parseArgs } from "node:util";

import { measure, type Plan } from "./measure.ts";
import { rowsOf } from "./rows.ts";
import { drawTable } from "./table.ts";
import { startWorld } from "./world.ts";

const FULL: Plan = {
  rounds: 5,
  budgetMs: 200_000,
  streams: 200,
  eventsPerStream: 500,
  sliceMs: 1500,
  largeRequests: 30,
  starts: 5,
  settleMs: 2000,
};
const QUICK: Plan = {
  rounds: 1,
  budgetMs: 30_000,
  streams: 200,
  eventsPerStream: 200,
  sliceMs: 700,
  largeRequests: 10,
  starts: 2,
  settleMs: 1000,
};

const USAGE = `npm run bench -- [--quick] [--json]

Compares the emulated backend called directly, a plain pass-through, and the built server, in rounds that begin with another
one each time; the table shows medians. No figure makes it fail: they are to be read, together with the load of the machine.

  --quick   one round with streams of 200 events, instead of up to five with 500
  --json    the figures as JSON
`;

const { values } = parseArgs({
  options: {
    quick: { type: "boolean" },
    json: { type: "boolean" },
    help: { type: "boolean", short: "h" },
  },
});
if (values.help === true) process.stdout.write(USAGE);
else await run();

async function run(): Promise<void> {
  // The parts end with this process, also when a signal ends it.
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));
  const loadBefore = loadavg()[0] ?? 0;
  const startedAt = performance.now();
  const world = await startWorld();
  try {
    const plan = values.quick === true ? QUICK : FULL;
    const results = await measure(world, plan, progress);
    const rows = rowsOf(results);
    const machine = {
      rounds: results.rounds,
      cpus: availableParallelism(),
      node: process.version,
      loadBefore,
      loadAfter: loadavg()[0] ?? 0,
      seconds: (performance.now() - startedAt) / 1000,
    };
    const json = values.json === true;
    process.stdout.write(
      json ? `${JSON.stringify({ machine, rows }, undefined, 2)}\n` : drawTable(rows),
    );
    if (!json) process.stdout.write(describe(machine));
  } finally {
    await world.close();
  }
}

function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`${text}\n`);
}

function describe(
  machine: Readonly<Record<"rounds" | "cpus" | "loadBefore" | "loadAfter" | "seconds", number>>,
): string {
  const { rounds, cpus, loadBefore, loadAfter, seconds } = machine;
  const load = `load ${loadBefore.toFixed(1)} before, ${loadAfter.toFixed(1)} after`;
  return `Medians of ${rounds} round(s); Node ${process.version}, ${cpus} CPUs, ${load}; took ${seconds.toFixed(0)} s.\n`;
}
