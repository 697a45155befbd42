import { closeSync, mkdirSync, openSync, readFileSync, rmSync, truncateSync, writeSync } from "node:fs";
import { join } from "node:path";

/** A real ext4 of its own in a file, small enough to fill. Disposing of it unmounts it. */
export interface SmallDisk extends Disposable {
  readonly path: string;
  /** Leaves no free byte. */
  fill(): void;
  /** Gives the space back that `fill` took. */
  free(): void;
  /** The kernel stops all writes, as after an error of the device; until `mount`. */
  freeze(): void;
  unmount(): void;
  mount(isReadOnly?: boolean): void;
}

const BYTES = 48 * 1024 * 1024;

/** Why this machine cannot make such a disk; undefined when it can. */
export function whyNoSmallDisk(folder: string): string | undefined {
  if (process.getuid?.() !== 0) return "only root may mount";
  try {
    openSmallDisk(folder)[Symbol.dispose]();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Makes and mounts the disk below `folder`; root only. @throws Error with what mkfs or mount said */
export function openSmallDisk(folder: string): SmallDisk {
  const [image, path] = [join(folder, "disk.img"), join(folder, "mounted")];
  mkdirSync(path, { recursive: true });
  closeSync(openSync(image, "w"));
  truncateSync(image, BYTES);
  run("mkfs.ext4", "-q", "-m", "0", image); // -m 0: what is reserved for root would be ours
  const mount = (isReadOnly = false) => run("mount", "-o", isReadOnly ? "loop,ro" : "loop", image, path);
  // Hens' workdirs on it are mounted elsewhere too, and a killed daemon leaves them so.
  const unmount = () => {
    for (const place of mountPointsOf(image)) run("umount", place);
    waitUntilLetGo(image);
  };
  mount();
  const ballast = join(path, "ballast");
  return {
    path,
    mount,
    unmount,
    fill: () => fillWith(ballast),
    free: () => rmSync(ballast),
    freeze: () => run("mount", "-o", "remount,abort", path),
    [Symbol.dispose]: () => {
      unmount();
      rmSync(image, { force: true });
    },
  };
}

/** A namespace of a sandbox that is just ending may hold the file system for a moment longer, ms. */
const LET_GO_MS_MAX = 15_000;

/** Mounted again too early, it would be the old file system: frozen or read-only still. */
function waitUntilLetGo(image: string): void {
  for (let waitedMs = 0; devicesOf(image).length > 0; waitedMs += 50) {
    if (waitedMs > LET_GO_MS_MAX) throw new Error(`${devicesOf(image)} still holds ${image}`);
    Bun.sleepSync(50);
  }
}

function devicesOf(image: string): readonly string[] {
  const devices = run("losetup", "--associated", image, "--noheadings", "--output", "NAME").split("\n");
  return devices.filter((device) => device !== "");
}

/** Everywhere that the loop device of the image is mounted. */
function mountPointsOf(image: string): readonly string[] {
  const devices = devicesOf(image);
  const mounts = readFileSync("/proc/self/mounts", "utf8").split("\n");
  return mounts.flatMap((line) => {
    const [device = "", place = ""] = line.split(" ");
    return devices.includes(device) ? [place] : [];
  });
}

function fillWith(path: string): void {
  const file = openSync(path, "w");
  try {
    for (let size = 1024 * 1024; size >= 1; ) {
      try {
        writeSync(file, new Uint8Array(size));
      } catch (error) {
        if ((error as { readonly code?: string }).code !== "ENOSPC") throw error;
        size = Math.floor(size / 4);
      }
    }
  } finally {
    closeSync(file);
  }
}

function run(...command: readonly string[]): string {
  const { exitCode, stdout, stderr } = Bun.spawnSync([...command], { env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin" } });
  if (exitCode !== 0) throw new Error(`${command.join(" ")}: ${stderr.toString().trim()}`);
  return stdout.toString().trim();
}
