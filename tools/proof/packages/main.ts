import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { hostTarget } from "../../pack/targets.ts";
import { buildDeb } from "../../ship/deb/build-deb.ts";
import { build, openRelease } from "../../ship/release.ts";
import { makeBaseRoot } from "../fresh-debian/base-root.ts";
import { copySettings, pickEnvironment } from "../fresh-debian/copied-settings.ts";
import { openLayeredRoot } from "../fresh-debian/layered-root.ts";
import { walkAlone } from "./alone-walk.ts";
import { bootRoot } from "./booted-root.ts";
import { type Checks, openChecks } from "./checks.ts";
import { walkDeb } from "./deb-walk.ts";

// Issue 10, *Shown by* 1 (`deb`) and 2 (`alone`): in a clean Debian root that runs its own systemd. `--previous FILE` takes a
// package that was released before; without it the previous build is this one under a lower version. Exit code 1 when a
// check failed.
const root = process.cwd();
const cache = join(root, ".proof");
const { values, positionals } = parseArgs({ allowPositionals: true, options: { previous: { type: "string" } } });
const SERVER = { name: "server", packages: ["systemd-sysv", "dbus", "curl", "procps", "iproute2", "zstd"] };

if (process.getuid?.() !== 0) {
  console.error("this proof makes mounts and boots a root: run it as root");
  process.exitCode = 1;
} else {
  const checks = openChecks();
  await prove(positionals[0] ?? "", checks);
  process.exitCode = checks.failures === 0 ? 0 : 1;
}

async function prove(what: string, checks: Checks): Promise<void> {
  const target = hostTarget();
  if (target?.os !== "linux" || (what !== "deb" && what !== "alone")) throw new Error("on Linux: deb or alone");
  const base = makeBaseRoot(cache, SERVER);
  const release = openRelease(root, join(cache, "packages"));
  const built = await build(release, target);
  using layer = openLayeredRoot(base, join(cache, `packages-${what}`));
  const inbox = join(layer.path, "opt/inbox");
  mkdirSync(inbox, { recursive: true });
  copySettings(layer.path);
  if (what === "alone") {
    prepare(layer.path, "apt-get -qq install -y --no-install-recommends bubblewrap");
    copyFileSync(built.executable, join(inbox, "coop"));
    using booted = await bootRoot(layer.path);
    walkAlone(booted, "/opt/inbox/coop", checks);
    return;
  }
  const { executable, thirdParty, bill } = built;
  const toDeb = (version: string) =>
    buildDeb({
      ...release,
      executable,
      thirdParty,
      bill,
      version,
      folder: inbox,
      architecture: target.cpu === "x64" ? "amd64" : "arm64",
    });
  const current = toDeb(release.version);
  const previous = values.previous === undefined ? toDeb(`${release.version}~previous`) : join(inbox, "previous.deb");
  if (values.previous !== undefined) copyFileSync(values.previous, previous);
  const inside = (path: string) => path.slice(layer.path.length); // `/opt/inbox/…`
  prepare(layer.path, `apt-get -qq install -y --no-install-recommends --download-only ${inside(previous)}`);
  using booted = await bootRoot(layer.path);
  walkDeb(booted, { previous: inside(previous), current: inside(current), version: release.version }, checks);
}

/** While the root still has this machine's network: a command of apt. */
function prepare(path: string, command: string): void {
  const enter = join(import.meta.dir, "../fresh-debian/enter.sh");
  const ran = Bun.spawnSync(
    [
      ...["unshare", "--mount", "--pid", "--fork", "--kill-child", "--propagation", "private", enter, path, "0"],
      ...["sh", "-c", `apt-get -qq update && ${command}`],
    ],
    {
      env: {
        ...pickEnvironment(process.env),
        PATH: "/usr/sbin:/usr/bin:/sbin:/bin",
        DEBIAN_FRONTEND: "noninteractive",
      },
      stdin: "ignore",
      stdout: "ignore",
      stderr: "pipe",
    },
  );
  if (ran.exitCode !== 0) throw new Error(`apt failed:\n${ran.stderr.toString()}`);
}
