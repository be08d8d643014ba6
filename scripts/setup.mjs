// Gets a checkout ready to run: Node, pnpm, packages, build. Why so: docs/adr/0001-launcher.md
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { join } from "node:path";
import { withLock } from "./setup-lock.mjs";
import * as tools from "./setup-tools.mjs";

const { home, node, nodePin, platform, pnpm, pnpmPin, root } = tools;
const inRoot = (path) => join(root, path);

function filesBelow(directory) {
  return fs.readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return entry.name === "__fixtures__" ? [] : filesBelow(path);
    return /\.test\.tsx?$/.test(entry.name) ? [] : [path];
  });
}

/** Of contents, not times: a checkout that went to another branch and back is still built. */
function digest(paths, ...salts) {
  const hash = createHash("sha256").update(JSON.stringify(salts));
  for (const path of paths) {
    hash.update(`\0${path.slice(root.length)}\0`).update(fs.readFileSync(path));
  }
  return hash.digest("hex");
}

function isStamped(stamp, value) {
  const path = join(home, stamp);
  return fs.existsSync(path) && fs.readFileSync(path, "utf8") === value;
}

async function stamped(stamp, value, work) {
  fs.rmSync(join(home, stamp), { force: true });
  await work();
  fs.writeFileSync(join(home, stamp), value);
}

/** tsc trusts its notes: it does not make again what is gone, nor remove what has no source now. */
function tidyOutputs(packages) {
  for (const path of packages) {
    const [output, source] = [join(path, "dist"), join(path, "src")];
    if (!fs.existsSync(output)) fs.rmSync(join(path, "tsconfig.tsbuildinfo"), { force: true });
    for (const file of fs.existsSync(output) ? filesBelow(output) : []) {
      const stem = join(source, file.slice(output.length).replace(/(\.d)?\.\w+(\.map)?$/, ""));
      if (![".ts", ".tsx"].some((type) => fs.existsSync(stem + type))) fs.rmSync(file);
    }
  }
}

/** What this checkout still needs, in order: `{ title, run }` each. */
function missingSteps(withBuild) {
  const folders = fs.readdirSync(inRoot("packages")).map((name) => inRoot(`packages/${name}`));
  // Another branch leaves its ignored files behind: such a folder is no package.
  const packages = folders.filter((path) => fs.existsSync(join(path, "package.json")));
  const inEach = (name) => [root, ...packages].map((path) => join(path, name));
  const locks = ["pnpm-lock.yaml", "pnpm-workspace.yaml"].map(inRoot);
  const installed = digest([...inEach("package.json"), ...locks], pnpmPin.version, platform);
  const isInstalled = isStamped("installed", installed) && fs.existsSync(inRoot("node_modules"));
  const configs = [...inEach("tsconfig.json"), inRoot("tsconfig.base.json")];
  const sources = packages.flatMap((path) => filesBelow(join(path, "src"))).sort();
  const built = digest([...configs, ...sources], installed);
  const hasOutputs = packages.every((path) => fs.existsSync(join(path, "dist")));
  const install = ["install", "--frozen-lockfile", "--prefer-offline"];
  install.push("--config.confirm-modules-purge=false"); // there is nobody to ask
  return [
    {
      title: `Getting Node ${nodePin.version}`,
      isDone: fs.existsSync(node),
      run: (title) => tools.download(title, nodePin),
    },
    {
      title: `Getting pnpm ${pnpmPin.version}`,
      isDone: isInstalled || fs.existsSync(pnpm),
      run: (title) => tools.download(title, pnpmPin),
    },
    {
      title: "Installing packages",
      isDone: isInstalled,
      run: (title) =>
        stamped("installed", installed, () => tools.runNode(title, [pnpm, ...install])),
    },
    {
      title: "Building",
      isDone: !withBuild || (hasOutputs && isStamped("built", built)),
      run: (title) =>
        stamped("built", built, () => {
          tidyOutputs(packages);
          return tools.runNode(title, [inRoot("node_modules/typescript/bin/tsc"), "-b"]);
        }),
    },
  ].filter((step) => !step.isDone);
}

async function withProgress({ title, run }) {
  const { stderr } = process;
  stderr.write(stderr.isTTY ? `${title} …` : `${title} …\n`);
  const ticker = stderr.isTTY ? setInterval(() => stderr.write("."), 1_000) : undefined;
  try {
    await run(title);
  } finally {
    clearInterval(ticker);
    if (stderr.isTTY) stderr.write("\n");
  }
}

/** Does what is missing and returns the path of the Node to use. @throws Error, for `explain` */
export async function setUp(withBuild) {
  if (missingSteps(withBuild).length === 0) return node;
  fs.mkdirSync(home, { recursive: true });
  await withLock(join(home, "lock"), async () => {
    for (const step of missingSteps(withBuild)) await withProgress(step);
  });
  return node;
}
