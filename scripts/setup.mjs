// Gets a checkout ready to run: Node, pnpm, packages, build. Why so: docs/adr/0001-launcher.md
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { withLock } from "./setup-lock.mjs";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const home = join(root, ".toolchain");
const pins = JSON.parse(fs.readFileSync(join(root, "scripts/toolchain.json"), "utf8"));
const platform = `${process.platform}-${process.arch}`;
const placeOf = (pin) => join(home, `${pin.name}-${pin.version}`);
const entryOf = (pin, place = placeOf(pin)) => join(place, "node_modules", pin.name, pin.entry);
const [major, minor] = process.versions.node.split(".").map(Number);
// 22.19 and 23.6 are the first of their lines that run TypeScript as it stands.
const isNewEnough = major > 23 || (major === 23 && minor >= 6) || (major === 22 && minor >= 19);
const nodePin = pins.node[platform] ?? { name: "node", version: "none", entry: platform };
const node = isNewEnough ? process.execPath : entryOf(nodePin);

const hints = [
  [/spawn npm ENOENT|npm: not found/, "Install npm beside Node (Debian: apt install npm)."],
  [/ENOSPC|no space left/i, "The disk is full: free about 1 GB."],
  [/EROFS|EACCES|EPERM/, `Make ${root} writable for this user.`],
  [/EINTEGRITY/, "What came is not what scripts/toolchain.json pins: npm cache verify."],
  [
    /ENOTFOUND|EAI_AGAIN|ECONN|TIMEDOUT|TIMEOUT|UNREACH|ENOTCACHED|network/,
    "Check the network, HTTPS_PROXY, and the registry (npm config get registry).",
  ],
  [/Trying node/, "This system cannot run that build: install Node 22.19 or newer yourself."],
];

/** The error's message and, where it is known, what to do. */
export function explain({ message }) {
  const hint = hints.find(([sign]) => sign.test(message))?.[1];
  return hint === undefined ? message : `${message}\n${hint} Then run this again.`;
}

async function execute(title, command, args, options) {
  // NODE_OPTIONS and NODE_ENV are meant for the program that runs in the end.
  const env = { ...process.env, NODE_OPTIONS: "", NODE_ENV: "", ...options.env };
  const stdio = ["ignore", "pipe", "pipe"];
  const child = spawn(command, args, { cwd: root, stdio, ...options, env });
  const kill = () => child.kill();
  process.once("exit", kill);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => (output = (output + text).slice(-20_000)));
  }
  const end = await new Promise((resolve) => child.on("error", resolve).on("close", resolve));
  process.off("exit", kill);
  if (end === 0) return;
  const lines = `${output}\n${end?.message ?? ""}`.trim().split("\n").slice(-12);
  throw new Error(`${title} failed:\n${lines.join("\n")}`);
}

/** Installs one pinned package with npm, aside first: a half-finished one is never used. */
async function download(pin) {
  const { name, version, integrity } = pin;
  if (integrity === undefined) throw new Error(`Trying node: no build is pinned for ${platform}.`);
  const aside = join(home, "new");
  const manifest = { private: true, dependencies: { [name]: version } };
  const packages = { "": manifest, [`node_modules/${name}`]: { version, integrity } };
  const locked = { lockfileVersion: 3, requires: true, packages };
  fs.rmSync(aside, { recursive: true, force: true });
  fs.mkdirSync(aside);
  fs.writeFileSync(join(aside, "package.json"), JSON.stringify(manifest));
  fs.writeFileSync(join(aside, "package-lock.json"), JSON.stringify(locked));
  const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"];
  args.push("--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000"); // not 70 s of silence
  const shell = process.platform === "win32"; // npm is npm.cmd there
  await execute(`Getting ${name} ${version}`, "npm", args, { cwd: aside, shell });
  if (pin === nodePin) await execute("Trying node", entryOf(pin, aside), ["--version"], {});
  fs.renameSync(aside, placeOf(pin));
}

async function runNode(title, args, stamp, value) {
  const PATH = `${dirname(node)}${delimiter}${process.env.PATH}`;
  fs.rmSync(join(home, stamp), { force: true });
  await execute(title, node, args, { env: { PATH } });
  fs.writeFileSync(join(home, stamp), value);
}

function filesBelow(directory) {
  return fs.readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return entry.name === "__fixtures__" ? [] : filesBelow(path);
    return /\.test\.tsx?$/.test(entry.name) ? [] : [path];
  });
}

/** Of contents, not times: a checkout that went to another branch and back is still built. */
function digest(paths, ...salts) {
  const hash = createHash("sha256").update(JSON.stringify([paths, salts]));
  for (const path of paths) hash.update(fs.readFileSync(path)).update("\0");
  return hash.digest("hex");
}

function isStamped(stamp, value) {
  const path = join(home, stamp);
  return fs.existsSync(path) && fs.readFileSync(path, "utf8") === value;
}

/** What this checkout still needs, in order: `[title, run]` each. */
function missingSteps(withBuild) {
  const inRoot = (...names) => names.map((name) => join(root, name));
  const folders = fs.readdirSync(join(root, "packages")).map((name) => `packages/${name}`);
  // Another branch leaves its ignored files behind: such a folder is no package.
  const packages = inRoot(...folders).filter((path) => fs.existsSync(join(path, "package.json")));
  const inEach = (name) => [root, ...packages].map((path) => join(path, name));
  const manifests = [...inEach("package.json"), ...inRoot("pnpm-lock.yaml", "pnpm-workspace.yaml")];
  const installed = digest(manifests, pins.pnpm.version, platform);
  const isInstalled = isStamped("installed", installed) && fs.existsSync(...inRoot("node_modules"));
  const sources = packages.flatMap((path) => filesBelow(join(path, "src"))).sort();
  const configs = [...inEach("tsconfig.json"), ...inRoot("tsconfig.base.json")];
  const built = digest([...configs, ...sources], installed);
  const outputs = packages.map((path) => join(path, "dist"));
  const isBuilt = isStamped("built", built) && outputs.every(fs.existsSync);
  const pnpm = entryOf(pins.pnpm);
  const install = [pnpm, "install", "--frozen-lockfile", "--prefer-offline"];
  const build = (title) => {
    for (const output of outputs) fs.rmSync(output, { recursive: true, force: true });
    const args = [...inRoot("node_modules/typescript/bin/tsc"), "-b", "--force"];
    return runNode(title, args, "built", built);
  };
  return [
    [fs.existsSync(node), `Getting Node ${nodePin.version}`, () => download(nodePin)],
    [
      isInstalled || fs.existsSync(pnpm),
      `Getting pnpm ${pins.pnpm.version}`,
      () => download(pins.pnpm),
    ],
    [
      isInstalled,
      "Installing packages",
      (title) => runNode(title, install, "installed", installed),
    ],
    [isBuilt || !withBuild, "Building", build],
  ].filter(([isDone]) => !isDone);
}

async function withProgress(title, run) {
  const { stderr } = process;
  stderr.write(stderr.isTTY ? `${title} …` : `${title} …\n`);
  const ticker = stderr.isTTY ? setInterval(() => stderr.write("."), 1_000) : undefined;
  await run(title).finally(() => ticker && stderr.write("\n"));
  clearInterval(ticker);
}

/** Does what is missing and returns the path of the Node to use. @throws Error, for `explain` */
export async function setUp(withBuild) {
  if (missingSteps(withBuild).length === 0) return node;
  fs.mkdirSync(home, { recursive: true });
  await withLock(join(home, "lock"), async () => {
    for (const [, title, run] of missingSteps(withBuild)) await withProgress(title, run);
  });
  return node;
}
