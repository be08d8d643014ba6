// The tools that a setup needs: which Node runs, how a pinned package comes, how a command is run.
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const home = join(root, ".toolchain");
export const platform = `${process.platform}-${process.arch}`;
const pins = JSON.parse(fs.readFileSync(join(root, "scripts/toolchain.json"), "utf8"));
const placeOf = (pin) => join(home, `${pin.name}-${pin.version}`);
const entryOf = (pin, place = placeOf(pin)) => join(place, "node_modules", pin.name, pin.entry);

export const nodePin = pins.node[platform] ?? { name: "node", version: "none", entry: platform };
export const pnpmPin = pins.pnpm;
const [major, minor] = process.versions.node.split(".").map(Number);
// 22.19 and 23.6 are the first of their lines that run TypeScript as it stands.
const isNewEnough = major > 23 || (major === 23 && minor >= 6) || (major === 22 && minor >= 19);
export const node = isNewEnough ? process.execPath : entryOf(nodePin);
export const pnpm = entryOf(pnpmPin);

const hints = [
  [/spawn npm ENOENT|npm: not found/, "Install npm beside Node (Debian: apt install npm)."],
  [/ENOSPC|no space left/i, "The disk is full: free about 1 GB."],
  [/EROFS|EACCES|EPERM/, `Make ${root} writable for this user.`],
  [/EINTEGRITY/, "What came is not what scripts/toolchain.json pins: npm cache verify."],
  [/Trying node/, "This system cannot run that build: install Node 22.19 or newer yourself."],
  [
    /ENOTFOUND|EAI_AGAIN|ECONN|TIMEDOUT|TIMEOUT|UNREACH|ENOTCACHED|network/,
    "Check the network, HTTPS_PROXY, and the registry (npm config get registry).",
  ],
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

/** Runs the project's Node with that Node first on PATH. @throws Error with the last lines */
export function runNode(title, args) {
  const PATH = `${dirname(node)}${delimiter}${process.env.PATH}`;
  return execute(title, node, args, { env: { PATH } });
}

/** Installs one pinned package with npm, aside first: a half-finished one is never used. */
export async function download(title, pin) {
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
  await execute(title, "npm", args, { cwd: aside, shell });
  if (pin === nodePin) await execute("Trying node", entryOf(pin, aside), ["--version"], {});
  fs.renameSync(aside, placeOf(pin));
}
