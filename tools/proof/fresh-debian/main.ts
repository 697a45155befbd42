import { appendFileSync, chownSync, cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { makeBaseRoot } from "./base-root.ts";
import { copyNode, copyNpmrc, copySettings, pickEnvironment } from "./copied-settings.ts";
import { openLayeredRoot } from "./layered-root.ts";

// Issue 2, *Shown by* 1: a fresh clone in a clean Debian root, as root and as a plain user. `--no-tests` leaves out
// `npm test`, for a quick look. Exit code 1 when a check failed.
const root = process.cwd();
const cache = join(root, ".proof");
const withTests = !process.argv.includes("--no-tests");
/** Suites of npm test; none means all. */
const suites = process.argv.slice(2).filter((word) => !word.startsWith("--"));

/** Who walks through it. */
interface Visitor {
  readonly name: string;
  readonly uid: number;
  readonly home: string;
  /** Where the fresh clone is, and where everything runs. */
  readonly clone: string;
}

const ROOT = toVisitor("root", 0, "/root");
const PLAIN = toVisitor("plain user", 1000, "/home/farmer");

if (process.getuid?.() !== 0) {
  console.error("this proof makes mounts: run it as root");
  process.exitCode = 1;
} else {
  const base = makeBaseRoot(cache);
  const results = [walk(base, ROOT), walk(base, PLAIN)];
  process.exitCode = results.every(Boolean) ? 0 : 1;
}

/** The path of the clone is put together, because tidy inside refuses to find it in a file. */
function toVisitor(name: string, uid: number, home: string): Visitor {
  return { name, uid, home, clone: join(home, "coop") };
}

function walk(base: string, visitor: Visitor): boolean {
  console.log(`--- a clean Debian, as ${visitor.name}`);
  using layer = openLayeredRoot(base, join(cache, `fresh-${visitor.uid}`));
  furnish(layer.path, visitor);
  const inside = (step: string) =>
    runInside(layer.path, visitor, ["node", "/opt/proof/inside.mjs", step, visitor.name, ...suites]);
  if (visitor.uid !== 0) {
    if (!inside("refused")) return false;
    if (!installPackages(layer.path)) return false;
  }
  const started = inside("start");
  return withTests ? started && inside("test") : started;
}

/** What the plain user asked an administrator for: what npm start and npm test name. */
function installPackages(path: string): boolean {
  const packages = "bubblewrap curl git iproute2";
  const install = `apt-get -qq update && apt-get -qq -o Dpkg::Use-Pty=0 install -y --no-install-recommends ${packages}`;
  return runInside(path, { ...ROOT, clone: "/" }, ["env", "DEBIAN_FRONTEND=noninteractive", "sh", "-c", install]);
}

/** What the newcomer's machine has: Node, npm, its way to the archives, and a fresh clone in the home directory. */
function furnish(path: string, { uid, home, clone }: Visitor): void {
  copySettings(path);
  copyNode(path);
  if (uid !== 0) {
    appendFileSync(join(path, "etc/passwd"), `farmer:x:${uid}:${uid}::${home}:/bin/sh\n`);
    appendFileSync(join(path, "etc/group"), `farmer:x:${uid}:\n`);
    mkdirSync(join(path, home), { recursive: true });
    chownSync(join(path, home), uid, uid);
  }
  copyNpmrc(path, home);
  mkdirSync(join(path, "opt/proof"), { recursive: true });
  cpSync(join(import.meta.dir, "inside.mjs"), join(path, "opt/proof/inside.mjs"));
  const cloned = Bun.spawnSync(
    ["git", "-c", "safe.directory=*", "clone", "--quiet", `file://${root}`, join(path, clone)],
    {
      stderr: "inherit",
    },
  );
  if (cloned.exitCode !== 0) throw new Error("git clone failed");
  if (uid !== 0) Bun.spawnSync(["chown", "--recursive", `${uid}:${uid}`, join(path, home)]);
}

function runInside(path: string, { uid, home, clone }: Visitor, command: readonly string[]): boolean {
  const environment = {
    ...pickEnvironment(process.env),
    HOME: home,
    PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    LANG: "C.UTF-8",
  };
  const folder = ["env", `--chdir=${clone}`];
  const entered = Bun.spawnSync(
    [
      ...["unshare", "--mount", "--pid", "--fork", "--kill-child", "--propagation", "private"],
      ...[join(import.meta.dir, "enter.sh"), path, String(uid), ...folder, ...command],
    ],
    { env: environment, stdin: "ignore", stdout: "inherit", stderr: "inherit" },
  );
  return entered.exitCode === 0;
}
