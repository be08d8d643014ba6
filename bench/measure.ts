import { setTimeout as pause } from "node:timers/promises";

import { cpuMs, residentMb } from "./kernel-counters.ts";
import { type Amounts, scenarios, warmUp } from "./scenarios.ts";
import { median, rotated } from "./statistics.ts";
import { TARGET_NAMES, type TargetName } from "./target.ts";
import type { World } from "./world.ts";

export interface Plan extends Amounts {
  /** At most. */
  readonly rounds: number;
  /** From the beginning of the run; no further round is begun that would probably end later. */
  readonly budgetMs: number;
  readonly starts: number;
  /** From healthy to the reading of the idle memory. */
  readonly settleMs: number;
}

/** Medians over the rounds. */
export interface Results {
  readonly rounds: number;
  readonly healthyMs: number | undefined;
  readonly startCpuMs: number | undefined;
  readonly idleMb: number | undefined;
  byTarget(scenario: string, measure: string): Partial<Record<TargetName, number | undefined>>;
}

/** Measures everything; `progress` is told what comes next. */
export async function measure(
  world: World,
  plan: Plan,
  progress: (text: string) => void,
): Promise<Results> {
  const endAt = performance.now() + plan.budgetMs;
  const starts = await measureStarts(world, plan, progress);
  const samples = await measureRounds(world, { ...plan, endAt }, progress);
  return {
    ...starts,
    rounds: samples.rounds,
    byTarget: (scenario, name) =>
      Object.fromEntries(
        TARGET_NAMES.map((target) => [target, median(samples.of(scenario, target, name))]),
      ),
  };
}

async function measureStarts(
  world: World,
  { starts, settleMs }: Plan,
  progress: (text: string) => void,
): Promise<Pick<Results, "healthyMs" | "startCpuMs" | "idleMb">> {
  const healthy: number[] = [];
  const cpu: number[] = [];
  const memory: number[] = [];
  for (let start = 0; start < starts; start += 1) {
    progress(`start ${start + 1} of ${starts}`);
    const server = await world.startServer();
    healthy.push(server.healthyMs);
    const used = cpuMs(server.pid);
    if (used !== undefined) cpu.push(used);
    await pause(settleMs);
    const resident = residentMb(server.pid);
    if (resident !== undefined) memory.push(resident);
    await server.stop();
  }
  return { healthyMs: median(healthy), startCpuMs: median(cpu), idleMb: median(memory) };
}

async function measureRounds(
  world: World,
  plan: Plan & { readonly endAt: number },
  progress: (text: string) => void,
): Promise<Samples> {
  const samples = new Samples();
  const server = await world.startServer();
  const targets = world.targets(server);
  progress("warming up");
  for (const target of targets) await warmUp(target, plan);
  for (let round = 0, lastMs = 0; round < plan.rounds; round += 1) {
    const startedAt = performance.now();
    if (round > 0 && startedAt + lastMs > plan.endAt) break;
    for (const scenario of scenarios(plan)) {
      progress(`round ${round + 1} of ${plan.rounds}: ${scenario.name}`);
      for (const target of rotated(targets, round)) {
        const figures = await scenario.run(target);
        for (const [name, value] of Object.entries(figures)) {
          if (value !== undefined) samples.add(scenario.name, target.name, name, value);
        }
      }
    }
    samples.rounds += 1;
    lastMs = performance.now() - startedAt;
  }
  await server.stop();
  return samples;
}

class Samples {
  /** Whole ones. */
  rounds = 0;
  readonly #values = new Map<string, number[]>();

  add(scenario: string, target: TargetName, measure: string, value: number): void {
    const key = `${scenario} ${target} ${measure}`;
    this.#values.set(key, [...this.of(scenario, target, measure), value]);
  }

  of(scenario: string, target: TargetName, measure: string): readonly number[] {
    return this.#values.get(`${scenario} ${target} ${measure}`) ?? [];
  }
}
