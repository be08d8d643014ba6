import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { allowed, faults } from "./faults.ts";

// A check of the layers that never fails checks nothing (one popular tool looked at no file here
// and said "no violations"): every rule is shown a fault, in a copy of the sources.

const root = join(import.meta.dirname, "../..");
const LEFT_OUT = new Set(["node_modules", "dist"]);
const LAYER_RULES = /no-cycle|no-restricted/;
const cycle = ["a", "b", "c"].map((name) => `packages/server/src/planted/${name}.ts`);

interface Diagnostic {
  readonly code: string;
  readonly filename: string;
  readonly severity: string;
}

interface LintResult {
  readonly exitCode: number;
  readonly found: readonly Diagnostic[];
}

let copy: string;

function plant(path: string, text: string): string {
  mkdirSync(join(copy, path, ".."), { recursive: true });
  writeFileSync(join(copy, path), text);
  return path;
}

function lint(...args: readonly string[]): Promise<LintResult> {
  const oxlint = join(root, "node_modules/oxlint/bin/oxlint");
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [oxlint, "--format=json", ...args],
      { cwd: copy, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        if (!stdout.startsWith("{")) reject(new Error(`${stdout}${stderr}`));
        else resolve({ exitCode: Number(error?.code ?? 0), found: JSON.parse(stdout).diagnostics });
      },
    );
  });
}

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), "agp-layers-"));
  const filter = (path: string): boolean => !LEFT_OUT.has(basename(path));
  for (const name of ["packages", ".oxlintrc.json", "package.json", "tsconfig.base.json"]) {
    cpSync(join(root, name), join(copy, name), { recursive: true, filter });
  }
  for (const place of [".", "packages/core", "packages/emulator", "packages/server"]) {
    symlinkSync(join(root, place, "node_modules"), join(copy, place, "node_modules"));
  }
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

describe("the layers", () => {
  test("hold in the sources as they are", async () => {
    const { found } = await lint("packages");
    const faultsFound = found.filter(({ code }) => LAYER_RULES.test(code));
    expect(faultsFound.map(({ filename, code }) => `${filename}: ${code}`)).toEqual([]);
  });
});

describe("the check of the layers", () => {
  let result: LintResult;
  const pathOf = (kind: string, index: number, folder: string): string =>
    `${folder}/planted-${kind}-${index}.ts`;

  beforeAll(async () => {
    const paths = [
      ...faults.map(({ folder, text }, index) => plant(pathOf("fault", index, folder), text)),
      ...allowed.map(({ folder, text }, index) => plant(pathOf("allowed", index, folder), text)),
      ...cycle.map((path, index) => {
        const next = basename(cycle[(index + 1) % cycle.length] ?? "");
        return plant(
          path,
          `import type { T as Next } from "./${next}";\nexport type T = Next[] | 1;`,
        );
      }),
    ];
    result = await lint("--type-aware", ...paths);
  }, 120_000);

  const codesIn = (path: string): readonly string[] =>
    result.found.filter(({ filename }) => filename === path).map(({ code }) => code);

  test("fails", () => {
    expect(result.exitCode).toBe(1);
    expect(new Set(result.found.map(({ severity }) => severity))).toEqual(new Set(["error"]));
  });

  test.each(faults.map((fault, index) => ({ ...fault, index })))(
    "sees that $name",
    ({ folder, index, rule }) => {
      expect(codesIn(pathOf("fault", index, folder))).toContain(rule);
    },
  );

  test.each(cycle)("sees a cycle of types through three files: %s", (path) => {
    expect(codesIn(path)).toContain("import(no-cycle)");
  });

  test.each(allowed.map((file, index) => ({ ...file, index })))(
    "lets pass that $name",
    ({ folder, index }) => {
      expect(codesIn(pathOf("allowed", index, folder))).toEqual([]);
    },
  );
});

describe("core's compiler options", () => {
  test.each([
    ["a module of Node", `export * from "node:fs";`],
    ["a timer", `setTimeout(() => {}, 1);`],
    ["the network", `void fetch("a");`],
    ["the process", `process.exit();`],
    ["the console", `console.log("a");`],
  ])("know no %s", async (_name, text) => {
    const folder = mkdtempSync(join(copy, "packages/core-"));
    writeFileSync(join(folder, "planted.ts"), text);
    const config = { extends: "../core/tsconfig.json", include: ["planted.ts"] };
    const compilerOptions = { rootDir: ".", noEmit: true };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ ...config, compilerOptions }));
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    const output = await new Promise<string>((resolve) => {
      execFile(process.execPath, [tsc, "-p", folder], (_error, stdout) => resolve(stdout));
    });
    expect(output).toMatch(/planted\.ts\(1,\d+\): error TS2\d+: Cannot find/);
  });
});
