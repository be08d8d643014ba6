import { readFileSync } from "node:fs";

import { UserError } from "@agp/core";

/**
 * The object in `config.json`, or undefined when there is no file. Throws CONFIG_FILE_BROKEN with line and column where it
 * is no JSON, and when it holds no object.
 */
export function readConfigFile(path: string): Readonly<Record<string, unknown>> | undefined {
  const text = readText(path);
  if (text === undefined) return undefined;
  const value = parse(text, path);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Readonly<Record<string, unknown>>;
  }
  throw broken(path, "holds no JSON object", ['Write an object, as {"port": 8080}.']);
}

function readText(path: string): string | undefined {
  try {
    // Editors on Windows write a byte order mark, which JSON.parse refuses.
    return readFileSync(path, "utf8").replace(/^\uFEFF/, "");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : undefined;
    // ENOTDIR: the data directory itself is impossible, which whoever makes it says better.
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    const reason = code === undefined ? "" : ` (${code})`;
    throw broken(
      path,
      `cannot be read${reason}`,
      ["Check that it is a file that you may read."],
      error,
    );
  }
}

function parse(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : "";
    const { line, column } = positionOf(reason, text);
    throw broken(
      path,
      `is no JSON: line ${String(line)}, column ${String(column)}`,
      ["Look for a comma too many or too few, a missing quote or bracket, or a comment there."],
      error,
    );
  }
}

/** V8 tells the position, except where the text ends too early. */
function positionOf(
  reason: string,
  text: string,
): { readonly line: number; readonly column: number } {
  const position = /at position (\d+)/.exec(reason)?.[1];
  const before = position === undefined ? text.trimEnd() : text.slice(0, Number(position));
  const lines = before.split("\n");
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}

function broken(
  path: string,
  problem: string,
  nextSteps: readonly string[],
  cause?: unknown,
): UserError {
  return new UserError("CONFIG_FILE_BROKEN", `${path} ${problem}.`, { nextSteps, cause });
}
