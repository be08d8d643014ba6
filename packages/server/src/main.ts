#!/usr/bin/env node
import { enableCompileCache } from "node:module";

// Before anything else is loaded: later starts skip compiling what the first one compiled.
enableCompileCache();

const { runCli } = await import("./commands/run-cli.ts");
process.exitCode = await runCli(process.argv.slice(2));
