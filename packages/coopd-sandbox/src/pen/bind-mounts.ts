import { chmodSync, chownSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmdirSync } from "node:fs";
import { CoopError } from "coopd-core";
import type { HostPrograms } from "../host/host-programs.ts";

const ROOT = "/run/coop";

/**
 * Ways for hens' uids to their workdirs past the data directory, which only root can pass (walls.md, Launch): each
 * workdir is bind-mounted at /run/coop/FARM/UID.
 */
export interface BindMounts {
  /** Mounts the workdir for the uid, and returns the path that the uid can pass. */
  mount(workdir: string, uid: number): string;
  unmount(uid: number): void;
  unmountAll(): void;
  /** `unmountAll`, and takes the farm's own folder away. */
  close(): void;
}

/** Clears what an earlier daemon of this data directory left. @throws CoopError `sandbox_failed` */
export function openBindMounts(farmName: string, programs: HostPrograms): BindMounts {
  const farm = `${ROOT}/${farmName}`;
  makeRootFolder(ROOT);
  makeRootFolder(farm);

  function run(program: string | undefined, args: readonly string[]): void {
    const result = Bun.spawnSync([program ?? "", ...args], { env: {}, cwd: "/", stdio: ["ignore", "ignore", "pipe"] });
    if (result.success) return;
    throw new CoopError("sandbox_failed", "could not mount or unmount a hen's workdir", {
      cause: result.stderr.toString(),
    });
  }

  function mount(workdir: string, uid: number): string {
    const place = `${farm}/${uid}`;
    unmount(uid);
    mkdirSync(place, { mode: 0o700 });
    chownSync(place, 0, 0);
    run(programs.mount, ["--bind", "-o", "nosuid,nodev", "--", workdir, place]);
    return place;
  }

  function unmount(uid: number): void {
    const place = `${farm}/${uid}`;
    // Lazily: the name is gone at once, the mount itself when the last process that is still in it has died.
    while (mountPoints().includes(place)) run(programs.umount, ["--lazy", "--", place]);
    removeEmpty(place);
  }

  function unmountAll(): void {
    for (const place of mountPoints()) {
      if (place.startsWith(`${farm}/`)) run(programs.umount, ["--lazy", "--", place]);
    }
    for (const name of readdirSync(farm)) removeEmpty(`${farm}/${name}`);
  }

  unmountAll();
  function close(): void {
    unmountAll();
    removeEmpty(farm);
  }

  return { mount, unmount, unmountAll, close };
}

/** Mount points of this mount namespace, a place once for each mount on it (proc_pid_mountinfo(5), field 5). */
function mountPoints(): string[] {
  const rows = readFileSync("/proc/self/mountinfo", "utf8").split("\n");
  return rows.map((row) => row.split(" ")[4] ?? "").filter((place) => place.startsWith(`${ROOT}/`));
}

function makeRootFolder(path: string): void {
  try {
    mkdirSync(path);
    chmodSync(path, 0o711); // whatever the daemon's umask takes away: hens must be able to pass through
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EEXIST") throw cause;
  }
  const found = lstatSync(path);
  if (!found.isDirectory() || found.uid !== 0 || (found.mode & 0o022) !== 0) {
    throw new CoopError("sandbox_failed", `${path} is not a directory that only root can write`);
  }
}

function removeEmpty(path: string): void {
  try {
    rmdirSync(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ENOENT") throw cause;
  }
}
