// Stands in for npm: notes each call, then lays down what `npm ci` would: the running Node under
// the pinned name, or a pnpm that lays down a tsc. FAKE_NPM says what goes wrong instead.
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

const log = process.env.FAKE_LOG;
const manifest = JSON.parse(readFileSync("package.json", "utf8"));
const [[name, version]] = Object.entries(manifest.dependencies);
const locked = JSON.parse(readFileSync("package-lock.json", "utf8"));
const { integrity } = locked.packages[`node_modules/${name}`];
appendFileSync(
  log,
  `npm ${process.argv.slice(2).join(" ")} ${name}@${version} ${integrity.slice(0, 7)}\n`,
);

const FAULTS = {
  network: "npm error code ENOTFOUND\nnpm error network request to the registry failed",
  disk: "npm error code ENOSPC\nnpm error nospc no space left on device",
  integrity: "npm error code EINTEGRITY\nnpm error sha512-x integrity checksum failed",
  registry: "npm error code E404\nnpm error 404 Not Found",
};

const TSC = `
import { appendFileSync, existsSync, mkdirSync, readdirSync, writeFileSync, readFileSync } from "node:fs";
appendFileSync(process.env.FAKE_LOG, "tsc " + process.argv.slice(2).join(" ") + "\\n");
for (const name of readdirSync("packages")) {
  if (!existsSync("packages/" + name + "/src")) continue;
  mkdirSync("packages/" + name + "/dist", { recursive: true });
  for (const file of readdirSync("packages/" + name + "/src")) {
    if (!/(?<!\\.test)\\.ts$/.test(file)) continue;
    const source = readFileSync("packages/" + name + "/src/" + file, "utf8");
    if (source.includes("TYPE ERROR")) {
      console.log("packages/" + name + "/src/" + file + "(1,1): error TS2322: that does not fit");
      process.exit(2);
    }
    writeFileSync("packages/" + name + "/dist/" + file.replace(/ts$/, "js"), source);
  }
}
`;
const PNPM = `
import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
const options = JSON.stringify([process.env.NODE_OPTIONS, process.env.NODE_ENV]);
appendFileSync(process.env.FAKE_LOG, "pnpm " + process.argv.slice(2).join(" ") + " " + options + "\\n");
mkdirSync("node_modules/typescript/bin", { recursive: true });
writeFileSync("node_modules/typescript/package.json", '{"type":"module"}');
writeFileSync("node_modules/typescript/bin/tsc", ${JSON.stringify(TSC)});
`;

const target = join("node_modules", name, "bin");
mkdirSync(target, { recursive: true });
const fault = process.env.FAKE_NPM;
if (fault === "hang") {
  console.error(`hanging in ${process.cwd()}`);
  appendFileSync(log, "hanging\n");
  setInterval(() => {}, 1_000);
} else if (fault !== undefined) {
  console.error(FAULTS[fault]);
  process.exitCode = 1;
} else if (name === "pnpm") {
  writeFileSync(join(target, "pnpm.mjs"), PNPM);
} else if (process.env.FAKE_NODE === "broken") {
  writeFileSync(join(target, "node"), "#!/bin/sh\nexit 127\n");
  chmodSync(join(target, "node"), 0o755);
} else {
  symlinkSync(process.env.FAKE_NODE, join(target, "node"));
}
