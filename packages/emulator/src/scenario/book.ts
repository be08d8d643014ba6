import type { EndpointName } from "../record/journal.ts";
import { FAULTS } from "./faults.ts";
import type { Scenario, ScenarioMatch } from "./scenario.ts";

/** What is known of a call when scenarios are tried. */
export interface CallFacts {
  readonly rpc: string;
  readonly endpoint: EndpointName;
  readonly account?: string;
  readonly model?: string;
  readonly userText?: string;
}

const GENERATE_RPCS: ReadonlySet<string> = new Set(["generateContent", "streamGenerateContent"]);

interface Entry {
  readonly scenario: Scenario;
  matched: number;
  served: number;
}

/** The prepared scenarios, tried in order: the first that matches serves. */
export class ScenarioBook {
  #entries: Entry[] = [];

  add(...scenarios: readonly Scenario[]): void {
    for (const scenario of scenarios) this.#entries.push({ scenario, matched: 0, served: 0 });
  }

  clear(): void {
    this.#entries = [];
  }

  /** The scenario for a call, its fault filled in; `undefined` where none applies. Counts the call. */
  take(facts: CallFacts): Scenario | undefined {
    for (const entry of this.#entries) {
      const { when = {}, times = Infinity } = entry.scenario;
      if (entry.served >= times || !matches(when, facts)) continue;
      entry.matched += 1;
      if (when.nth !== undefined && when.nth !== entry.matched) continue;
      entry.served += 1;
      return withFault(entry.scenario, facts.model ?? "");
    }
    return undefined;
  }
}

/** A scenario with the fields of its named fault under its own. */
export function withFault(scenario: Scenario, model: string): Scenario {
  if (scenario.fault === undefined) return scenario;
  const fault = FAULTS[scenario.fault](model);
  return { ...fault, ...scenario };
}

function matches(when: ScenarioMatch, facts: CallFacts): boolean {
  const isRightRpc =
    when.rpc === undefined
      ? GENERATE_RPCS.has(facts.rpc)
      : when.rpc === "any" || when.rpc === facts.rpc;
  return (
    isRightRpc &&
    (when.model === undefined || when.model === facts.model) &&
    (when.endpoint === undefined || when.endpoint === facts.endpoint) &&
    (when.account === undefined || when.account === facts.account) &&
    (when.lastUserTextIncludes === undefined ||
      (facts.userText?.includes(when.lastUserTextIncludes) ?? false))
  );
}
