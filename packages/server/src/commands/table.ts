import stringWidth from "string-width";

/** Draws rows under their headings, columns as wide as their widest cell; the last one is not padded. */
export function drawTable(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const widths = headings.map((heading, column) =>
    Math.max(stringWidth(heading), ...rows.map((row) => stringWidth(row[column] ?? ""))),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell + " ".repeat((widths[column] ?? 0) - stringWidth(cell)))
      .join("  ")
      .trimEnd();
  return [line(headings), ...rows.map(line)].join("\n") + "\n";
}
