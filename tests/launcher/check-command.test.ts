import { execFile } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
const COPIED = [
  ".oxlintrc.json",
  ".oxfmtrc.json",
  "knip.json",
  "tsconfig.base.json",
  "scripts/check.mjs",
];
const steps = ["format", "types", "types of tests", "lint and layers", "dead code", "dead files"];
let folder: string;

function write(name: string, content: string | object): void {
  const text = typeof content === "string" ? content : `${JSON.stringify(content, null, 2)}\n`;
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
}

/** A small project with the real configuration, in which every step is content. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "agp-check-"));
  for (const name of COPIED) cpSync(join(root, name), join(folder, name));
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  write("package.json", {
    name: "small",
    private: true,
    type: "module",
    workspaces: ["packages/*"],
  });
  write("tsconfig.json", { files: [], references: [{ path: "packages/core" }] });
  write("packages/core/package.json", {
    name: "small-core",
    type: "module",
    exports: { ".": { source: "./src/index.ts", default: "./dist/index.js" } },
  });
  write("packages/core/tsconfig.json", {
    extends: "../../tsconfig.base.json",
    compilerOptions: { rootDir: "src", outDir: "dist", types: [] },
    include: ["src"],
    exclude: ["src/**/*.test.ts"],
  });
  write("packages/core/src/index.ts", "export   const one = 1\n");
  write("tests/tsconfig.json", {
    extends: "../tsconfig.base.json",
    compilerOptions: { noEmit: true, composite: false, declaration: false, types: ["node"] },
    include: ["**/*.ts"],
  });
  write("tests/a.test.ts", "export const a = 1;\n");
  write("bench/main.ts", "export const a = 1;\n");
  write("vitest.config.ts", "export const a = 1;\n");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function check(...args: readonly string[]): Promise<{ exitCode: number; stdout: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [join(folder, "scripts/check.mjs"), ...args], (error, stdout) => {
      resolve({ exitCode: Number(error?.code ?? 0), stdout });
    });
  });
}

describe("npm run check", () => {
  test("says ok for each step, and repairs the format first when told to", async () => {
    const { exitCode, stdout } = await check("--fix");
    for (const step of steps) expect(stdout).toContain(`ok     ${step}`);
    expect(exitCode).toBe(0);
    const text = readFileSync(join(folder, "packages/core/src/index.ts"), "utf8");
    expect(text).toBe("export const one = 1;\n");
  }, 120_000);

  test("runs every step, also after one that failed, and shows each fault", async () => {
    write("packages/core/src/unformatted.ts", "export   const two = 2\n");
    write(
      "packages/core/src/index.ts",
      `export * from "node:fs";\nexport const one: string = 1;\n`,
    );
    write("tests/a.test.ts", "export const text: string = 1;\n");
    const { exitCode, stdout } = await check();
    for (const step of steps) expect(stdout).toContain(`FAILED ${step}`);
    expect(stdout).toContain("Core is pure");
    expect(stdout).toMatch(/packages\/core\/src\/index\.ts\S* (- )?error TS2322/);
    expect(stdout).toMatch(/Unused files[^]*packages\/core\/src\/unformatted\.ts/);
    expect(stdout).toContain(`check failed: ${steps.join(", ")}.`);
    expect(exitCode).toBe(1);
  }, 120_000);
});

test("mise pins the same Node and pnpm as the launcher", () => {
  const pins = JSON.parse(readFileSync(join(root, "scripts/toolchain.json"), "utf8"));
  const mise = readFileSync(join(root, "mise.toml"), "utf8");
  expect(/^node = "(.*)"$/m.exec(mise)?.[1]).toBe(pins.node["linux-x64"].version);
  expect(/^pnpm = "(.*)"$/m.exec(mise)?.[1]).toBe(pins.pnpm.version);
});
