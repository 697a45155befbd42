import {
  chmodSync,
  closeSync,
  constants,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { CoopError, type Log } from "coopd-core";

const OWNER_ONLY_DIR = 0o700;
const OWNER_ONLY_FILE = 0o600;
const OTHERS = 0o077;

/**
 * Makes the data directory, or checks the one that is there: it must belong to this user, and what others may do in it is
 * taken away, with a warning. @throws CoopError `store_unavailable` when it belongs to somebody else or is no directory
 */
export function preparePrivateDirectory(path: string, log: Log): void {
  onDisk(`the data directory ${path} cannot be made`, () => {
    mkdirSync(path, { recursive: true, mode: OWNER_ONLY_DIR });
    const { uid, mode } = statSync(path);
    refuseForeignOwner(path, uid);
    if ((mode & OTHERS) === 0) return;
    chmodSync(path, OWNER_ONLY_DIR);
    log.warn("the data directory was open to other users; it is closed now", { path, mode: toOctal(mode) });
  });
}

/** Makes an empty file with mode 0600 from its first byte, or checks the one that is there. @throws as {@link checkPrivateFile} */
export function preparePrivateFile(path: string, log: Log): void {
  onDisk(`${path} cannot be made`, () => {
    if (checkPrivateFile(path, log)) return;
    createPrivateFile(path);
    syncDirectory(dirname(path));
  });
}

/**
 * False when there is no such file. One that exists must be an ordinary file of this user with one name; others' rights to
 * it are taken away, with a warning. It is never opened for this: closing any descriptor of a file drops this process's
 * SQLite locks on it (sqlite.org/howtocorrupt.html §2.2).
 *
 * @throws CoopError `store_unavailable` when something else is in its place
 */
export function checkPrivateFile(path: string, log: Log): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return false;
  if (!found.isFile() || found.nlink !== 1) {
    throw new CoopError("store_unavailable", `${path} is not an ordinary file`, {
      next: "Coop did not put it there; look at it, then move it away.",
    });
  }
  refuseForeignOwner(path, found.uid);
  if ((found.mode & OTHERS) !== 0) {
    chmodSync(path, OWNER_ONLY_FILE);
    log.warn("a file was open to other users; it is closed now", { path, mode: toOctal(found.mode) });
  }
  return true;
}

/** Makes an empty file with mode 0600 from its first byte. @throws the system's EEXIST and others */
export function createPrivateFile(path: string): void {
  closeSync(openSync(path, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, OWNER_ONLY_FILE));
}

/**
 * Replaces a small file in one step: readers see the old text or the new one, whole, and after a power cut too.
 * @throws CoopError `disk_full`, `store_unavailable`
 */
export function replacePrivateFile(path: string, text: string): void {
  onDisk(`${path} cannot be written`, () => {
    const part = `${path}.part`;
    rmSync(part, { force: true }); // of an attempt that was cut off
    createPrivateFile(part);
    const file = openSync(part, constants.O_WRONLY);
    try {
      writeSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(part, path);
    syncDirectory(dirname(path));
  });
}

/** Makes the names in a directory durable: a new file's name is lost with the power until this. */
export function syncDirectory(path: string): void {
  const directory = openSync(path, constants.O_RDONLY);
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}

/** The system's errors as ours. */
function onDisk(what: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (error instanceof CoopError) throw error;
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    const isFull = code === "ENOSPC" || code === "EDQUOT";
    throw new CoopError(isFull ? "disk_full" : "store_unavailable", `${what} (${code})`, {
      next: isFull ? "Free space on that disk." : "Check owner and mode, or give another path with --data-dir.",
      cause: error,
    });
  }
}

function refuseForeignOwner(path: string, uid: number): void {
  const own = process.geteuid?.();
  if (own === undefined || own === uid) return;
  throw new CoopError("store_unavailable", `${path} belongs to user ${uid}, and this is user ${own}`, {
    next: `Start as user ${uid}, or use another data directory.`,
    details: { owner_uid: uid, own_uid: own },
  });
}

function toOctal(mode: number): string {
  return (mode & 0o777).toString(8).padStart(4, "0");
}
