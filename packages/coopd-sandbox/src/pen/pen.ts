import { chownSync, lstatSync, mkdirSync, readdirSync, realpathSync } from "node:fs";
import { CoopError, type HenId, henName, type NetworkSpec, type ResourcesSpec } from "coopd-core";
import type { ResourceLimits } from "../limits/resource-limits.ts";

/** A hen's own enclosure: its folder, its uid and what it may read of the host. */
export interface Pen {
  readonly henId: HenId;
  readonly name: string;
  /** The hen's uid and gid on the host where the daemon is root. */
  readonly uid: number | undefined;
  /** Host path of the hen's folder, `<data>/workdirs/<key>`. */
  readonly workdir: string;
  /** The folder as the hen sees it, `/home/NAME`. */
  readonly home: string;
  /** Host path by which bwrap reaches the folder: the workdir, or where a root daemon mounts it for a launch. */
  readonly bindSource: string;
  /** Host paths that the hen sees read-only. */
  readonly read: readonly string[];
  readonly limits: ResourceLimits;
}

export interface PenParts {
  readonly henId: HenId;
  readonly uid: number | undefined;
  /** The manifest's `sandbox.read`. */
  readonly read?: readonly string[];
  /** The manifest's `resources`; without it the defaults hold. */
  readonly resources?: ResourcesSpec | null;
  /**
   * The manifest's `network`, null for a manifest without one (open); left out: no network. Taken when the sandbox meets
   * the hen; from then on only `Sandbox.setNetwork` changes it, so that a job with an older manifest undoes no change.
   */
  readonly network?: NetworkSpec | null;
}

/**
 * Makes the hen's folder (0700, its own uid's) when it is not there.
 *
 * @throws CoopError `sandbox_failed` when something else is in its place, or it belongs to somebody else.
 */
export function ensureWorkdir(workdir: string, uid: number | undefined): void {
  try {
    mkdirSync(workdir, { mode: 0o700 });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EEXIST") throw cause;
  }
  const found = lstatSync(workdir);
  if (!found.isDirectory()) throw new CoopError("sandbox_failed", "a hen's workdir is not a directory");
  const self = process.getuid?.() ?? -1;
  const owner = uid ?? self;
  if (found.uid === owner) return;
  // Ours is what a crash left between making the folder and giving it away, and what a backup brought back.
  if (found.uid === self) {
    giveTree(workdir, owner);
    return;
  }
  throw new CoopError("sandbox_failed", `a hen's workdir belongs to uid ${found.uid}, not to the hen's uid ${owner}`, {
    next: "The data directory was used under another account; give the workdirs to the hens' uids, or start afresh.",
  });
}

/**
 * Gives the folder with everything in it to the hen, of which nothing runs yet; no link is followed, and the folder itself
 * goes last, so that what a crash cuts off is begun again.
 */
function giveTree(workdir: string, uid: number): void {
  if (readdirSync(workdir).length > 0) {
    const argv = [
      "find",
      "-P",
      workdir,
      "-xdev",
      "-mindepth",
      "1",
      "-exec",
      "chown",
      "-h",
      `${uid}:${uid}`,
      "--",
      "{}",
      "+",
    ];
    const { success, stderr } = Bun.spawnSync(argv, { env: { PATH: "/usr/bin:/bin", LC_ALL: "C" }, cwd: "/" });
    if (!success) {
      throw new CoopError("sandbox_failed", "a hen's workdir could not be given to it", {
        cause: stderr.toString().slice(0, 1000),
      });
    }
  }
  chownSync(workdir, uid, uid);
}

/** Places of which no part may be shown to a hen: what the sandbox makes itself, and what tells about the host. */
const CLOSED = ["/proc", "/sys", "/dev", "/run", "/tmp", "/var/run"];

/**
 * Checks the host paths that a manifest adds (`sandbox.read`): plain absolute paths, outside of the data directory, of
 * what the sandbox itself makes, and of the hen's own folder.
 *
 * @throws CoopError `path_refused`
 */
export function checkReadPaths(read: readonly string[], dataDir: string, henId: HenId): void {
  const home = `/home/${henName(henId)}`;
  const isAtOrBelow = (path: string, folder: string) => path === folder || path.startsWith(`${folder}/`);
  for (const path of read) {
    const parts = path.split("/").slice(1);
    const isPlain = path.startsWith("/") && !parts.some((part) => part === "" || part === "." || part === "..");
    // What a link leads to counts as much as what it is called; a folder above a closed one would show that as well.
    const isOpen = [path, realPathOf(path)].every(
      (place) =>
        place !== undefined &&
        ![...CLOSED, home, dataDir].some((closed) => isAtOrBelow(place, closed)) &&
        ![home, dataDir].some((closed) => isAtOrBelow(closed, place)) &&
        place !== "/",
    );
    if (isPlain && isOpen) continue;
    const isThere = realPathOf(path) !== undefined;
    const what = isThere
      ? `may not show ${JSON.stringify(path)} to a hen`
      : `names ${JSON.stringify(path)}, which is not there`;
    throw new CoopError("path_refused", `sandbox.read ${what}`, {
      next: "Name a folder or file that exists, by its plain absolute path, with neither Coop's data nor system state in it.",
      details: { path },
    });
  }
}

/** Undefined where there is nothing, or the path can't be one. */
function realPathOf(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
