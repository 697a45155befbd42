import { closeSync, constants, fchownSync, fstatSync, mkdirSync, openSync } from "node:fs";
import { CoopError } from "coopd-core";

/** A hen's folder as file tools see it. */
export interface HenFolder {
  /** Host path; its parents are the daemon's alone. */
  readonly workdir: string;
  /** Owner of what the daemon makes there; undefined leaves it the daemon's own. */
  readonly uid: number | undefined;
  /** The folder's path as the hen says it, `/home/NAME`; paths may begin with it. */
  readonly home: string;
}

/** The folder that holds a file, opened, and the file's name in it. */
export interface OpenParent {
  readonly fd: number;
  readonly name: string;
  /** The whole path beneath the hen's folder. */
  readonly path: string;
}

/** open(2): no link is followed, and a FIFO or a device can't make us wait. */
export const CAREFUL = constants.O_NOFOLLOW | constants.O_NONBLOCK;

const FOLDER = CAREFUL | constants.O_RDONLY | constants.O_DIRECTORY;

/** Linux's NAME_MAX and PATH_MAX (limits.h). */
const NAME_BYTES_MAX = 255;
const PATH_BYTES_MAX = 4096;

/**
 * Parses a path as a hen gives it into its parts beneath the hen's folder. Relative, or absolute below `home`; empty and
 * `.` parts mean nothing; `..` is refused even where it would stay inside (contract/tools-sandbox.md §2).
 *
 * @throws CoopError `path_refused`
 */
export function parsePath(path: string, home: string): string[] {
  const parts = parseAnyPath(path, home);
  if (parts.length === 0 || path.endsWith("/")) throw refuse(path, "it names a directory, not a file");
  return parts;
}

/** The same for a path that may name a folder; no parts are the hen's own. @throws CoopError `path_refused` */
export function parseAnyPath(path: string, home: string): string[] {
  if (path.includes("\0")) throw refuse(path, "it has a NUL in it");
  if (Buffer.byteLength(path) > PATH_BYTES_MAX) throw refuse(path, `it is longer than ${PATH_BYTES_MAX} bytes`);
  const isBelowHome = path === home || path.startsWith(`${home}/`);
  if (path.startsWith("/") && !isBelowHome) {
    throw refuse(path, "it is absolute and outside of the workdir", { next: `Give it relative to ${home}.` });
  }
  const parts = (isBelowHome ? path.slice(home.length) : path).split("/").filter((part) => part !== "" && part !== ".");
  if (parts.includes("..")) throw refuse(path, "`..` is not allowed", { next: `Give it relative to ${home}.` });
  if (parts.some((part) => Buffer.byteLength(part) > NAME_BYTES_MAX)) throw refuse(path, "a name in it is too long");
  return parts;
}

/**
 * Walks to the folder of a path, component by component from the hen's own folder, each opened beneath the one before
 * without following links (walls.md, Files). Wherever a hen moves things meanwhile, what is open is inside its folder.
 * With `make`, folders that are missing are made for the hen. The caller closes `fd`.
 *
 * @throws CoopError `path_refused` where a link, a file or nothing is in the way.
 */
export function openParent(folder: HenFolder, path: string, make: boolean): OpenParent {
  const parts = parsePath(path, folder.home);
  const name = parts.pop() ?? "";
  let fd = openWorkdir(folder.workdir);
  try {
    for (const part of parts) {
      const next = openFolder(folder, { fd, name: part, path }, make);
      closeSync(fd);
      fd = next;
    }
    return { fd, name, path: [...parts, name].join("/") };
  } catch (thrown) {
    closeSync(fd);
    throw thrown;
  }
}

/** The hen's own folder, opened; the caller closes it. @throws CoopError `sandbox_failed` */
export function openWorkdir(path: string): number {
  try {
    return openSync(path, FOLDER);
  } catch (cause) {
    throw new CoopError("sandbox_failed", "the hen's workdir can't be opened", { cause });
  }
}

function openFolder(folder: HenFolder, at: OpenParent, make: boolean): number {
  try {
    return openSync(beneath(at), FOLDER);
  } catch (cause) {
    if (!make || (cause as NodeJS.ErrnoException).code !== "ENOENT") throw toRefusal(at.path, cause);
  }
  try {
    mkdirSync(beneath(at), 0o755);
  } catch (cause) {
    // Somebody else may have made it in between; opening it says what it is.
    if ((cause as NodeJS.ErrnoException).code !== "EEXIST") throw toRefusal(at.path, cause);
  }
  try {
    const made = openSync(beneath(at), FOLDER);
    giveTo(folder, made);
    return made;
  } catch (cause) {
    throw toRefusal(at.path, cause);
  }
}

/** The way to a name in an open folder: the kernel walks the descriptor, not a text that could change. */
export function beneath(at: Pick<OpenParent, "fd" | "name">): string {
  return `/proc/self/fd/${at.fd}/${at.name}`;
}

/** Gives what the daemon has just made to the hen. */
export function giveTo(folder: HenFolder, fd: number): void {
  if (folder.uid !== undefined) fchownSync(fd, folder.uid, folder.uid);
}

/**
 * Lets pass only a regular file with one name: a second name could lie where the hen may not look.
 * @returns its size in bytes and permission bits @throws CoopError `path_refused`
 */
export function requirePlainFile(fd: number, path: string): { readonly size: number; readonly mode: number } {
  const found = fstatSync(fd);
  if (found.isDirectory()) throw refuse(path, "it is a directory");
  if (!found.isFile()) throw refuse(path, "it is not a regular file");
  if (found.nlink !== 1) throw refuse(path, `it has ${found.nlink} names (hard links)`);
  return { size: found.size, mode: found.mode & 0o777 };
}

/** The refusal of a path, with the path as the hen wrote it, at most 200 characters. */
export function refuse(
  path: string,
  why: string,
  parts: { readonly next?: string; readonly cause?: unknown } = {},
): CoopError {
  const shown = path.length > 200 ? `${path.slice(0, 200)}…` : path;
  return new CoopError("path_refused", `${JSON.stringify(shown)}: ${why}`, parts);
}

const REASONS: Readonly<Record<string, string>> = {
  ELOOP: "a symbolic link is in the way",
  ENOTDIR: "a file or a symbolic link is where a directory is expected",
  ENOENT: "no such file or directory",
  EACCES: "permission denied",
  EISDIR: "it is a directory",
  ENXIO: "it is not a regular file",
  ENODEV: "it is not a regular file",
  ENAMETOOLONG: "the path is too long",
};

/** What the kernel said, as a refusal, and as its cause; a disk that is full is none. */
export function toRefusal(path: string, cause: unknown): CoopError {
  if (cause instanceof CoopError) return cause;
  const code = (cause as NodeJS.ErrnoException).code ?? "";
  const reason = REASONS[code];
  if (reason !== undefined) return refuse(path, reason, { cause });
  if (code === "ENOSPC" || code === "EDQUOT") return new CoopError("disk_full", "the disk is full", { cause });
  return new CoopError("tool_failed", `file access failed (${code || "unknown"})`, { cause });
}
