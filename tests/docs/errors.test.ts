import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { type FailureClass, toAnthropicError } from "@agp/core";
import { describe, expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
const DOCUMENT = readFileSync(join(ROOT, "docs/errors.md"), "utf8");

const [ours = "", api = ""] = DOCUMENT.split("## What API clients see");

describe("codes", () => {
  const sources = globSync("packages/*/src/**/*.ts", { cwd: ROOT })
    .filter((path) => !/\.test\.ts$|__fixtures__/.test(path))
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), "utf8") }))
    .filter(({ text }) => text.includes("new UserError("));
  const listed = [...ours.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, code]) => code);

  test("the list is exactly what the sources throw", () => {
    const thrown = sources.flatMap(({ text }) =>
      [...text.matchAll(/(?:new UserError\(\s*|\bcode: )"([A-Z][A-Z_]+)"/g)].map(
        ([, code]) => code,
      ),
    );
    expect(thrown.length).toBeGreaterThan(20);
    expect(new Set(listed)).toEqual(new Set(thrown));
    expect(new Set(listed).size).toBe(listed.length);
  });

  test("no code is put together where this test would not see it", () => {
    const indirect = sources.flatMap(({ path, text }) =>
      [...text.matchAll(/new UserError\(\s*([^"\s,]+),/g)].map(([, code]) => `${path}: ${code}`),
    );
    expect(new Set(indirect)).toEqual(
      new Set([
        "packages/server/src/store/storage-error.ts: explanation.code",
        "packages/server/src/store/storage-error.ts: corrupt.code",
      ]),
    );
  });
});

/** Every class, so that a new one fails to compile here until it is documented. */
const CLASSES = {
  quota: true,
  credits: true,
  rate: true,
  soft: true,
  capacity: true,
  overloaded: true,
  auth: true,
  oauth_client: true,
  validation: true,
  banned: true,
  project: true,
  denied: true,
  location: true,
  signature: true,
  bad_request: true,
  too_long: true,
  not_found: true,
  timeout: true,
  too_large: true,
  server: true,
  unimplemented: true,
  client_gate: true,
  network: true,
  empty: true,
  malformed: true,
  cut: true,
} as const satisfies Record<FailureClass, true>;

describe("classes of failures", () => {
  const rows = new Map(
    [...api.matchAll(/^\| `([a-z_]+)` \| (\d+) \| `([a-z_]+)` \| (\S+) \|/gm)].map(
      ([, name, status, type, retry]) => [name, { status: Number(status), type, retry }],
    ),
  );

  test("every class has a row, and every row a class", () => {
    expect(new Set(rows.keys())).toEqual(new Set(Object.keys(CLASSES)));
  });

  test.each(Object.keys(CLASSES) as FailureClass[])("%s is as the table says", (name) => {
    const error = toAnthropicError({ class: name, message: "told" }, { model: "m", now: 0 });
    const retry = error.shouldRetry === undefined ? "-" : String(error.shouldRetry);
    expect(rows.get(name)).toEqual({ status: error.status, type: error.type, retry });
  });
});
