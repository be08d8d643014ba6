export interface Planted {
  readonly name: string;
  /** Folder of the file, below the root. */
  readonly folder: string;
  readonly text: string;
}

export interface Fault extends Planted {
  /** The rule that must see it. */
  readonly rule: string;
}

const restricted = "eslint(no-restricted-imports)";
const globals = "eslint(no-restricted-globals)";
const core = "packages/core/src";
const server = "packages/server/src";
const emulator = "packages/emulator/src";

/** One fault for each rule about who may know whom or what. */
export const faults: readonly Fault[] = [
  {
    name: "core imports Node",
    folder: `${core}/translate`,
    text: `import { readFileSync } from "node:fs";\nexport const text = readFileSync("a", "utf8");`,
    rule: restricted,
  },
  {
    name: "core imports a package",
    folder: `${core}/models`,
    text: `export { z } from "zod";`,
    rule: restricted,
  },
  {
    name: "core imports another package of ours",
    folder: core,
    text: `export type { Server } from "@agp/server";`,
    rule: restricted,
  },
  {
    name: "core reaches into another package by path",
    folder: core,
    text: `export * from "../../server/src/index.ts";`,
    rule: restricted,
  },
  {
    name: "core reads the clock",
    folder: `${core}/pool`,
    text: `export const now = () => Date.now();`,
    rule: globals,
  },
  {
    name: "core makes a date",
    folder: core,
    text: `export const now = () => new Date().toISOString();`,
    rule: globals,
  },
  {
    name: "core measures time",
    folder: core,
    text: `export const now = () => performance.now();`,
    rule: globals,
  },
  {
    name: "core throws dice",
    folder: `${core}/routing`,
    text: `export const dice = () => Math.random();`,
    rule: "eslint(no-restricted-properties)",
  },
  {
    name: "core makes an id",
    folder: core,
    text: `export const id = () => crypto.randomUUID();`,
    rule: globals,
  },
  {
    name: "core reads the environment",
    folder: core,
    text: `export const port = () => process.env["PORT"];`,
    rule: globals,
  },
  {
    name: "anthropic/ knows google/",
    folder: `${core}/anthropic`,
    text: `export type { Part } from "../google/generate-content.ts";`,
    rule: restricted,
  },
  {
    name: "a folder of anthropic/ knows translate/",
    folder: `${core}/anthropic/deep`,
    text: `export * from "../../translate/blocks/text.ts";`,
    rule: restricted,
  },
  {
    name: "google/ knows translate/",
    folder: `${core}/google`,
    text: `export type { TranslateContext } from "../translate/context.ts";`,
    rule: restricted,
  },
  {
    name: "google/ knows Anthropic's messages",
    folder: `${core}/google`,
    text: `import type { MessagesRequest } from "../anthropic/messages.ts";\nexport type A = MessagesRequest;`,
    rule: restricted,
  },
  {
    name: "google/ knows Anthropic's errors",
    folder: `${core}/google`,
    text: `export * from "../anthropic/errors.ts";`,
    rule: restricted,
  },
  {
    name: "pool/ sees what an Anthropic message holds",
    folder: `${core}/pool`,
    text: `import type { ToolUseBlockParam } from "../anthropic/messages.ts";\nexport type A = ToolUseBlockParam;`,
    rule: restricted,
  },
  {
    name: "routing/ sees what a Google message holds",
    folder: `${core}/routing`,
    text: `import type { Part } from "../google/generate-content.ts";\nexport type A = Part;`,
    rule: restricted,
  },
  {
    name: "routing/ translates",
    folder: `${core}/routing`,
    text: `export * from "../translate/context.ts";`,
    rule: restricted,
  },
  {
    name: "the dashboard knows the server",
    folder: "packages/tui/src",
    text: `export type { Server } from "@agp/server";`,
    rule: restricted,
  },
  {
    name: "the dashboard reaches into the server by path",
    folder: "packages/tui/src/views",
    text: `export * from "../../../server/src/index.ts";`,
    rule: restricted,
  },
  {
    name: "the emulator runs core's code",
    folder: emulator,
    text: `import { assertNever } from "@agp/core";\nexport const never = assertNever;`,
    rule: restricted,
  },
  {
    name: "the emulator knows the server",
    folder: emulator,
    text: `export * from "@agp/server";`,
    rule: restricted,
  },
  {
    name: "the server starts the emulator outside the demo",
    folder: `${server}/http`,
    text: `export * from "@agp/emulator";`,
    rule: restricted,
  },
  {
    name: "a package is entered beside its door",
    folder: server,
    text: `export * from "@agp/core/src/anthropic/messages.ts";`,
    rule: restricted,
  },
  {
    name: "a promise floats",
    folder: server,
    text: `const work = async () => 1;\nexport const start = () => {\n  work();\n};`,
    rule: "typescript(no-floating-promises)",
  },
  {
    name: "a switch misses a case",
    folder: core,
    text: `export function size(kind: "a" | "b"): number {\n  switch (kind) {\n    case "a":\n      return 1;\n  }\n  return 2;\n}`,
    rule: "typescript(switch-exhaustiveness-check)",
  },
  {
    name: "a type is any",
    folder: server,
    text: `export const same = (input: any): unknown => input;`,
    rule: "typescript(no-explicit-any)",
  },
];

/** What looks like a fault and is none: the exceptions that the rules make. */
export const allowed: readonly Planted[] = [
  {
    name: "google/ takes the type of JSON",
    folder: `${core}/google`,
    text: `import type { JsonObject } from "../anthropic/messages.ts";\nexport type A = JsonObject;`,
  },
  {
    name: "google/ takes its own and the shared files",
    folder: `${core}/google`,
    text: `export * from "../assert-never.ts";\nexport * from "./cloud-code.ts";`,
  },
  {
    name: "routing/ takes a request as a whole",
    folder: `${core}/routing`,
    text: `import type { MessagesRequest } from "../anthropic/messages.ts";\nexport type A = MessagesRequest;`,
  },
  {
    name: "translate/ knows both formats",
    folder: `${core}/translate`,
    text: `export * from "../anthropic/messages.ts";\nexport * from "../google/cloud-code.ts";`,
  },
  {
    name: "the emulator takes core's types",
    folder: emulator,
    text: `import type { Part } from "@agp/core";\nexport type A = Part;`,
  },
  {
    name: "the demo starts the emulator",
    folder: `${server}/demo`,
    text: `export * from "@agp/emulator";`,
  },
];
