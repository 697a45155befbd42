import { lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statfsSync, writeFileSync } from "node:fs";

/** statfs(2): the magic number of a memory file system. */
const TMPFS_MAGIC = 0x01021994;
const MEMORY_FOLDER = "/dev/shm";
const PREFIX = `${MEMORY_FOLDER}/coop-`;

/** A folder that only the daemon can enter, for what a launch hands over by descriptor. */
export interface ScratchFolder {
  readonly path: string;
  close(): void;
}

/**
 * Opens it in memory where the host has such a file system: making seven short files a launch on a disk whose journal is
 * busy costs more than the whole launch (17 ms against 5 here). What an earlier daemon left there is removed: it wrote
 * the folder's name down in the data directory.
 */
export function openScratchFolder(dataDir: string): ScratchFolder {
  const own = `${dataDir}/sandbox`;
  const note = `${own}/scratch`;
  mkdirSync(own, { recursive: true, mode: 0o700 });
  removeNoted(note);
  const path = isMemory() ? mkdtempSync(PREFIX) : mkdtempSync(`${own}/scratch-`);
  writeFileSync(note, path, { mode: 0o600 });
  const close = () => {
    rmSync(path, { recursive: true, force: true });
    rmSync(note, { force: true });
  };
  return { path, close };
}

function isMemory(): boolean {
  try {
    return statfsSync(MEMORY_FOLDER).type === TMPFS_MAGIC;
  } catch {
    return false; // there is none
  }
}

function removeNoted(note: string): void {
  try {
    const path = readFileSync(note, "utf8");
    const isOurs = path.startsWith(PREFIX) || path.startsWith(note);
    if (isOurs && !path.includes("..") && lstatSync(path).uid === process.getuid?.()) {
      rmSync(path, { recursive: true, force: true });
    }
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ENOENT") throw cause;
  }
}
