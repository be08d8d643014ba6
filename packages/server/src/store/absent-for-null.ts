/** A row's null columns become absent fields. */
export type AbsentForNull<Row> = {
  readonly [K in keyof Row as null extends Row[K] ? never : K]: Row[K];
} & {
  readonly [K in keyof Row as null extends Row[K] ? K : never]?: Exclude<Row[K], null>;
};

/** A copy without the fields that are null: `{a: 1, b: null}` → `{a: 1}`. */
export function absentForNull<Row extends object>(row: Row): AbsentForNull<Row> {
  const present = Object.entries(row).filter(([, value]) => value !== null);
  // Object.fromEntries loses the names; the filter above is exactly what the type says.
  return Object.fromEntries(present) as AbsentForNull<Row>;
}
