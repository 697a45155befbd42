import { randomBytes } from "node:crypto";
import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  writeSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";

const OWNER_ONLY = 0o600;
const OTHERS = 0o077;

/** Why a file is not read, as words that go behind its name; the system's own errors (ENOENT, EACCES) come as they are. */
export class FileFault extends Error {
  override readonly name = "FileFault";
}

/** What a file was when it was read, and what tells it from another. */
export interface ReadFile {
  readonly bytes: Uint8Array;
  readonly stat: Stats;
}

/**
 * Reads a small ordinary file that is this user's own (or root's), under its only name, and not through a link: a file that
 * somebody else can swap or write is no place for secrets. Opening never waits, so a FIFO in its place hangs nobody.
 *
 * @throws FileFault saying what it is instead; the system's error when it cannot be opened
 */
export function readPrivateFile(
  path: string,
  rules: { readonly bytesMax: number; readonly isClosedToOthers: boolean },
): ReadFile {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile()) throw new FileFault("is no ordinary file");
    if (stat.nlink !== 1) throw new FileFault("has more than one name");
    const own = process.geteuid?.();
    if (own !== undefined && stat.uid !== own && stat.uid !== 0) throw new FileFault("belongs to another user");
    if (rules.isClosedToOthers && (stat.mode & OTHERS) !== 0) {
      throw new FileFault("is open to others; its mode must be 0600 or less");
    }
    if (stat.size > rules.bytesMax) throw new FileFault(`is larger than ${rules.bytesMax} bytes`);
    return { bytes: readAll(fd, rules.bytesMax), stat };
  } finally {
    closeSync(fd);
  }
}

/** Up to the limit, whatever the size was a moment ago. */
function readAll(fd: number, bytesMax: number): Uint8Array {
  const buffer = new Uint8Array(Math.min(fstatSync(fd).size, bytesMax) + 1);
  let size = 0;
  while (size < buffer.length) {
    const count = readSync(fd, buffer, size, buffer.length - size, size);
    if (count === 0) break;
    size += count;
  }
  if (size === buffer.length) throw new FileFault("grew while it was read");
  return buffer.slice(0, size);
}

/** The one path of a file whose folder may be named through links; the file itself need not be there. @throws the system's error when the folder is not */
export function toRealPath(path: string): string {
  const whole = resolve(path);
  return join(realpathSync(dirname(whole)), basename(whole));
}

/** Makes the folders above a file, 0700 each, where they are missing. @throws the system's error */
export function makeFolderOf(path: string): void {
  mkdirSync(dirname(resolve(path)), { recursive: true, mode: 0o700 });
}

/**
 * Writes a file in one step: whoever reads it sees the old bytes or the new ones, whole, after a power cut too. It is 0600
 * from its first byte, below a name that nobody can guess. With `isNew` an existing file is left alone (EEXIST).
 * Whoever calls it holds the file's lock.
 *
 * @returns what the file is now
 * @throws the system's error; nothing is left behind then
 */
export function writePrivateFile(path: string, bytes: Uint8Array, { isNew }: { readonly isNew: boolean }): Stats {
  removeLeftOvers(path);
  const part = `${path}.${randomBytes(8).toString("hex")}.tmp`;
  const fd = openSync(
    part,
    constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | constants.O_NOFOLLOW,
    OWNER_ONLY,
  );
  try {
    fchmodSync(fd, OWNER_ONLY); // a umask can take rights away, as 0277 would
    for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
    fsyncSync(fd);
    if (isNew) linkSync(part, path);
    else renameSync(part, path);
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  } finally {
    closeSync(fd);
  }
  if (isNew) rmSync(part);
  syncFolder(dirname(path));
  return statOf(path);
}

/** What attempts left that died between the first byte and the name. */
function removeLeftOvers(path: string): void {
  const start = `${basename(path)}.`;
  for (const name of readdirSync(dirname(path))) {
    const rest = name.startsWith(start) ? name.slice(start.length) : "";
    if (/^[0-9a-f]{16}\.tmp$/.test(rest)) rmSync(join(dirname(path), name), { force: true });
  }
}

/** A new name is lost with the power until its folder is on disk. */
function syncFolder(path: string): void {
  const fd = openSync(path, constants.O_RDONLY);
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function statOf(path: string): Stats {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    return fstatSync(fd);
  } finally {
    closeSync(fd);
  }
}
