import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runToEnd } from "./child.mjs";
import { BootError, sayLong } from "./say.mjs";

/** The oldest npm that reads our lockfile and knows workspaces as we use them. */
const NPM_MAJOR_MIN = 9;
/**
 * From here on `install-strategy=linked` works. Before it npm calls it experimental, and npm 9 leaves out optional
 * packages (Bun's own binary among them), so older ones are told to hoist; tidy's import scan holds the borders there.
 */
const NPM_MAJOR_LINKED = 11;

/**
 * Installs the npm packages when what lies in node_modules is not what the lockfile says. Costs a few milliseconds when
 * it is: two files are compared, no stamp is kept that could be wrong.
 *
 * @param {string} root
 */
export async function ensureNpmPackages(root) {
  if (whatIsMissing(root) === undefined) return;
  const npm = findNpm();
  const strategy = npm.major >= NPM_MAJOR_LINKED ? "linked" : "hoisted";
  const done = sayLong("installing npm packages (some 250 MB, the first time only)");
  const args = [
    ...npm.args,
    "ci",
    `--install-strategy=${strategy}`,
    "--no-audit",
    "--no-fund",
    "--no-progress",
    "--loglevel=error",
  ];
  const exitCode = await runToEnd(npm.program, args, { cwd: root });
  if (exitCode !== 0) {
    throw new BootError(
      `npm ci ended with ${exitCode}; its own message is above`,
      "Check the network (npm ping) and that this folder is yours to write, then run the same command again.",
    );
  }
  done();
  const missing = whatIsMissing(root);
  if (missing !== undefined) {
    throw new BootError(`npm ci ended well, but ${missing}`, "Remove node_modules and run the same command again.");
  }
}

/**
 * Compares the lockfile with what npm noted in node_modules, and every workspace's dependencies with what resolves.
 *
 * @param {string} root
 * @returns {string | undefined} the first thing that is not as the lockfile says, as a clause; undefined when all is
 */
export function whatIsMissing(root) {
  const installedPath = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(installedPath)) return "node_modules is missing or was left half made";
  const wanted = readLock(join(root, "package-lock.json"));
  const installed = new Set(
    Object.entries(readLock(installedPath)).map(([path, entry]) => `${toPackageName(path)}@${entry.version}`),
  );
  for (const [path, entry] of Object.entries(wanted)) {
    if (path.startsWith("packages/")) {
      const dependency = Object.keys(entry.dependencies ?? {}).find((name) => !resolves(root, path, name));
      if (dependency !== undefined) return `${path} does not find ${dependency}`;
    } else if (path !== "" && entry.link !== true && entry.optional !== true) {
      const id = `${toPackageName(path)}@${entry.version}`;
      if (!installed.has(id)) return `${id} is not installed`;
    }
  }
  return undefined;
}

/**
 * @typedef {{ version?: string, link?: boolean, optional?: boolean, dependencies?: Record<string, string> }} LockEntry
 * @param {string} path
 * @returns {Record<string, LockEntry>}
 */
function readLock(path) {
  return JSON.parse(readFileSync(path, "utf8")).packages;
}

/** @param {string} path of a lockfile entry, as `node_modules/a/node_modules/@b/c` */
function toPackageName(path) {
  return path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
}

/**
 * @param {string} root
 * @param {string} workspace
 * @param {string} name
 */
function resolves(root, workspace, name) {
  return existsSync(join(root, workspace, "node_modules", name)) || existsSync(join(root, "node_modules", name));
}

/** The npm that runs this script, or the one on PATH. */
function findNpm() {
  const cli = process.env.npm_execpath;
  const isNpm = cli?.endsWith("npm-cli.js") === true && existsSync(cli);
  const npm = isNpm ? { program: process.execPath, args: [cli] } : { program: "npm", args: [] };
  const answer = spawnSync(npm.program, [...npm.args, "--version"], { encoding: "utf8", timeout: 30_000 });
  const major = Number.parseInt(answer.stdout ?? "", 10);
  if (Number.isNaN(major)) throw new BootError("npm does not answer", "Install npm 10 or newer; it comes with Node.");
  if (major < NPM_MAJOR_MIN) {
    throw new BootError(`npm ${answer.stdout.trim()} is too old`, "Update it: npm install --global npm@10");
  }
  return { ...npm, major };
}
