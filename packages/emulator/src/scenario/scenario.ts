import type { EndpointName } from "../record/journal.ts";
import type { FaultName } from "./faults.ts";
import type { Fragment } from "./fragment.ts";

/** Which calls a scenario applies to: all given conditions hold. */
export interface ScenarioMatch {
  /** Default: the two generate methods. `any`: every call. Otherwise a method's name, `token`, `userinfo` …. */
  readonly rpc?: string;
  readonly model?: string;
  readonly endpoint?: EndpointName;
  /** E-mail. */
  readonly account?: string;
  /** Part of a text in the current turn of the user. */
  readonly lastUserTextIncludes?: string;
  /** Only the nth call (from 1) for which the other conditions hold. */
  readonly nth?: number;
}

/** One prepared reaction. */
export interface Scenario extends Fragment {
  readonly when?: ScenarioMatch;
  /** How many calls it serves before it is used up; default: all. */
  readonly times?: number;
  /** A named fault; the scenario's own fields override the fault's. */
  readonly fault?: FaultName;
}
