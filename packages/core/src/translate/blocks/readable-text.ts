/** Fields of server tools' results that hold text for people, in the order in which it reads best. */
const TEXT_FIELDS: readonly string[] = [
  "error_code",
  "title",
  "url",
  "tool_name",
  "tool_references",
  "text",
  "stdout",
  "stderr",
  "output",
  "content",
  "lines",
  "source",
];

/**
 * Whatever text a value of unknown shape holds for people, one piece a line; empty when there is none. Encrypted contents,
 * ids and base64 stand under other names and are left out.
 */
export function readableText(value: unknown): string {
  const lines: string[] = [];
  collect(value, lines);
  return lines.join("\n");
}

function collect(value: unknown, lines: string[]): void {
  if (typeof value === "string") {
    if (value !== "") lines.push(value);
    return;
  }
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) collect(item, lines);
    return;
  }
  // A JSON object: every key may be read.
  const record = value as Readonly<Record<string, unknown>>;
  for (const field of TEXT_FIELDS) collect(record[field], lines);
  if (record["type"] === "text") collect(record["data"], lines);
}
