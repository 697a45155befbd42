import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmdirSync } from "node:fs";
import { CoopError } from "coopd-core";
import type { HostPrograms } from "../host/host-programs.ts";

const ROOT = "/run/coop";

/** Mounts that are kept although nothing runs there. Every mount makes every launch dearer: bwrap reads the whole list thirty times. */
const IDLE_MAX = 16;

/**
 * Ways for hens' uids to their workdirs past the data directory, which only root can pass (walls.md, Launch): each
 * workdir is bind-mounted at /run/coop/FARM/UID while something of the hen runs.
 */
export interface BindMounts {
  /** Where the uid's workdir is while it is held. */
  placeOf(uid: number): string;
  /** Mounts the workdir for the uid until the function that is returned is called. @throws CoopError `sandbox_failed` */
  hold(workdir: string, uid: number): Promise<() => void>;
  /** For good; nothing of the hen runs any more. */
  unmount(uid: number): Promise<void>;
  /** Unmounts everything and takes the farm's own folder away. */
  close(): void;
}

interface Held {
  users: number;
  readonly ready: Promise<void>;
}

/** Clears what an earlier daemon of this data directory left. @throws CoopError `sandbox_failed` */
export function openBindMounts(farmName: string, programs: HostPrograms): BindMounts {
  const farm = `${ROOT}/${farmName}`;
  makeRootFolder(ROOT);
  makeRootFolder(farm);
  clearMounts(farm, programs);
  const held = new Map<number, Held>(); // the longest unused first
  const leaving = new Map<number, Promise<void>>();
  const placeOf = (uid: number) => `${farm}/${uid}`;

  async function mountAt(workdir: string, place: string): Promise<void> {
    mkdirSync(place, { mode: 0o700, recursive: true });
    await run([programs.mount ?? "mount", "--bind", "-o", "nosuid,nodev", "--", workdir, place]);
  }

  async function hold(workdir: string, uid: number): Promise<() => void> {
    await leaving.get(uid);
    const entry = held.get(uid) ?? { users: 0, ready: mountAt(workdir, placeOf(uid)) };
    entry.users += 1;
    held.set(uid, entry);
    try {
      await entry.ready;
    } catch (thrown) {
      if (held.get(uid) === entry) held.delete(uid);
      throw thrown;
    }
    return () => {
      entry.users -= 1;
      if (entry.users > 0 || held.get(uid) !== entry) return;
      held.delete(uid);
      held.set(uid, entry); // now the last to be unmounted
      letGoOldest();
    };
  }

  function letGoOldest(): void {
    const idle = Array.from(held).filter(([, entry]) => entry.users === 0);
    for (const [uid] of idle.slice(0, Math.max(0, idle.length - IDLE_MAX))) {
      // Told at the next hold of this uid, which waits for it.
      unmount(uid).catch(() => undefined);
    }
  }

  function unmount(uid: number): Promise<void> {
    const known = held.delete(uid);
    const before = leaving.get(uid);
    if (!known) return before ?? Promise.resolve();
    const gone = run([programs.umount ?? "umount", "--lazy", "--", placeOf(uid)]).then(() => removeEmpty(placeOf(uid)));
    leaving.set(uid, gone);
    return gone.finally(() => leaving.delete(uid));
  }

  function close(): void {
    clearMounts(farm, programs);
    removeEmpty(farm);
  }

  return { placeOf, hold, unmount, close };
}

async function run(argv: readonly string[]): Promise<void> {
  const child = Bun.spawn([...argv], { env: {}, cwd: "/", stdio: ["ignore", "ignore", "pipe"] });
  const said = await new Response(child.stderr).text();
  if ((await child.exited) !== 0) throw failed(said);
}

function failed(said: string): CoopError {
  return new CoopError("sandbox_failed", "could not mount or unmount a hen's workdir", { cause: said });
}

/** Lazily: the names are gone at once, a mount itself when the last process that is still in it has died. */
function clearMounts(farm: string, { umount = "umount" }: HostPrograms): void {
  for (const place of mountPoints()) {
    if (!place.startsWith(`${farm}/`)) continue;
    const result = Bun.spawnSync([umount, "--lazy", "--", place], {
      env: {},
      cwd: "/",
      stdio: ["ignore", "ignore", "pipe"],
    });
    if (!result.success) throw failed(result.stderr.toString());
  }
  for (const name of readdirSync(farm)) removeEmpty(`${farm}/${name}`);
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
