import { randomBytes } from "node:crypto";
import { closeSync, constants, fchmodSync, openSync, renameSync, unlinkSync, writeSync } from "node:fs";
import {
  beneath,
  CAREFUL,
  giveTo,
  type HenFolder,
  type OpenParent,
  openParent,
  requirePlainFile,
  toRefusal,
} from "./open-beneath.ts";

/** What is written where; with `append` behind what is there, else instead of it. */
export interface FileWrite {
  readonly path: string;
  readonly content: Uint8Array;
  readonly append: boolean;
}

/** Mode of a new file; the hen's folder is 0700, so this is for its own tools. */
const NEW_FILE_MODE = 0o644;

/**
 * Writes a file in a hen's folder, making the folders on its way. A whole file is written beside its place and renamed
 * over it, so a reader sees the old or the new one and a full disk leaves the old one; its permission bits stay. Links,
 * FIFOs, devices, sockets and files with a second name are refused before anything is changed (walls.md, Files).
 * What is made belongs to the hen.
 *
 * @returns the path beneath the hen's folder
 * @throws CoopError `path_refused`, `disk_full`, `tool_failed`
 */
export function writeBeneath(folder: HenFolder, { path, content, append }: FileWrite): string {
  const parent = openParent(folder, path, true);
  try {
    if (append) appendTo(folder, parent, content);
    else replace(folder, parent, content);
    return parent.path;
  } catch (cause) {
    throw toRefusal(path, cause);
  } finally {
    closeSync(parent.fd);
  }
}

function appendTo(folder: HenFolder, parent: OpenParent, content: Uint8Array): void {
  const flags = CAREFUL | constants.O_WRONLY | constants.O_APPEND;
  const fd = openExisting(parent, flags) ?? openNew(folder, parent, flags);
  try {
    requirePlainFile(fd, parent.path);
    writeAll(fd, content);
  } finally {
    closeSync(fd);
  }
}

function replace(folder: HenFolder, parent: OpenParent, content: Uint8Array): void {
  const mode = modeOfExisting(parent);
  const beside: OpenParent = { ...parent, name: `.coop-${randomBytes(9).toString("base64url")}` };
  const fd = openNew(folder, beside, CAREFUL | constants.O_WRONLY);
  try {
    writeAll(fd, content);
    if (mode !== undefined) fchmodSync(fd, mode);
    // rename(2) puts the name on our file; whatever stands there by now is unlinked, never followed.
    renameSync(beneath(beside), beneath(parent));
  } catch (cause) {
    unlinkSync(beneath(beside));
    throw cause;
  } finally {
    closeSync(fd);
  }
}

/** The bits to keep; undefined where there is no file yet. @throws CoopError `path_refused` for what is no plain file */
function modeOfExisting(parent: OpenParent): number | undefined {
  const fd = openExisting(parent, CAREFUL | constants.O_WRONLY);
  if (fd === undefined) return undefined;
  try {
    return requirePlainFile(fd, parent.path).mode;
  } finally {
    closeSync(fd);
  }
}

function openExisting(parent: OpenParent, flags: number): number | undefined {
  try {
    return openSync(beneath(parent), flags);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw cause;
  }
}

function openNew(folder: HenFolder, parent: OpenParent, flags: number): number {
  const fd = openSync(beneath(parent), flags | constants.O_CREAT | constants.O_EXCL, NEW_FILE_MODE);
  giveTo(folder, fd);
  return fd;
}

function writeAll(fd: number, content: Uint8Array): void {
  for (let done = 0; done < content.length; ) done += writeSync(fd, content, done, content.length - done);
}
