/** A field of the client's request that has no counterpart and was left out, by a rule of `docs/translation.md`. */
export interface DroppedField {
  /** Path with list indices as `[]`, as `tools[].strict`. */
  readonly path: string;
  /** Name of the rule, as `cache_control`. */
  readonly rule: string;
  readonly count: number;
}
