import type { Compilable, CompiledQuery } from "kysely";

/**
 * A query that is compiled once and then only filled in: for the few that run with every request, compiling costs more than
 * running. `build` gets a row whose values stand for the parameters; it must use each of them only as a parameter.
 */
export function precompile<Row extends object>(
  columns: readonly (keyof Row & string)[],
  build: (row: Row) => Compilable,
): (row: Row) => CompiledQuery {
  const marks = new Map(columns.map((column) => [`\0${column}`, column]));
  const placeholders = Object.fromEntries(Array.from(marks, ([mark, column]) => [column, mark]));
  // Only the positions of the marks matter, and kysely does not look at parameters.
  const compiled = build(placeholders as Row).compile();
  const order = compiled.parameters.map((parameter) => columnOf(marks, parameter));
  return (row) => ({ ...compiled, parameters: order.map((column) => row[column]) });
}

function columnOf<Column>(marks: ReadonlyMap<string, Column>, parameter: unknown): Column {
  const column = typeof parameter === "string" ? marks.get(parameter) : undefined;
  if (column === undefined) throw new Error("a precompiled query has a parameter of its own");
  return column;
}
