import type { Row, Rows } from "./rows.ts";

const HEADINGS = ["measure", "direct", "pass-through", "server", "figure", "aim", "later"];

/** The rows as one table of text. */
export function drawTable(rows: Rows): string {
  const lines = rows.map((row) => [
    row.measure,
    format(row.direct),
    format(row.passThrough),
    format(row.server),
    verdict(row),
    row.aim ?? "",
    row.later ?? "",
  ]);
  const widths = HEADINGS.map((heading, index) =>
    Math.max(heading.length, ...lines.map((line) => line[index]?.length ?? 0)),
  );
  const draw = (cells: readonly string[]) =>
    cells
      .map((cell, index) =>
        index === 0 ? cell.padEnd(widths[index] ?? 0) : cell.padStart(widths[index] ?? 0),
      )
      .join("  ")
      .trimEnd();
  return `${[draw(HEADINGS), ...lines.map(draw)].join("\n")}\n`;
}

function verdict({ figure, meetsAim }: Row): string {
  if (figure === undefined) return "";
  return `${format(figure)} ${meetsAim === true ? "ok" : "missed"}`;
}

function format(value: number | undefined): string {
  if (value === undefined) return "-";
  return value >= 100 ? Math.round(value).toLocaleString("en-US") : value.toFixed(2);
}
