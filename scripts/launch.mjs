#!/usr/bin/env node
// Entry of every command that needs the project's Node; plain JavaScript for Node 18 and up.
//   launch.mjs [--no-build] scripts/x.mjs [args…]   runs that script of the checkout
//   launch.mjs --setup                              only sets up and builds
//   launch.mjs [args…]                              (also as `agp`) runs the server's command line
import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { explain, root } from "./setup-tools.mjs";
import { setUp } from "./setup.mjs";

let child;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => {
    if (child === undefined) process.exit(128 + constants.signals[signal]);
    // A terminal signals its whole foreground group; sent on as well, Ctrl-C would count twice.
    if (signal === "SIGTERM" || !hasTerminal()) child.kill(signal);
  });
}

function hasTerminal() {
  try {
    closeSync(openSync("/dev/tty", "r"));
    return true;
  } catch {
    return false;
  }
}

const args = process.argv.slice(2);
const option = ["--no-build", "--setup"].includes(args[0]) ? args.shift() : "";
const script = /\.m?[jt]s$/.test(args[0] ?? "") ? args.shift() : "packages/server/dist/main.js";
try {
  const node = await setUp(option !== "--no-build");
  if (option === "--setup") process.exit(0);
  child = spawn(node, [join(root, script), ...args], { stdio: "inherit" });
  child.on("exit", (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
} catch (error) {
  console.error(explain(error));
  process.exitCode = 1;
}
